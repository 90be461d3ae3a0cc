// A binary heap of node numbers that knows where each one stands, so that a node whose path got better moves up
// instead of being put in again. Who goes first is the caller's order.

/** A priority queue over the numbers 0 to `capacity` - 1. Lives for one computation. */
export class NodeHeap {
  readonly #before: (a: number, b: number) => boolean;
  readonly #items: Int32Array;
  readonly #place: Int32Array;
  #size = 0;

  /** `before` says whether node `a` goes before node `b`; it must be a strict order. */
  constructor(capacity: number, before: (a: number, b: number) => boolean) {
    this.#before = before;
    this.#items = new Int32Array(capacity);
    this.#place = new Int32Array(capacity).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** Puts a node in, or moves it up after it got better. */
  raise(node: number): void {
    let place = this.#place[node] ?? -1;
    if (place < 0) place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#items[parent] ?? 0;
      if (!this.#before(node, above)) break;
      this.#put(above, place);
      place = parent;
    }
    this.#put(node, place);
  }

  /** Takes out the first node; -1 from an empty heap. */
  take(): number {
    if (this.#size === 0) return -1;
    const first = this.#items[0] ?? 0;
    const last = this.#items[--this.#size] ?? 0;
    this.#place[first] = -1;
    if (this.#size > 0) this.#sink(last);
    return first;
  }

  #sink(node: number): void {
    let place = 0;
    for (let child = 1; child < this.#size; child = 2 * place + 1) {
      const right = child + 1;
      if (right < this.#size && this.#before(this.#items[right] ?? 0, this.#items[child] ?? 0)) child = right;
      const below = this.#items[child] ?? 0;
      if (!this.#before(below, node)) break;
      this.#put(below, place);
      place = child;
    }
    this.#put(node, place);
  }

  #put(node: number, place: number): void {
    this.#items[place] = node;
    this.#place[node] = place;
  }
}
