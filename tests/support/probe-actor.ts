import { assign, emit, setup } from 'xstate';
import { type ActorDefinition, actorsOver } from '../../runtime/define-actor.js';
import type { MailboxLimits } from '../../runtime/mailbox.js';
import type { Message, ReplyTo } from '../../runtime/message.js';
import type { ChildEnded, Self } from '../../runtime/self.js';
import { type SupervisionPolicy, TELL_PARENT } from '../../runtime/supervisor.js';

/** What a probe does is told by its messages, so that one machine serves every test of the runtime. */
export type ProbeMessage =
  | { readonly type: 'probe.note'; readonly text: string }
  | { readonly type: 'probe.do'; readonly act: (self: Self<ProbeMessage>) => void }
  | { readonly type: 'probe.wish'; readonly wish: Message }
  | { readonly type: 'probe.ask'; readonly replyTo: ReplyTo }
  | { readonly type: 'probe.answered'; readonly text: string }
  | { readonly type: 'probe.throw'; readonly where: 'guard' | 'assign' | 'effect' }
  | { readonly type: 'probe.finish'; readonly output: unknown }
  | { readonly type: 'timer.tick' }
  | ChildEnded
  | { readonly type: 'stop' };

type ProbeWish =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'act'; readonly act: (self: Self<ProbeMessage>) => void }
  | { readonly type: 'throw' }
  | { readonly type: 'asked'; readonly replyTo: ReplyTo };

/** What happens to a probe as it begins. */
export interface ProbeInput {
  /** Runs as an effect of the first state's entry. */
  readonly atStart?: (self: Self<ProbeMessage>) => void;
  /** Makes the context factory, or the entry's assign, throw. */
  readonly startFault?: 'context' | 'entry';
}

/** The outside of all probes of a test. */
export class ProbeStage {
  /** What the probes were told, in order: the last name of the address, then the text. */
  readonly log: string[] = [];
  /** Questions that were asked, oldest first. */
  readonly asked: ReplyTo[] = [];
  /** Runs in the effects factory, before there is a machine. */
  inFactory: (self: Self<ProbeMessage>) => void = () => undefined;

  note(address: string, text: string): void {
    this.log.push(`${address.slice(address.lastIndexOf('/') + 1)} ${text}`);
  }
}

export interface ProbeOptions {
  readonly kind?: string;
  readonly supervision?: SupervisionPolicy;
  readonly mailbox?: Partial<MailboxLimits>;
  readonly stopWithinMs?: number;
  /** What it does when it is asked to stop: ends, waits for `probe.finish`, or has no transition for it. */
  readonly onStop?: 'end' | 'drain' | 'nothing';
}

export const PROBE_FAULT = 'probe fault';

function fault(): never {
  throw new Error(PROBE_FAULT);
}

function probeMachine(onStop: 'end' | 'drain' | 'nothing') {
  const stops = { end: { stop: 'ended' }, drain: { stop: 'draining' }, nothing: {} } as const;
  return setup({
    types: {
      context: {} as ProbeInput & { readonly output: unknown },
      input: {} as ProbeInput,
      events: {} as ProbeMessage,
      emitted: {} as ProbeWish,
    },
    guards: {
      throwInGuard: ({ event }) => event.type === 'probe.throw' && event.where === 'guard' && fault(),
      isAssignFault: ({ event }) => event.type === 'probe.throw' && event.where === 'assign',
    },
    actions: {
      beginActing: emit(({ context }) => ({ type: 'act', act: context.atStart ?? (() => undefined) })),
      failAtEntry: assign(({ context }) => (context.startFault === 'entry' ? fault() : {})),
      throwInAssign: assign(() => fault()),
      throwInEffect: emit({ type: 'throw' }),
      note: emit(({ event }) => ({ type: 'note', text: noteOf(event) })),
      act: emit(({ event }) => ({ type: 'act', act: (event as { act: (self: Self<ProbeMessage>) => void }).act })),
      wish: emit(({ event }) => (event as { wish: Message }).wish as ProbeWish),
      keepAsk: emit(({ event }) => ({ type: 'asked', replyTo: (event as { replyTo: ReplyTo }).replyTo })),
      keepOutput: assign({ output: ({ event }) => (event as { output: unknown }).output }),
    },
  }).createMachine({
    context: ({ input }) => (input.startFault === 'context' ? fault() : { ...input, output: undefined }),
    initial: 'working',
    output: ({ context }) => context.output,
    on: {
      'probe.note': { actions: 'note' },
      'probe.do': { actions: 'act' },
      'probe.wish': { actions: 'wish' },
      'probe.ask': { actions: 'keepAsk' },
      'probe.answered': { actions: 'note' },
      'probe.throw': [
        { guard: 'throwInGuard' },
        { guard: 'isAssignFault', actions: 'throwInAssign' },
        { actions: ['note', 'throwInEffect', 'note'] },
      ],
      'probe.finish': { target: '.ended', actions: 'keepOutput' },
      'timer.tick': { actions: 'note' },
      'child.ended': { actions: 'note' },
    },
    states: {
      working: { entry: ['failAtEntry', 'beginActing'], on: { ...stops[onStop] } },
      draining: { on: { stop: {} } },
      ended: { type: 'final' },
    },
  });
}

function noteOf(event: ProbeMessage): string {
  switch (event.type) {
    case 'probe.note':
    case 'probe.answered':
      return event.text;
    case 'child.ended':
      return `${event.child} ${event.outcome.type}`;
    default:
      return event.type;
  }
}

const defineProbe = actorsOver<{ readonly stage: ProbeStage }>();

/** An actor whose behaviour a test chooses; by default a failure ends it, and `stop` too. */
export function probe(options: ProbeOptions = {}): ActorDefinition<ProbeInput> {
  const { kind = 'probe', onStop = 'end', supervision = TELL_PARENT, mailbox = {}, stopWithinMs = 5_000 } = options;
  return defineProbe({
    kind,
    machine: probeMachine(onStop),
    messages: {
      'probe.note': 'request',
      'probe.do': 'request',
      'probe.wish': 'request',
      'probe.ask': 'request',
      'probe.answered': 'answer',
      'probe.throw': 'request',
      'probe.finish': 'request',
      'timer.tick': 'timer',
      'child.ended': 'system',
      stop: 'system',
    },
    needs: ['stage'],
    effects: ({ stage }, self) => {
      stage.inFactory(self);
      return {
        note: ({ text }) => stage.note(self.address, text),
        act: ({ act }) => act(self),
        throw: () => fault(),
        asked: ({ replyTo }) => {
          stage.note(self.address, 'asked');
          stage.asked.push(replyTo);
        },
      };
    },
    supervision,
    mailbox,
    stopWithinMs,
  });
}
