import { type Scheduler, settlePromises } from '../../runtime/clock.js';
import type { InspectionRecord, RecordKind } from '../../runtime/inspection.js';
import { seededRandom } from '../../runtime/random.js';
import { VirtualClock } from '../../runtime/simulation/virtual-clock.js';
import { System } from '../../runtime/system.js';

/** A scheduler that runs nothing until it is told to. */
export class ManualScheduler implements Scheduler {
  readonly #soon: (() => void)[] = [];
  readonly #later: (() => void)[] = [];

  get waiting(): number {
    return this.#soon.length + this.#later.length;
  }

  /** Tasks that wait until the outside had its look. */
  get waitingLater(): number {
    return this.#later.length;
  }

  soon(task: () => void): void {
    this.#soon.push(task);
  }

  later(task: () => void): void {
    this.#later.push(task);
  }

  /** Runs what is due soon, and what that makes due soon. */
  runSoon(): void {
    for (let task = this.#soon.shift(); task !== undefined; task = this.#soon.shift()) {
      task();
    }
  }

  /** Runs everything until nothing is left. */
  run(): void {
    do {
      this.runSoon();
      this.#later.shift()?.();
    } while (this.waiting > 0);
  }
}

/** One host whose time and turns the test moves by hand; everything but promises is synchronous. */
export class ManualHost {
  readonly clock = new VirtualClock();
  readonly scheduler = new ManualScheduler();
  readonly random = seededRandom('manual host');

  /** Runs everything that is due now. */
  run(): void {
    this.scheduler.run();
  }

  /** Lets time pass, stopping at every deadline. */
  advance(ms: number): void {
    const limitMs = this.clock.monotonicMs() + ms;
    this.run();
    while (this.clock.fireNext(limitMs)) {
      this.run();
    }
    this.clock.moveTo(limitMs);
  }

  /** Runs everything that is due now, promises included. */
  async settle(): Promise<void> {
    do {
      this.run();
      await settlePromises();
    } while (this.scheduler.waiting > 0);
  }

  system(name = 'node'): System {
    return new System({ name, clock: this.clock, random: this.random, scheduler: this.scheduler });
  }
}

/** Keeps every record of a system, steps and effects included. */
export class RecordLog {
  readonly records: InspectionRecord[] = [];

  constructor(system: System, depth: 'news' | 'everything' = 'everything') {
    system.hub.read(depth, (record) => this.records.push(record));
  }

  of(kind: RecordKind): readonly InspectionRecord[] {
    return this.records.filter((record) => record.kind === kind);
  }

  /** `address subject` of every record of a kind. */
  lines(kind: RecordKind): readonly string[] {
    return this.of(kind).map((record) => `${record.address} ${record.subject}`);
  }
}
