import type { Address } from './address.js';
import type { Clock } from './clock.js';
import type { AnyActorDefinition } from './definition.js';
import type { Runnable } from './dispatcher.js';
import type { RuntimeError } from './errors.js';
import type { RecordKind } from './inspection.js';
import type { Message, MessageClass, ReplyTo, Topic } from './message.js';
import type { Random } from './random.js';
import type { Outcome, RaiseOptions, Sent } from './self.js';
import type { SupervisionPolicy } from './supervisor.js';

type Detail = Readonly<Record<string, unknown>>;

/** What a cell needs of the system around it. Cells are named by their addresses. */
export interface CellHost {
  readonly clock: Clock;
  readonly random: Random;
  /** True when somebody reads steps and effects. */
  readonly isWatched: boolean;
  /** Only the ports that the definition names; throws when one is missing. */
  portsFor(definition: AnyActorDefinition): object;
  wake(cell: Runnable): void;
  send(from: Address, to: Address, message: Message): Sent;
  publish(from: Address, topic: Topic<unknown>, payload: unknown): void;
  hear(topic: Topic<unknown>, hearer: (payload: unknown) => void): () => void;
  ask<T>(from: Address, to: Address, message: (replyTo: ReplyTo) => Message, withinMs: number): Promise<T>;
  reply(from: Address, to: ReplyTo, value: unknown): void;
  /** A life is over: what it was asked and has read, and what it asked, settles. */
  abandonAsks(cell: Address, unread: ReadonlySet<ReplyTo>): void;
  /** One question will never be read. */
  abandonAsk(replyTo: ReplyTo, error: RuntimeError): void;
  raise(parent: Address, child: ChildPlan): ChildCell;
  /** A child that has not ended yet. */
  childOf(parent: Address, child: Address): ChildCell | undefined;
  /** A record that is always kept. */
  tell(cell: Address, kind: RecordKind, subject: string, detail: Detail): void;
  /** A record that is built only while somebody watches. */
  show(cell: Address, kind: RecordKind, subject: string, detail: Detail): void;
  deadLetter(to: Address, message: Message, reason: DeadLetterReason): void;
  /** A cell has ended for good; its address is free. */
  ended(place: CellPlace, outcome: Outcome): void;
}

export type DeadLetterReason = 'ended' | 'mailbox-full' | 'mailbox-overflow' | 'no-such-actor' | 'unknown-message';

/**
 * - `living`: messages are handled.
 * - `closing`: the life is over; what it opened is being closed.
 * - `resting`: waits for its restart; requests are kept.
 * - `ended`: gone for good.
 */
export type CellPhase = 'living' | 'closing' | 'resting' | 'ended';

/** Where a cell stands in the tree and what is raised there. */
export interface CellPlace {
  readonly address: Address;
  readonly definition: AnyActorDefinition;
  readonly parent: ParentCell | undefined;
  readonly input: unknown;
  readonly policy: SupervisionPolicy;
}

/** What a parent wants raised. */
export interface ChildPlan {
  readonly definition: AnyActorDefinition;
  readonly name: string;
  readonly input: unknown;
  readonly options: RaiseOptions;
}

/** As much of a child as its parent has to do with. */
export interface ChildCell {
  readonly address: Address;
  stop(done: () => void): void;
  whenEnded(done: () => void): void;
}

/** As much of a parent as its child has to do with. */
export interface ParentCell {
  readonly definition: AnyActorDefinition;
  post(message: Message, messageClass: MessageClass): Sent;
  fail(thrown: unknown): void;
}

/** As much of a cell as the life that is led there has to do with. */
export interface LivingCell {
  readonly address: Address;
  readonly definition: AnyActorDefinition;
  send(message: Message): Sent;
  post(message: Message, messageClass: MessageClass, tie?: number): Sent;
  fail(thrown: unknown): void;
}

/** As much of a life as its face has to do with. */
export interface LifePhase {
  /** False as soon as the life is being closed: what comes late is not acted upon. */
  readonly isAlive: boolean;
  /** True once everything is closed: not even a closer has anything to say any more. */
  readonly isClosed: boolean;
}
