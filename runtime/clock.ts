import { RuntimeError } from './errors.js';

/** A timer that was armed; `cancel` may be called at any time and more than once. */
export interface Timer {
  cancel(): void;
}

/**
 * Time, as a port. Nothing else in the project reads a clock.
 * `monotonicMs` never goes back and is what deadlines are made of; `wallMs` is what people and peers call the time.
 */
export interface Clock {
  /** Milliseconds since some fixed moment; fractions allowed. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01 UTC. May jump. */
  wallMs(): number;
  /** Runs `fire` once, `delayMs` from now; never synchronously. Throws `invalid-use` when `delayMs` is not a number. */
  setTimer(delayMs: number, fire: () => void): Timer;
}

/** The delay as a clock may use it: not below zero, and a number. (NaN would break the order of every queue of deadlines.) */
export function checkedDelay(delayMs: number): number {
  if (Number.isNaN(delayMs)) {
    throw new RuntimeError('invalid-use', 'a timer needs a delay in milliseconds');
  }
  return Math.max(0, delayMs);
}

/** When work runs that is not caused by a timer. */
export interface Scheduler {
  /** Before anything from outside is looked at again (a microtask). */
  soon(task: () => void): void;
  /** After everything from outside that is ready has had its turn. */
  later(task: () => void): void;
}

/** Node arms a longer timer at once instead of waiting; so longer waits are made of several. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer: (delayMs, fire) => new SystemTimer(delayMs, fire),
};

/** The event loop of this process. */
export const systemScheduler: Scheduler = {
  soon: (task) => queueMicrotask(task),
  later: (task) => {
    setImmediate(task);
  },
};

class SystemTimer implements Timer {
  #handle: NodeJS.Timeout;
  readonly #fire: () => void;

  constructor(delayMs: number, fire: () => void) {
    this.#fire = fire;
    this.#handle = this.#arm(checkedDelay(delayMs));
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  #arm(delayMs: number): NodeJS.Timeout {
    if (delayMs <= TIMER_MS_MAX) {
      return setTimeout(this.#fire, delayMs);
    }
    return setTimeout(() => {
      this.#handle = this.#arm(delayMs - TIMER_MS_MAX);
    }, TIMER_MS_MAX);
  }
}

/** Moments of virtual time that may pass before the real event loop is looked at: a test's own deadline must still fire. */
const MOMENTS_PER_LOOK = 1_024;

let moments = 0;

const SETTLED = Promise.resolve();

/**
 * Lets every promise that can settle now settle. For the simulation, which then looks what came of it.
 * Node runs a tick only when no microtask is left, however long the chains are; it must be asked for from within a
 * microtask, hence the promise that is settled already. Four times cheaper than a look at the whole event loop; written
 * without `await`, since this runs at every moment and each promise costs where promises are followed (`node:test`).
 */
export function settlePromises(): Promise<void> {
  moments += 1;
  const isLookDue = moments % MOMENTS_PER_LOOK === 0;
  return new Promise<void>((resolve) => {
    void SETTLED.then(() => {
      if (isLookDue) {
        setImmediate(resolve);
      } else {
        process.nextTick(resolve);
      }
    });
  });
}
