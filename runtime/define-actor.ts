import type { AnyStateMachine, EmittedFrom, EventFromLogic, InputFrom } from 'xstate';
import type { ActorDefinition, AnyActorDefinition, BuiltInWish } from './definition.js';
import { MAILBOX_DEFAULT, type MailboxLimits } from './mailbox.js';
import type { Message, MessageClass } from './message.js';
import type { Self } from './self.js';
import { RESTART_OR_ESCALATE, type SupervisionPolicy } from './supervisor.js';

export type { ActorDefinition, AnyActorDefinition, BuiltInWish } from './definition.js';

/** One small function per wish of the machine. */
export type EffectTable<Wish extends Message> = {
  readonly [K in Exclude<Wish['type'], BuiltInWish['type']>]: (wish: Extract<Wish, { readonly type: K }>) => void;
};

/** What `defineActor` is told. */
export interface ActorOptions<Machine extends AnyStateMachine, Ports, Need extends keyof Ports> {
  /** The kind of actor, as people read it: `link`, `dialer`. */
  readonly kind: string;
  readonly machine: Machine;
  /** Every message type that the machine knows, and how it is treated under pressure. */
  readonly messages: { readonly [K in EventFromLogic<Machine>['type']]: MessageClass };
  /** By state (`established`, `a.b`, or `*` for all): messages that arrive there in the normal run of things and mean nothing. */
  readonly ignores?: { readonly [state: string]: readonly EventFromLogic<Machine>['type'][] };
  /** The ports that the effects get; nothing else of the outside is in their reach. */
  readonly needs: readonly Need[];
  readonly effects: (
    ports: Pick<Ports, Need>,
    self: Self<EventFromLogic<Machine>>,
  ) => EffectTable<EmittedFrom<Machine>>;
  readonly mailbox?: Partial<MailboxLimits>;
  /** How it is treated when it fails, where its parent does not say otherwise. */
  readonly supervision?: SupervisionPolicy;
  /** How long it may take from `stop` to its final state; then it is stopped by force. */
  readonly stopWithinMs?: number;
}

/** Long enough to flush a socket and to tell the neighbours; short enough for an operator who waits. */
const STOP_WITHIN_MS = 5_000;

/** Steps that a machine may take for one message before it counts as a circle that never ends. */
const MICROSTEPS_MAX = 1_000;

/**
 * Gives `defineActor` for one set of ports: `const defineActor = actorsOver<MyPorts>()`.
 * The compiler demands an effect for every wish and a class for every message.
 */
export function actorsOver<Ports>(): <Machine extends AnyStateMachine, Need extends keyof Ports & string = never>(
  options: ActorOptions<Machine, Ports, Need>,
) => ActorDefinition<InputFrom<Machine>> {
  return (options) => ({
    kind: options.kind,
    machine: limited(options.machine),
    messages: new Map(Object.entries<MessageClass>(options.messages)),
    ignores: new Map(Object.entries(options.ignores ?? {}).map(([state, types]) => [state, new Set<string>(types)])),
    needs: options.needs,
    effects: options.effects as AnyActorDefinition['effects'], // erased here, typed above
    mailbox: { ...MAILBOX_DEFAULT, ...options.mailbox },
    supervision: options.supervision ?? RESTART_OR_ESCALATE,
    stopWithinMs: options.stopWithinMs ?? STOP_WITHIN_MS,
  });
}

/** A circle of eventless transitions would hold the whole process; with a limit it is a failure of that actor. */
function limited<Machine extends AnyStateMachine>(machine: Machine): Machine {
  machine.options.maxIterations = Math.min(machine.options.maxIterations ?? MICROSTEPS_MAX, MICROSTEPS_MAX);
  return machine;
}
