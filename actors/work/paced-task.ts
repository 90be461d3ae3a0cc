import type { Clock, Timer } from '../../runtime/clock.js';

/** Something that is done again and again when there is reason to: never twice at once, and not too often. */
export class PacedTask {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #task: () => Promise<void>;
  readonly #failed: (thrown: unknown) => void;
  #state: 'idle' | 'running' | 'closed' = 'idle';
  #wanted: 'no' | 'soon' | 'now' = 'no';
  #gap: Timer | undefined;

  /** Between the end of one run and the next that `soon` asks for lie at least `gapMs`. After `failed` nothing runs. */
  constructor(clock: Clock, gapMs: number, task: () => Promise<void>, failed: (thrown: unknown) => void) {
    this.#clock = clock;
    this.#gapMs = gapMs;
    this.#task = task;
    this.#failed = failed;
  }

  /** There is reason to run. */
  soon(): void {
    if (this.#state === 'idle' && this.#gap === undefined) {
      this.#run();
    } else if (this.#wanted === 'no') {
      this.#wanted = 'soon';
    }
  }

  /** Runs once from the start after this call, without a gap. */
  now(): void {
    if (this.#state === 'idle') {
      this.#cancelGap();
      this.#run();
    } else {
      this.#wanted = 'now';
    }
  }

  /** A run that is under way comes to its end; no other begins. */
  close(): void {
    this.#state = 'closed';
    this.#cancelGap();
  }

  #run(): void {
    this.#state = 'running';
    this.#wanted = 'no';
    this.#task().then(
      () => this.#ended(),
      (thrown: unknown) => {
        if (this.#state !== 'closed') {
          this.close();
          this.#failed(thrown);
        }
      },
    );
  }

  #ended(): void {
    if (this.#state === 'closed') {
      return;
    }
    this.#state = 'idle';
    if (this.#wanted === 'now') {
      this.#run();
      return;
    }
    this.#gap = this.#clock.setTimer(this.#gapMs, () => {
      this.#gap = undefined;
      if (this.#wanted !== 'no') {
        this.#run();
      }
    });
  }

  #cancelGap(): void {
    this.#gap?.cancel();
    this.#gap = undefined;
  }
}
