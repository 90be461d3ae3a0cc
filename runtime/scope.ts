import type { Clock } from './clock.js';
import { RuntimeError } from './errors.js';

/** Something an actor opened and must not leave open. */
export interface Owned {
  /** Closes it now; the scope forgets it once it has ended. Safe to call more than once. */
  close(): void;
  /** The scope forgets it without closing: ownership went elsewhere. */
  release(): void;
}

/**
 * Closes one thing. It may end later: then it calls `done` when it has; a closer that takes no argument is done at once.
 */
export type Closer = ((done: () => void) => void) | (() => void);

export interface OwnOptions {
  /** Neighbours (in the order of opening) with the same word are closed at the same time. */
  readonly together?: string;
  /** True for what has a limit of its own: it is waited for as long as it takes. */
  readonly isPatient?: boolean;
}

/** How long a closer that takes `done` may take before the scope goes on without it. */
export interface Patience {
  readonly clock: Clock;
  readonly closeWithinMs: number;
}

interface Entry {
  readonly label: string;
  readonly closer: Closer;
  readonly options: OwnOptions;
  /** Undefined while it is open; then those who wait for its end. */
  waiters: (() => void)[] | undefined;
}

/**
 * Everything that one life of an actor opened: lanes, sessions, timers, children, bound names.
 * Closed in the reverse order of opening when the actor stops, fails or is final (an XState actor runs no exit actions
 * when it is stopped, so nothing else could).
 */
export class Scope {
  readonly #entries = new Map<number, Entry>();
  readonly #onFault: (label: string, thrown: unknown) => void;
  readonly #patience: Patience | undefined;
  #next = 1;
  #isClosing = false;

  /** `onFault` hears of a closer that threw or took too long; the others are still closed. */
  constructor(onFault: (label: string, thrown: unknown) => void, patience?: Patience) {
    this.#onFault = onFault;
    this.#patience = patience;
  }

  get size(): number {
    return this.#entries.size;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** What is open or being closed now, in the order of opening: for inspection and for the tests' question what was left. */
  labels(): readonly string[] {
    return Array.from(this.#entries.values(), (entry) => entry.label);
  }

  /** Keeps something. In a scope that is closing already it is closed at once. */
  own(label: string, closer: Closer, options: OwnOptions = {}): Owned {
    const key = this.#next;
    this.#next += 1;
    this.#entries.set(key, { label, closer, options, waiters: undefined });
    const owned: Owned = {
      close: () => {
        const entry = this.#entries.get(key);
        if (entry !== undefined && entry.waiters === undefined) {
          this.#closeEntry(key, entry, () => undefined);
        }
      },
      release: () => {
        if (this.#entries.get(key)?.waiters === undefined) {
          this.#entries.delete(key);
        }
      },
    };
    if (this.#isClosing) {
      owned.close();
    }
    return owned;
  }

  /** Closes everything, newest first, each after the one before it has ended; then calls `done`. */
  close(done: () => void): void {
    this.#isClosing = true;
    let batches = this.#batches();
    let isLooping = false;
    let isReady = true;
    // A loop that ends by being called again, not by recursion: thousands of entries may end at once.
    const resume = (): void => {
      isReady = true;
      while (isReady && !isLooping) {
        const batch = batches.pop();
        if (batch === undefined && this.#entries.size === 0) {
          done();
          return;
        }
        isReady = false;
        isLooping = true;
        if (batch === undefined) {
          batches = this.#batches(); // what was opened or was already ending meanwhile
          isReady = true;
        } else {
          this.#closeBatch(batch, resume);
        }
        isLooping = false;
      }
    };
    resume();
  }

  /** Keys in the order of opening, neighbours that are closed together in one list. */
  #batches(): number[][] {
    const batches: number[][] = [];
    let word: string | undefined;
    for (const [key, { options }] of this.#entries) {
      const last = batches.at(-1);
      if (last !== undefined && options.together !== undefined && options.together === word) {
        last.push(key);
      } else {
        batches.push([key]);
      }
      word = options.together;
    }
    return batches;
  }

  #closeBatch(keys: readonly number[], done: () => void): void {
    let waiting = keys.length;
    const ended = (): void => {
      waiting -= 1;
      if (waiting === 0) {
        done();
      }
    };
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry === undefined) {
        ended();
      } else if (entry.waiters !== undefined) {
        entry.waiters.push(ended);
      } else {
        this.#closeEntry(key, entry, ended);
      }
    }
  }

  #closeEntry(key: number, entry: Entry, done: () => void): void {
    const waiters = [done];
    entry.waiters = waiters;
    const limit = this.#limit(entry, () => ended());
    let isEnded = false;
    const ended = (): void => {
      if (!isEnded) {
        isEnded = true;
        limit?.cancel();
        this.#entries.delete(key);
        for (const waiter of waiters) {
          waiter();
        }
      }
    };
    try {
      entry.closer(ended);
    } catch (thrown) {
      this.#onFault(entry.label, thrown);
      ended();
    }
    if (entry.closer.length === 0) {
      ended();
    }
  }

  #limit(entry: Entry, ended: () => void): { cancel(): void } | undefined {
    if (this.#patience === undefined || entry.options.isPatient === true || entry.closer.length === 0) {
      return undefined;
    }
    const { clock, closeWithinMs } = this.#patience;
    return clock.setTimer(closeWithinMs, () => {
      const text = `${entry.label} did not end within ${closeWithinMs} ms`;
      this.#onFault(entry.label, new RuntimeError('stop-overdue', text, { data: { label: entry.label } }));
      ended();
    });
  }
}
