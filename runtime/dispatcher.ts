import type { Scheduler } from './clock.js';
import { Ring } from './ring.js';

/** Something that has messages waiting. */
export interface Runnable {
  /** Handles one message; false when none is left. */
  runOne(): boolean;
}

/** Messages that one actor may handle before the next actor has its turn: fairness between actors. */
const MESSAGES_PER_VISIT = 32;

/** Messages handled before sockets and timers are looked at again: a few milliseconds. */
const MESSAGES_PER_TURN = 2_048;

/** The only scheduler of actors: who runs next and for how long. */
export class Dispatcher {
  readonly #scheduler: Scheduler;
  readonly #onFault: (thrown: unknown) => void;
  readonly #ready = new Ring<Runnable>(64);
  readonly #waiting = new Set<Runnable>();
  #isScheduled = false;

  /** `onFault` hears of a runnable that threw, which none should; the others still run. */
  constructor(scheduler: Scheduler, onFault: (thrown: unknown) => void) {
    this.#scheduler = scheduler;
    this.#onFault = onFault;
  }

  /** Actors that have messages and wait for their turn. */
  get depth(): number {
    return this.#ready.size;
  }

  /** Tells that `runnable` has a message. */
  wake(runnable: Runnable): void {
    if (this.#waiting.has(runnable)) {
      return;
    }
    this.#waiting.add(runnable);
    this.#ready.push(runnable);
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#scheduler.soon(() => this.#drain());
    }
  }

  /** `#isScheduled` stays true meanwhile: who is woken by a message of this turn is found in the ring. */
  #drain(): void {
    let budget = MESSAGES_PER_TURN;
    while (budget > 0) {
      const runnable = this.#ready.shift();
      if (runnable === undefined) {
        break;
      }
      budget -= this.#visit(runnable);
    }
    this.#isScheduled = this.#ready.size > 0;
    if (this.#isScheduled) {
      this.#scheduler.later(() => this.#drain());
    }
  }

  #visit(runnable: Runnable): number {
    for (let handled = 1; handled <= MESSAGES_PER_VISIT; handled += 1) {
      if (!this.#runOne(runnable)) {
        this.#waiting.delete(runnable);
        return handled;
      }
    }
    this.#ready.push(runnable);
    return MESSAGES_PER_VISIT;
  }

  #runOne(runnable: Runnable): boolean {
    try {
      return runnable.runOne();
    } catch (thrown) {
      this.#onFault(thrown);
      return false;
    }
  }
}
