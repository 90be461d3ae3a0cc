import type { OutputReader } from '../../../../actors/control/work-desk.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';

/** A reader that remembers everything; `hold` makes it slow, until the test calls `take`. */
export class RecordingReader implements OutputReader {
  /** What it was told, in order: `at 3 5 bytes`, `status 1 Running: PID 7`, `end 2 exit status 0 size 8`, `failed …`. */
  readonly told: string[] = [];
  readonly chunks: Uint8Array[] = [];
  /** Why `bytes` rejects, from now on. */
  fault: Error | undefined;
  #pace: 'fast' | 'slow' = 'fast';
  #taken: (() => void) | undefined;

  hold(): void {
    this.#pace = 'slow';
  }

  /** Takes the chunk that was handed over. */
  take(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  async bytes(offset: number, chunk: Uint8Array): Promise<void> {
    this.told.push(`at ${offset} ${chunk.length} bytes`);
    this.chunks.push(chunk);
    if (this.fault !== undefined) {
      throw this.fault;
    }
    if (this.#pace === 'slow') {
      await new Promise<void>((resolve) => {
        this.#taken = resolve;
      });
    }
  }

  status({ state, detail }: UnitStatus): void {
    this.told.push(`status ${state} ${detail}`);
  }

  end({ state, detail }: UnitStatus, size: number): void {
    this.told.push(`end ${state} ${detail} size ${size}`);
  }

  failed(text: string): void {
    this.told.push(`failed ${text}`);
  }

  get output(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.output.toString('utf8');
  }

  /** The last thing it was told. */
  get last(): string {
    return this.told.at(-1) ?? '';
  }
}
