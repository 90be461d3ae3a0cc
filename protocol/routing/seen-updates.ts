// Remembers which updates have passed, so that each copy after the first is dropped (mesh-protocol 3.2, step 3).
// The reference forgets after an hour, by a sweep every half hour; two generations do the same without a sweep.

/** Milliseconds. An id is remembered for at least this long, and at most twice as long. */
export const SEEN_UPDATES_AGE_MS = 30 * 60_000;
/**
 * Ids in one generation. A mesh of 1,000 nodes makes 6,000 updates a minute; ten minutes of that outlast every copy
 * under way, and older updates are dropped by their sequence anyway.
 */
export const SEEN_UPDATES_MAX = 65_536;

/** Update ids of the last half hour to hour. Mutable, with one owner. */
export class SeenUpdates {
  #current = new Set<string>();
  #previous = new Set<string>();
  #since: number | undefined;

  /** Remembers an id at this time; false if it was known already. Time may be of any clock that does not go back. */
  add(updateId: string, nowMs: number): boolean {
    this.#since ??= nowMs;
    if (this.#current.size >= SEEN_UPDATES_MAX || nowMs - this.#since >= SEEN_UPDATES_AGE_MS) this.#turn(nowMs);
    if (this.has(updateId)) return false;
    this.#current.add(updateId);
    return true;
  }

  /** Has an update of this id passed, as far as is remembered? */
  has(updateId: string): boolean {
    return this.#current.has(updateId) || this.#previous.has(updateId);
  }

  get size(): number {
    return this.#current.size + this.#previous.size;
  }

  #turn(nowMs: number): void {
    const bothOld = this.#since !== undefined && nowMs - this.#since >= 2 * SEEN_UPDATES_AGE_MS;
    this.#previous = bothOld ? new Set() : this.#current;
    this.#current = new Set();
    this.#since = nowMs;
  }
}
