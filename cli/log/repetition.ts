/** The reference dials every five seconds and says so each time; we dial sooner and need not say it more often. */
const QUIET_MS = 5_000;

/** Texts that are remembered; a neighbour that varies them must not fill the memory. */
const TEXTS_MAX = 1_000;

/** Remembers what was said a moment ago. */
export class Repetition {
  readonly #saidMs = new Map<string, number>();

  /** Was the same said within the last seconds? If not, it counts as said now. */
  isRepeated(text: string, nowMs: number): boolean {
    const before = this.#saidMs.get(text);
    if (before !== undefined && nowMs - before < QUIET_MS) {
      return true;
    }
    this.#saidMs.delete(text);
    this.#saidMs.set(text, nowMs);
    const [oldest] = this.#saidMs.keys();
    if (this.#saidMs.size > TEXTS_MAX && oldest !== undefined) {
      this.#saidMs.delete(oldest);
    }
    return false;
  }
}
