import type { Clock, Timer } from './clock.js';

/** How a cell comes to its end: whether it was asked to stop, until when it may take, and who waits for it. */
export class Ending {
  readonly #waiters: (() => void)[] = [];
  #isAsked = false;
  #limit: Timer | undefined;

  /** True once it was asked to stop: then it is neither restarted nor judged. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** True at the first time. */
  ask(): boolean {
    const isFirst = !this.#isAsked;
    this.#isAsked = true;
    return isFirst;
  }

  /** Calls `force` when the end has not come within `withinMs`. */
  limit(clock: Clock, withinMs: number, force: () => void): void {
    this.#limit = clock.setTimer(withinMs, force);
  }

  cancelLimit(): void {
    this.#limit?.cancel();
  }

  whenEnded(done: () => void): void {
    this.#waiters.push(done);
  }

  /** It has ended: all who wait are told, whatever one of them throws. */
  ended(onFault: (thrown: unknown) => void): void {
    for (const done of this.#waiters.splice(0)) {
      try {
        done();
      } catch (thrown) {
        onFault(thrown);
      }
    }
  }
}
