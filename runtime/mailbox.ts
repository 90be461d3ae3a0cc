import { type Message, type MessageClass, type ReplyTo, STOP } from './message.js';
import { Ring } from './ring.js';

/**
 * What happens to a request when the mailbox is full.
 * - `refuse`: the newest is not taken; the sender learns it by the returned value.
 * - `drop-oldest`: the oldest waiting request makes room; for news that supersedes older news.
 */
export type OverflowPolicy = 'refuse' | 'drop-oldest';

export interface MailboxLimits {
  /** Requests that may wait. */
  readonly capacity: number;
  readonly overflow: OverflowPolicy;
  /** Answers and timers that may wait. Reaching it is a fault of the actor itself: it asked for too much at once. */
  readonly reserved: number;
}

/** Enough for a burst of updates from a hundred neighbours. */
export const MAILBOX_DEFAULT: MailboxLimits = { capacity: 1024, overflow: 'refuse', reserved: 4096 };

export interface Envelope {
  readonly message: Message;
  readonly class: MessageClass;
  /** What the message is tied to: a timer's arming (`timer`), a question's `ReplyTo` (`request`), or 0. */
  readonly tie: number;
  /** Position in the order of arrival. */
  readonly order: number;
}

export type Posted = 'taken' | 'refused' | 'overrun';

/**
 * A bounded queue: `stop` first, then the rest in the order of arrival.
 * Requests and the rest wait in two rings, so that the oldest request is found at once however many answers wait.
 */
export class Mailbox {
  readonly #limits: MailboxLimits;
  readonly #onDropped: (envelope: Envelope) => void;
  readonly #stops = new Ring<Envelope>(4);
  readonly #requests = new Ring<Envelope>(4);
  readonly #reserved = new Ring<Envelope>(4);
  #reservedCount = 0;
  #arrivals = 0;

  /** `onDropped` hears of each request that had to make room. */
  constructor(limits: MailboxLimits, onDropped: (envelope: Envelope) => void) {
    this.#limits = limits;
    this.#onDropped = onDropped;
  }

  /** Messages that wait. */
  get depth(): number {
    return this.#stops.size + this.#requests.size + this.#reserved.size;
  }

  post(message: Message, messageClass: MessageClass, tie = 0): Posted {
    this.#arrivals += 1;
    const envelope: Envelope = { message, class: messageClass, tie, order: this.#arrivals };
    switch (messageClass) {
      case 'request':
        return this.#postRequest(envelope);
      case 'system':
        (message.type === STOP.type ? this.#stops : this.#reserved).push(envelope);
        return 'taken';
      case 'answer':
      case 'timer':
        return this.#postReserved(envelope);
    }
  }

  take(): Envelope | undefined {
    const stop = this.#stops.shift();
    if (stop !== undefined) {
      return stop;
    }
    const request = this.#requests.peek();
    const reserved = this.#reserved.peek();
    if (reserved === undefined || (request !== undefined && request.order < reserved.order)) {
      return this.#requests.shift();
    }
    this.#reservedCount -= reserved.class === 'system' ? 0 : 1;
    return this.#reserved.shift();
  }

  /** The questions among the waiting requests: nobody has read them yet. */
  questions(): ReadonlySet<ReplyTo> {
    const ties = Array.from(this.#requests, (envelope) => envelope.tie).filter((tie) => tie !== 0);
    return new Set(ties as ReplyTo[]); // a request is tied to nothing but a question
  }

  /** Keeps the waiting requests, in order; answers, timers and system messages belong to a life that has ended. */
  keepRequestsOnly(): void {
    this.#stops.clear();
    this.#reserved.clear();
    this.#reservedCount = 0;
  }

  /** Empties the mailbox and returns what was waiting, in the order in which it would have been taken. */
  clear(): readonly Envelope[] {
    const left: Envelope[] = [];
    for (let next = this.take(); next !== undefined; next = this.take()) {
      left.push(next);
    }
    return left;
  }

  #postRequest(envelope: Envelope): Posted {
    if (this.#requests.size >= this.#limits.capacity) {
      const oldest = this.#limits.overflow === 'drop-oldest' ? this.#requests.shift() : undefined;
      if (oldest === undefined) {
        return 'refused';
      }
      this.#onDropped(oldest);
    }
    this.#requests.push(envelope);
    return 'taken';
  }

  #postReserved(envelope: Envelope): Posted {
    if (this.#reservedCount >= this.#limits.reserved) {
      return 'overrun';
    }
    this.#reservedCount += 1;
    this.#reserved.push(envelope);
    return 'taken';
  }
}
