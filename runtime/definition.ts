import type { AnyStateMachine } from 'xstate';
import type { Address } from './address.js';
import type { MailboxLimits } from './mailbox.js';
import type { Message, MessageClass, ReplyTo, Topic } from './message.js';
import type { SupervisionPolicy } from './supervisor.js';

/** Wishes that the runtime itself grants; an actor's machine may emit them without an effect of its own. */
export type BuiltInWish =
  /** Sends `timer.<name>` to this actor after `delayMs`; `jitter` (0 to 1) is the part drawn by chance. Replaces an armed one. */
  | { readonly type: 'arm-timer'; readonly name: string; readonly delayMs: number; readonly jitter?: number }
  | { readonly type: 'disarm-timer'; readonly name: string }
  | { readonly type: 'send'; readonly to: Address; readonly message: Message }
  | { readonly type: 'publish'; readonly topic: Topic<unknown>; readonly payload: unknown }
  | { readonly type: 'reply'; readonly to: ReplyTo; readonly value: unknown }
  /** Asks a child to stop. */
  | { readonly type: 'lower'; readonly address: Address };

/** A kind of actor, ready to be raised. Made by `defineActor` only. */
export interface ActorDefinition<Input> {
  readonly kind: string;
  readonly machine: AnyStateMachine;
  readonly messages: ReadonlyMap<string, MessageClass>;
  readonly ignores: ReadonlyMap<string, ReadonlySet<string>>;
  readonly needs: readonly string[];
  /** Erased: the cell hands over exactly the ports named in `needs`, and the face of the life that is led. */
  readonly effects: (ports: never, self: never) => Readonly<Record<string, (wish: never) => void>>;
  readonly mailbox: MailboxLimits;
  readonly supervision: SupervisionPolicy;
  readonly stopWithinMs: number;
  /** Never set; carries the input's type. */
  readonly input?: Input;
}

/** A definition whose input is not looked at. */
export type AnyActorDefinition = ActorDefinition<unknown>;
