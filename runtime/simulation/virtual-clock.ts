import { type Clock, checkedDelay, type Timer } from '../clock.js';

/** Monday, 2026-06-01 00:00 UTC: certificates of fixtures are valid then, and epochs look like real ones. */
const WALL_START_MS = 1_780_272_000_000;

/** The heap is cleaned when more than half of it is cancelled, but not for less than this. */
const CANCELLED_MIN = 1_024;

/** One armed timer: an entry of the heap, and the handle that cancels it. */
class Deadline implements Timer {
  readonly atMs: number;
  readonly order: number;
  readonly #onCancel: () => void;
  #fire: (() => void) | undefined;

  constructor(atMs: number, order: number, fire: () => void, onCancel: () => void) {
    this.atMs = atMs;
    this.order = order;
    this.#fire = fire;
    this.#onCancel = onCancel;
  }

  get isArmed(): boolean {
    return this.#fire !== undefined;
  }

  cancel(): void {
    if (this.#fire !== undefined) {
      this.#fire = undefined;
      this.#onCancel();
    }
  }

  fire(): void {
    const fire = this.#fire;
    this.#fire = undefined;
    fire?.();
  }
}

/**
 * Time that stands still until it is moved, and that stops at every deadline on the way: a timer that is armed while
 * another fires runs at its own moment (XState's simulated clock lets it wait for the next move).
 * Deadlines of the same moment fire in the order of arming.
 */
export class VirtualClock implements Clock {
  #heap: Deadline[] = [];
  #nowMs = 0;
  #order = 0;
  #cancelled = 0;
  readonly #onCancel = (): void => this.#noteCancelled();

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return WALL_START_MS + this.#nowMs;
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    this.#order += 1;
    const deadline = new Deadline(this.#nowMs + checkedDelay(delayMs), this.#order, fire, this.#onCancel);
    this.#heap.push(deadline);
    this.#rise(this.#heap.length - 1);
    return deadline;
  }

  /** Timers that are armed. */
  get armed(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Entries of the heap, those included that were cancelled and not yet cleaned away: for the tests of its memory. */
  get size(): number {
    return this.#heap.length;
  }

  /** The next deadline, or `undefined` when nothing is armed. */
  nextMs(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.atMs;
  }

  /** Moves to the next deadline, if it is not after `limitMs`, and fires it. False when there was none. */
  fireNext(limitMs: number): boolean {
    this.#dropCancelled();
    const first = this.#heap[0];
    if (first === undefined || first.atMs > limitMs) {
      return false;
    }
    this.#pop();
    this.moveTo(first.atMs);
    first.fire();
    return true;
  }

  /** Lets the time pass to `atMs`; call when nothing is due before. */
  moveTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  #noteCancelled(): void {
    this.#cancelled += 1;
    // Otherwise an idle timer that is armed anew at each packet would fill the heap until its last deadline passes.
    if (this.#cancelled >= CANCELLED_MIN && 2 * this.#cancelled > this.#heap.length) {
      this.#heap = this.#heap.filter((deadline) => deadline.isArmed);
      this.#cancelled = 0;
      for (let at = (this.#heap.length >> 1) - 1; at >= 0; at -= 1) {
        this.#sink(at);
      }
    }
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.isArmed === false) {
      this.#pop();
      this.#cancelled -= 1;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
  }

  #rise(start: number): void {
    const heap = this.#heap;
    let at = start;
    const deadline = heap[at];
    while (deadline !== undefined && at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(deadline, parent)) {
        break;
      }
      heap[at] = parent;
      heap[above] = deadline;
      at = above;
    }
  }

  #sink(start: number): void {
    const heap = this.#heap;
    let at = start;
    const deadline = heap[at];
    while (deadline !== undefined) {
      const left = 2 * at + 1;
      const below = isBeforeAt(heap, left + 1, left) ? left + 1 : left;
      const least = heap[below];
      if (least === undefined || !isBefore(least, deadline)) {
        break;
      }
      heap[at] = least;
      heap[below] = deadline;
      at = below;
    }
  }
}

function isBefore(a: Deadline, b: Deadline): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function isBeforeAt(heap: readonly Deadline[], a: number, b: number): boolean {
  const [first, second] = [heap[a], heap[b]];
  return first !== undefined && second !== undefined && isBefore(first, second);
}
