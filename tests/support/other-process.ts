import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Another process that tells the same stories: it prints `key hash`, a story a line, for each key on its command line.
 * It runs beside this one; `end` when nobody asks it any more.
 */
export class OtherProcess {
  readonly #hashes = new Map<string, string>();
  readonly #waiting = new Map<string, () => void>();
  readonly #end: () => void;
  #isOver = false;

  constructor(script: URL, keys: readonly string[]) {
    const child = spawn(process.execPath, [script.pathname, ...keys], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#end = () => child.kill();
    createInterface(child.stdout).on('line', (line) => {
      const [key = '', hash = ''] = line.split(' ');
      this.#hashes.set(key, hash);
      this.#waiting.get(key)?.();
    });
    child.on('close', () => {
      this.#isOver = true;
      for (const wake of this.#waiting.values()) {
        wake();
      }
    });
  }

  /** The hash of a story as the other process told it. */
  async hashOf(key: string): Promise<string> {
    if (!this.#hashes.has(key) && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#waiting.set(key, resolve);
      });
    }
    return this.#hashes.get(key) ?? 'the other process ended before it told this story';
  }

  end(): void {
    this.#end();
  }
}
