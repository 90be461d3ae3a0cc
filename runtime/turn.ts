import type { Scheduler } from './clock.js';

/** Something that gathers work during a turn and does it once at the end. */
export interface TurnTask {
  endTurn(): void;
}

/** Streams are pumped before lanes write, so that what a pump yields leaves in the same turn. */
export type TurnPhase = 'pump' | 'write';

/** How often pumps and writes may cause each other before the outside is looked at: a flood must not starve a socket. */
const PASSES_PER_TURN = 8;

/**
 * One turn of the event loop: what a single socket read, timer or call from outside causes.
 * All frames of a read are handled, then each marked stream is pumped once, then each marked lane writes once.
 */
export class Turn {
  readonly #scheduler: Scheduler;
  readonly #pumps = new Set<TurnTask>();
  readonly #writes = new Set<TurnTask>();
  readonly #onFault: (thrown: unknown) => void;
  #isScheduled = false;

  /** `onFault` hears of a task that threw; the others still run. */
  constructor(scheduler: Scheduler, onFault: (thrown: unknown) => void) {
    this.#scheduler = scheduler;
    this.#onFault = onFault;
  }

  /** Runs `task.endTurn()` once at the end of this turn, however often it is marked. */
  mark(phase: TurnPhase, task: TurnTask): void {
    (phase === 'pump' ? this.#pumps : this.#writes).add(task);
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#scheduler.soon(() => this.#end());
    }
  }

  /** The task is gone; it will not run. */
  forget(task: TurnTask): void {
    this.#pumps.delete(task);
    this.#writes.delete(task);
  }

  /** Tasks that are marked: for the question whether something was left behind. */
  get marked(): number {
    return this.#pumps.size + this.#writes.size;
  }

  /** What a pass marks has its turn in the next pass; after the last pass it waits for the outside. */
  #end(): void {
    for (let pass = 0; pass < PASSES_PER_TURN && this.marked > 0; pass += 1) {
      this.#run(this.#pumps);
      this.#run(this.#writes);
    }
    this.#isScheduled = this.marked > 0;
    if (this.#isScheduled) {
      this.#scheduler.later(() => this.#end());
    }
  }

  #run(tasks: Set<TurnTask>): void {
    for (const task of Array.from(tasks)) {
      // Deleted first: the task may mark itself again. Not there any more: it was forgotten during this pass.
      if (tasks.delete(task)) {
        this.#runOne(task);
      }
    }
  }

  #runOne(task: TurnTask): void {
    try {
      task.endTurn();
    } catch (thrown) {
      this.#onFault(thrown);
    }
  }
}
