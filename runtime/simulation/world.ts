import { settlePromises } from '../clock.js';
import { type Random, seededRandom } from '../random.js';
import { Ring } from '../ring.js';
import type { NetworkFaults } from './faults.js';
import { SimulatedHost } from './host.js';
import { SimulatedNetwork } from './network.js';
import { Trace } from './trace.js';
import { VirtualClock } from './virtual-clock.js';

export interface WorldOptions {
  readonly seed: string | number;
  readonly faults?: NetworkFaults;
  /** Callbacks and timers in one moment of virtual time before it is called a loop that never ends. */
  readonly tasksPerMoment?: number;
  /** Entries of the trace that are kept in full. */
  readonly traceEntries?: number;
}

/** A claim about the whole world; throws when it does not hold. */
export type Checker = (world: World) => void;

/** Far more than a thousand hosts that all start at once. */
const TASKS_PER_MOMENT = 2_000_000;

/**
 * Many hosts, one clock, one seed. The next deadline is taken, time moves there, what it causes is run until nothing
 * is left, promises settle, the checkers look, and on it goes. One generator for each concern, split from the seed, so
 * that one more fault does not shift the workload.
 */
export class World {
  readonly seed: string;
  readonly clock = new VirtualClock();
  readonly network: SimulatedNetwork;
  readonly trace: Trace;
  /** Looked at after every moment. */
  readonly checkers: Checker[] = [];
  readonly #random: Random;
  readonly #tasksPerMoment: number;
  readonly #hosts = new Map<string, SimulatedHost>();
  readonly #soon = new Ring<() => void>(256);
  readonly #later = new Ring<() => void>(16);
  #momentMs = 0;
  #momentTasks = 0;
  #isMoving = false;

  constructor(options: WorldOptions) {
    this.seed = `${options.seed}`;
    this.#random = seededRandom(this.seed);
    this.trace = new Trace(options.traceEntries);
    this.#tasksPerMoment = options.tasksPerMoment ?? TASKS_PER_MOMENT;
    this.network = new SimulatedNetwork(this.clock, this.#random.split('network'));
    if (options.faults !== undefined) {
      this.network.setFaults(options.faults);
    }
    this.network.readers.add((from, to, bytes, fate) => this.trace.traffic(this.nowMs, { from, to, fate }, bytes));
  }

  /** The generator of one concern of the scenario: `faults`, `workload`. Each call begins that concern's numbers anew. */
  random(concern: string): Random {
    return this.#random.split(concern);
  }

  get nowMs(): number {
    return this.clock.monotonicMs();
  }

  /** The host of that name; made at first mention. */
  host(name: string): SimulatedHost {
    const known = this.#hosts.get(name);
    if (known !== undefined) {
      return known;
    }
    const host = new SimulatedHost(this, name, this.#random.split(`host ${name}`));
    this.#hosts.set(name, host);
    return host;
  }

  hosts(): readonly SimulatedHost[] {
    return Array.from(this.#hosts.values());
  }

  /** Looks at a claim at most once in `everyMs` of virtual time: for what is dear to check. */
  checkEvery(everyMs: number, check: Checker): void {
    let dueMs = this.nowMs;
    this.checkers.push((world) => {
      if (world.nowMs >= dueMs) {
        dueMs = world.nowMs + everyMs;
        check(world);
      }
    });
  }

  /** Runs `task` before the next deadline. */
  soon(task: () => void): void {
    this.#soon.push(task);
  }

  /** Runs `task` in this moment, after all that is due soon. */
  later(task: () => void): void {
    this.#later.push(task);
  }

  /** Lets virtual time pass, stopping at every deadline on the way. */
  async advance(ms: number): Promise<void> {
    await this.#move(this.nowMs + ms, () => false);
  }

  /** Lets time pass until `holds` (looked at after every moment). False when it did not within `withinMs`. */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    return (await this.#move(this.nowMs + withinMs, holds)) || holds();
  }

  /** Waits for a promise by letting time pass; throws when `withinMs` were not enough. */
  async wait<T>(promise: Promise<T>, withinMs: number): Promise<T> {
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
    promise.then(
      (value) => {
        outcome = { value };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    await this.until(() => outcome !== undefined, withinMs);
    if (outcome === undefined) {
      throw new Error(`nothing came of it within ${withinMs} ms of virtual time (seed ${this.seed})`);
    }
    if ('error' in outcome) {
      throw outcome.error;
    }
    return outcome.value;
  }

  /** Runs everything that this moment causes. */
  async settle(): Promise<void> {
    await this.#move(this.nowMs, () => true);
  }

  /** True when `holds` became true; else the time is `limitMs`. Only one walk through time at once makes sense. */
  async #move(limitMs: number, holds: () => boolean): Promise<boolean> {
    if (this.#isMoving) {
      throw new Error(`time is being moved already: an await is missing (seed ${this.seed})`);
    }
    this.#isMoving = true;
    try {
      await this.#settle();
      while (!holds()) {
        if (!this.clock.fireNext(limitMs)) {
          this.clock.moveTo(limitMs);
          await this.#settle();
          return false;
        }
        await this.#settle();
      }
      return true;
    } catch (thrown) {
      throw this.#located(thrown);
    } finally {
      this.#isMoving = false;
    }
  }

  async #settle(): Promise<void> {
    this.#countTask();
    do {
      this.#drain();
      await settlePromises();
    } while (this.#soon.size > 0 || this.#later.size > 0);
    for (const check of this.checkers) {
      check(this);
    }
  }

  #drain(): void {
    for (;;) {
      const task = this.#soon.shift() ?? this.#later.shift();
      if (task === undefined) {
        return;
      }
      this.#countTask();
      task();
    }
  }

  /** Time must move on: neither callbacks nor timers without delay may go on for ever. */
  #countTask(): void {
    if (this.nowMs !== this.#momentMs) {
      this.#momentMs = this.nowMs;
      this.#momentTasks = 0;
    }
    this.#momentTasks += 1;
    if (this.#momentTasks > this.#tasksPerMoment) {
      throw new Error('time stands still: callbacks without end');
    }
  }

  #located(thrown: unknown): Error {
    const text = thrown instanceof Error ? thrown.message : `${thrown}`;
    return new Error(`at ${this.nowMs} ms, seed ${this.seed}: ${text}`, { cause: thrown });
  }
}
