import { type Clock, checkedDelay, type Timer } from './clock.js';
import type { Random } from './random.js';

interface ArmedTimer {
  readonly generation: number;
  readonly timer: Timer;
  readonly dueMs: number;
}

/**
 * The timers of one cell, by name. A timer that fires becomes the message `timer.<name>`;
 * one that was disarmed or armed anew between firing and being read is dropped by its generation.
 */
export class CellTimers {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #fire: (name: string, generation: number) => void;
  readonly #armed = new Map<string, ArmedTimer>();
  #generation = 0;

  constructor(clock: Clock, random: Random, fire: (name: string, generation: number) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#fire = fire;
  }

  /** Timers that are armed, with their deadlines in monotonic milliseconds: for inspection. */
  deadlines(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#armed, ([name, armed]) => [name, armed.dueMs]));
  }

  /** `jitter` (0 to 1) is the part of the delay that is drawn by chance. Replaces an armed timer of that name. */
  arm(name: string, delayMs: number, jitter = 0): void {
    this.disarm(name);
    this.#generation += 1;
    const generation = this.#generation;
    const fullMs = checkedDelay(delayMs);
    const drawnMs = jitter === 0 ? fullMs : fullMs * (1 - jitter) + fullMs * jitter * this.#random.unit();
    const timer = this.#clock.setTimer(drawnMs, () => this.#fire(name, generation));
    this.#armed.set(name, { generation, timer, dueMs: this.#clock.monotonicMs() + drawnMs });
  }

  disarm(name: string): void {
    this.#armed.get(name)?.timer.cancel();
    this.#armed.delete(name);
  }

  /** True when this firing still counts; it is then spent. */
  spend(name: string, generation: number): boolean {
    if (this.#armed.get(name)?.generation !== generation) {
      return false;
    }
    this.#armed.delete(name);
    return true;
  }

  disarmAll(): void {
    for (const armed of this.#armed.values()) {
      armed.timer.cancel();
    }
    this.#armed.clear();
  }
}

/** The prefix of every timer's message type. */
export const TIMER_PREFIX = 'timer.';
