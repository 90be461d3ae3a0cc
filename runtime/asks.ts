import type { Address } from './address.js';
import type { Clock, Timer } from './clock.js';
import { RuntimeError } from './errors.js';
import type { ReplyTo } from './message.js';

/** Who asks whom; `asker` is undefined for a question from outside the actors. */
export interface AskParties {
  readonly target: Address;
  readonly asker?: Address | undefined;
}

interface PendingAsk extends AskParties {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: Timer;
}

/** Questions that wait for an answer. Each settles: by the answer, its deadline, or the end of either side. */
export class PendingAsks {
  readonly #clock: Clock;
  readonly #pending = new Map<ReplyTo, PendingAsk>();
  readonly #byTarget = new Map<Address, Set<ReplyTo>>();
  readonly #byAsker = new Map<Address, Set<ReplyTo>>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Opens a question; `post` sends it, and returns why it could not be sent. What `post` throws rejects it too. */
  open<T>(parties: AskParties, withinMs: number, post: (replyTo: ReplyTo) => RuntimeError | undefined): Promise<T> {
    const { target } = parties;
    const replyTo = this.#next as ReplyTo; // minted here and nowhere else
    this.#next += 1;
    return new Promise<T>((resolve, reject) => {
      const timer = this.#clock.setTimer(withinMs, () => {
        const text = `no answer from ${target} within ${withinMs} ms`;
        this.reject(replyTo, new RuntimeError('ask-timeout', text, { data: { target } }));
      });
      // The asker states the answer's type; the reply side is checked where the message is declared.
      this.#add(replyTo, { ...parties, resolve: resolve as (value: unknown) => void, reject, timer });
      try {
        const refusal = post(replyTo);
        if (refusal !== undefined) {
          this.reject(replyTo, refusal);
        }
      } catch (thrown) {
        this.reject(replyTo, thrown);
      }
    });
  }

  /** Answers; false when nobody waits any more. */
  answer(replyTo: ReplyTo, value: unknown): boolean {
    const ask = this.#take(replyTo);
    ask?.resolve(value);
    return ask !== undefined;
  }

  /** Ends a question without an answer; false when nobody waits any more. */
  reject(replyTo: ReplyTo, error: unknown): boolean {
    const ask = this.#take(replyTo);
    ask?.reject(error);
    return ask !== undefined;
  }

  /** A life of `target` is over: no answer will come to what it was asked, except to the questions it has not read. */
  abandonTo(target: Address, unread: ReadonlySet<ReplyTo>): void {
    for (const replyTo of Array.from(this.#byTarget.get(target) ?? [])) {
      if (!unread.has(replyTo)) {
        const text = `${target} ended before it answered`;
        this.reject(replyTo, new RuntimeError('ask-abandoned', text, { data: { target } }));
      }
    }
  }

  /** A life of `asker` is over: it waits for nothing any more. */
  abandonOf(asker: Address): void {
    for (const replyTo of Array.from(this.#byAsker.get(asker) ?? [])) {
      const text = `${asker} ended before it was answered`;
      this.reject(replyTo, new RuntimeError('ask-abandoned', text, { data: { asker } }));
    }
  }

  #add(replyTo: ReplyTo, ask: PendingAsk): void {
    this.#pending.set(replyTo, ask);
    addTo(this.#byTarget, ask.target, replyTo);
    if (ask.asker !== undefined) {
      addTo(this.#byAsker, ask.asker, replyTo);
    }
  }

  #take(replyTo: ReplyTo): PendingAsk | undefined {
    const ask = this.#pending.get(replyTo);
    if (ask === undefined) {
      return undefined;
    }
    this.#pending.delete(replyTo);
    ask.timer.cancel();
    removeFrom(this.#byTarget, ask.target, replyTo);
    if (ask.asker !== undefined) {
      removeFrom(this.#byAsker, ask.asker, replyTo);
    }
    return ask;
  }
}

function addTo(index: Map<Address, Set<ReplyTo>>, address: Address, replyTo: ReplyTo): void {
  const known = index.get(address);
  if (known === undefined) {
    index.set(address, new Set([replyTo]));
  } else {
    known.add(replyTo);
  }
}

function removeFrom(index: Map<Address, Set<ReplyTo>>, address: Address, replyTo: ReplyTo): void {
  const known = index.get(address);
  known?.delete(replyTo);
  if (known?.size === 0) {
    index.delete(address);
  }
}
