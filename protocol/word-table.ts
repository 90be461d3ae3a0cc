/** Slots per entry: at most half full, so that a search ends after one or two steps. */
const SPARSENESS = 2;

const FIRST_SLOTS = 16;

const EMPTY = 0;
const TAKEN = 1;

/**
 * A map from a 64-bit word, given as two unsigned 32-bit halves, to a value. For the packet's way: a look-up makes no
 * object and no string. Open addressing with linear probing; a removal shifts its followers back, so nothing decays.
 */
export class WordTable<T> {
  #mask = FIRST_SLOTS - 1;
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  #used = new Uint8Array(FIRST_SLOTS);
  #values: (T | undefined)[] = new Array<T | undefined>(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(high: number, low: number): T | undefined {
    return this.#values[this.#find(high, low)];
  }

  set(high: number, low: number, value: T): void {
    let at = this.#find(high, low);
    if (this.#used[at] === EMPTY) {
      if ((this.#size + 1) * SPARSENESS > this.#mask) {
        this.#grow();
        at = this.#find(high, low);
      }
      this.#size += 1;
      this.#used[at] = TAKEN;
      this.#high[at] = high;
      this.#low[at] = low;
    }
    this.#values[at] = value;
  }

  delete(high: number, low: number): boolean {
    let hole = this.#find(high, low);
    if (this.#used[hole] === EMPTY) {
      return false;
    }
    this.#size -= 1;
    for (let at = (hole + 1) & this.#mask; this.#used[at] === TAKEN; at = (at + 1) & this.#mask) {
      const home = slotOf(this.#high[at] ?? 0, this.#low[at] ?? 0) & this.#mask;
      // The entry may move back only if its home is not between the hole and itself.
      if (((at - home) & this.#mask) >= ((at - hole) & this.#mask)) {
        this.#move(at, hole);
        hole = at;
      }
    }
    this.#used[hole] = EMPTY;
    this.#values[hole] = undefined;
    return true;
  }

  *values(): IterableIterator<T> {
    for (let at = 0; at <= this.#mask; at += 1) {
      if (this.#used[at] === TAKEN) {
        yield this.#values[at] as T; // taken slots hold a T
      }
    }
  }

  #find(high: number, low: number): number {
    let at = slotOf(high, low) & this.#mask;
    while (this.#used[at] === TAKEN && (this.#high[at] !== high || this.#low[at] !== low)) {
      at = (at + 1) & this.#mask;
    }
    return at;
  }

  #move(from: number, to: number): void {
    this.#high[to] = this.#high[from] ?? 0;
    this.#low[to] = this.#low[from] ?? 0;
    this.#values[to] = this.#values[from];
  }

  #grow(): void {
    const [high, low, used, values] = [this.#high, this.#low, this.#used, this.#values];
    const slots = (this.#mask + 1) * 2;
    this.#mask = slots - 1;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#used = new Uint8Array(slots);
    this.#values = new Array<T | undefined>(slots);
    for (let at = 0; at < used.length; at += 1) {
      if (used[at] === TAKEN) {
        const to = this.#find(high[at] ?? 0, low[at] ?? 0);
        this.#used[to] = TAKEN;
        this.#high[to] = high[at] ?? 0;
        this.#low[to] = low[at] ?? 0;
        this.#values[to] = values[at];
      }
    }
  }
}

/** Name hashes are even already; service names are not. */
function slotOf(high: number, low: number): number {
  const mixed = Math.imul(high ^ (low >>> 15), 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
