/**
 * Bytes of unfinished long lines that all control sessions of a node may hold together. A thousand clients that each
 * begin a line of 8 MiB would else hold 8 GiB.
 */
export const LINE_BUDGET_BYTES = 64 * 1024 * 1024;

/** Bytes that several owners share. What is taken has to be given back. */
export class LineBudget {
  readonly #bytesMax: number;
  #taken = 0;

  constructor(bytesMax: number = LINE_BUDGET_BYTES) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes that are taken now. */
  get taken(): number {
    return this.#taken;
  }

  /** False: there are not so many left, and none was taken. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.#bytesMax) return false;
    this.#taken += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}
