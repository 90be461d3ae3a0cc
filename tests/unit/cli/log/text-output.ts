import type { TextOutput } from '../../../../cli/log/log-writer.js';

/** Standard output as a test wants it: read, not read, or gone. */
export class FakeOutput implements TextOutput {
  writableLength = 0;
  text = '';
  #heard: (error: Error) => void = () => undefined;

  /** The lines without their time. */
  get lines(): readonly string[] {
    const lines = this.text.split('\n').slice(0, -1);
    return lines.map((line) => line.replace(/^(\w+) \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, '$1 '));
  }

  write(text: string): void {
    this.text += text;
  }

  on(_: 'error', heard: (error: Error) => void): void {
    this.#heard = heard;
  }

  /** Whoever read it is gone. */
  break(): void {
    this.#heard(new Error('write EPIPE'));
  }
}
