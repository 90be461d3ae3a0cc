/** An empty ring with more places than this gives them back: one burst must not be paid for ever. */
const KEPT_CAPACITY_MAX = 4_096;

/** A queue over a circular array: push and shift in constant time, no array is copied while it fits. */
export class Ring<T> {
  #items: (T | undefined)[];
  #head = 0;
  #size = 0;
  readonly #initial: number;

  constructor(initialCapacity = 16) {
    this.#initial = powerOfTwo(initialCapacity);
    this.#items = new Array<T | undefined>(this.#initial);
  }

  get size(): number {
    return this.#size;
  }

  /** Places that are reserved now; for the tests of its memory. */
  get capacity(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#size === this.#items.length) {
      this.#grow();
    }
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item;
    this.#size += 1;
  }

  shift(): T | undefined {
    if (this.#size === 0) {
      return undefined;
    }
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size -= 1;
    if (this.#size === 0 && this.#items.length > KEPT_CAPACITY_MAX) {
      this.clear();
    }
    return item;
  }

  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#items[this.#head];
  }

  /** Puts another item in the place of the first one. The ring must not be empty. */
  replaceFirst(item: T): void {
    this.#items[this.#head] = item;
  }

  clear(): void {
    this.#items = new Array<T | undefined>(this.#initial);
    this.#head = 0;
    this.#size = 0;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let at = 0; at < this.#size; at += 1) {
      // Inside the filled part every place holds a T; T itself may include undefined.
      yield this.#items[(this.#head + at) & (this.#items.length - 1)] as T;
    }
  }

  #grow(): void {
    const items = new Array<T | undefined>(this.#items.length * 2);
    for (let at = 0; at < this.#size; at += 1) {
      items[at] = this.#items[(this.#head + at) & (this.#items.length - 1)];
    }
    this.#items = items;
    this.#head = 0;
  }
}

function powerOfTwo(least: number): number {
  let size = 4;
  while (size < least) {
    size *= 2;
  }
  return size;
}
