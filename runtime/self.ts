import type { Address } from './address.js';
import type { ActorDefinition } from './definition.js';
import type { Message, ReplyTo, Topic } from './message.js';
import type { Closer, Owned } from './scope.js';
import type { SupervisionPolicy } from './supervisor.js';

/** What became of a message that was sent. */
export type Sent = 'taken' | 'refused' | 'no-such-actor' | 'unknown-message';

/** How a child is raised. */
export interface RaiseOptions {
  readonly supervision?: SupervisionPolicy;
}

/**
 * What an actor's effects may do with their own actor and with the others. Valid for one life. As soon as that life is
 * being closed, `answer`, `lower`, `fail` and wrapped callbacks are idle, `ask` is rejected, `raise` throws, and what is owned is
 * closed at once; `send` and `publish` still serve the closers, and are idle once everything is closed.
 */
export interface Self<M extends Message> {
  readonly address: Address;
  /** Sends this actor the end of something that it asked for; has reserved room in the mailbox. */
  answer(message: M): void;
  send(to: Address, message: Message): Sent;
  publish<Payload>(topic: Topic<Payload>, payload: Payload): void;
  /** Turns a topic's payload into a message of this actor, or into nothing. Ends with this life. */
  hear<Payload>(topic: Topic<Payload>, toMessage: (payload: Payload) => M | undefined): Owned;
  /** Always settles, at the latest after `withinMs`. */
  ask<T>(to: Address, message: (replyTo: ReplyTo) => Message, withinMs: number): Promise<T>;
  /** Answers a question that was put with `ask`; idle when nobody waits any more. */
  reply(to: ReplyTo, value: unknown): void;
  /** Raises a child; it ends with this life. Throws `address-taken` when the name is in use. */
  raise<Input>(definition: ActorDefinition<Input>, name: string, input: Input, options?: RaiseOptions): Address;
  /** Asks a child to stop. */
  lower(child: Address): void;
  /** Keeps something that must be closed when this life ends. */
  own(label: string, closer: Closer): Owned;
  /**
   * Waits for `work` and sends this actor its outcome. The promise is never left unhandled. The mappers are called even
   * after this life, so that what comes late can be owned, and so closed.
   */
  attempt<T>(work: Promise<T>, done: (value: T) => M, failed: (error: unknown) => M): void;
  /**
   * Wraps a callback that is given to the outside (a session's handler, a listener's): idle once this life is over, and
   * a throw in it is a failure of this actor instead of an uncaught exception.
   */
  whileAlive<Args extends readonly unknown[]>(callback: (...args: Args) => void): (...args: Args) => void;
  /** A fault that cannot be thrown from an effect, because the effect is long over. */
  fail(thrown: unknown): void;
  /** False when this life is over: for callbacks that come late. */
  readonly isAlive: boolean;
}

/** A child has ended for good. Sent to its parent when the parent's messages include it. */
export interface ChildEnded {
  readonly type: 'child.ended';
  readonly child: Address;
  readonly kind: string;
  readonly outcome: Outcome;
}

export type Outcome =
  | { readonly type: 'done'; readonly output: unknown }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly code: string; readonly text: string };
