import { type Address, rootAddress } from './address.js';
import { type AskParties, PendingAsks } from './asks.js';
import type { Cell } from './cell.js';
import type { DeadLetterReason } from './cell-host.js';
import type { Clock } from './clock.js';
import { failureFrom, RuntimeError, type RuntimeErrorCode } from './errors.js';
import { failureDetail, InspectionHub, type RecordKind } from './inspection.js';
import type { Message, ReplyTo, Topic } from './message.js';
import type { Sent } from './self.js';
import { TopicTable } from './topics.js';

type Detail = Readonly<Record<string, unknown>>;

/** The sender of what comes from no actor, in records. */
const OUTSIDE = rootAddress('outside');

/** Why a question could not be put, by what became of its message. */
const REFUSALS = {
  refused: 'mailbox-full',
  'no-such-actor': 'no-such-actor',
  'unknown-message': 'invalid-use',
} as const satisfies Record<Exclude<Sent, 'taken'>, RuntimeErrorCode>;

/** The address book of one node's actors, what passes between them, and the record of it. */
export class Bus {
  readonly hub = new InspectionHub();
  readonly #clock: Clock;
  readonly #cells = new Map<Address, Cell>();
  readonly #asks: PendingAsks;
  readonly #topics = new TopicTable();
  #deadLetters = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#asks = new PendingAsks(clock);
  }

  /** Messages that reached nobody, since the start. */
  get deadLetters(): number {
    return this.#deadLetters;
  }

  /** Questions that wait for an answer. */
  get asks(): number {
    return this.#asks.size;
  }

  /** Hearers of topics, actors and others. */
  get hearers(): number {
    return this.#topics.hearers;
  }

  /** By address, in the order of raising. */
  get cells(): ReadonlyMap<Address, Cell> {
    return this.#cells;
  }

  enter(cell: Cell): void {
    const { address } = cell;
    if (this.#cells.has(address)) {
      throw new RuntimeError('address-taken', `${address} is in use`, { data: { address } });
    }
    this.#cells.set(address, cell);
  }

  leave(address: Address): void {
    this.#cells.delete(address);
  }

  /** `asked` is the question that the message carries. */
  send(from: Address | undefined, to: Address, message: Message, asked?: ReplyTo): Sent {
    const cell = this.#cells.get(to);
    if (cell === undefined) {
      this.deadLetter(to, message, 'no-such-actor');
    }
    const sent = cell === undefined ? 'no-such-actor' : cell.send(message, asked);
    if (this.hub.isWatched) {
      this.show(from ?? OUTSIDE, 'message', message.type, { to, sent, asked });
    }
    return sent;
  }

  /** Settles always, at the latest after `withinMs`. */
  ask<T>(parties: AskParties, message: (replyTo: ReplyTo) => Message, withinMs: number): Promise<T> {
    const { target, asker } = parties;
    return this.#asks.open<T>(parties, withinMs, (replyTo) => {
      const sent = this.send(asker, target, message(replyTo), replyTo);
      return sent === 'taken'
        ? undefined
        : new RuntimeError(REFUSALS[sent], `${target}: ${sent}`, { data: { target } });
    });
  }

  reply(from: Address, to: ReplyTo, value: unknown): void {
    const isHeard = this.#asks.answer(to, value);
    if (this.hub.isWatched) {
      this.show(from, 'message', 'reply', { asked: to, isHeard });
    }
  }

  /** A life at `address` is over: what it was asked and has read, and what it asked, settles. */
  abandonAsks(address: Address, unread: ReadonlySet<ReplyTo>): void {
    this.#asks.abandonTo(address, unread);
    this.#asks.abandonOf(address);
  }

  /** One question will never be read. */
  abandonAsk(replyTo: ReplyTo, error: RuntimeError): void {
    this.#asks.reject(replyTo, error);
  }

  hear(topic: Topic<unknown>, hearer: (payload: unknown) => void): () => void {
    return this.#topics.hear(topic, hearer);
  }

  /** Hands the payload to every hearer, at once. */
  publish(from: Address, topic: Topic<unknown>, payload: unknown): void {
    this.tell(from, 'topic', topic.name, { payload });
    this.#topics.publish(topic, payload, (thrown) => this.note(from, `hearer of ${topic.name}`, thrown));
  }

  deadLetter(to: Address, message: Message, reason: DeadLetterReason): void {
    this.#deadLetters += 1;
    this.tell(to, 'dead-letter', message.type, { reason });
  }

  /** A fault that is no actor's own: of a hearer from outside, of a task at the end of a turn. */
  note(address: Address, where: string, thrown: unknown): void {
    const failure = failureFrom(thrown);
    this.tell(address, 'failure', failure.code, { ...failureDetail(failure), where });
  }

  /** A record that is always kept. */
  tell(address: Address, kind: RecordKind, subject: string, detail: Detail): void {
    this.hub.tell({ atMs: this.#clock.monotonicMs(), address, kind, subject, detail });
  }

  /** A record that is built only while somebody watches. */
  show(address: Address, kind: RecordKind, subject: string, detail: Detail): void {
    this.hub.show({ atMs: this.#clock.monotonicMs(), address, kind, subject, detail });
  }
}
