/** Raises a probe for whoever asks for one, and hands back its result. One per node. */
import { assign, emit, setup } from 'xstate';
import type { NodeId } from '../../protocol/names.js';
import type { ReplyTo } from '../../runtime/message.js';
import type { ChildEnded } from '../../runtime/self.js';
import { defineActor } from '../ports.js';
import { type ProbeInput, type ProbeResult, probeActor } from './probe.actor.js';

/** Probes under way: each holds a service name and a deadline of ten seconds. */
const PROBES_MAX = 10_000;

export type ProberMessage =
  /** Answered with a `ProbeResult`. */
  | { readonly type: 'probe.wanted'; readonly target: NodeId; readonly hops: number; readonly replyTo: ReplyTo }
  | ChildEnded
  | { readonly type: 'stop' };

type ProberWish =
  | { readonly type: 'raise-probe'; readonly input: ProbeInput }
  | { readonly type: 'refuse'; readonly replyTo: ReplyTo };

interface ProberContext {
  readonly probes: number;
}

const machine = setup({
  types: { context: {} as ProberContext, events: {} as ProberMessage, emitted: {} as ProberWish },
  guards: { hasRoom: ({ context }) => context.probes < PROBES_MAX },
  actions: {
    raiseProbe: emit((_, input: ProbeInput) => ({ type: 'raise-probe', input })),
    refuse: emit((_, replyTo: ReplyTo) => ({ type: 'refuse', replyTo })),
    countProbe: assign({ probes: ({ context }) => context.probes + 1 }),
    uncountProbe: assign({ probes: ({ context }) => context.probes - 1 }),
  },
}).createMachine({
  id: 'prober',
  context: { probes: 0 },
  initial: 'serving',
  states: {
    serving: {
      on: {
        'probe.wanted': [
          {
            guard: 'hasRoom',
            actions: [
              'countProbe',
              {
                type: 'raiseProbe',
                params: ({ event }) => ({ target: event.target, hops: event.hops, replyTo: event.replyTo }),
              },
            ],
          },
          { actions: { type: 'refuse', params: ({ event }) => event.replyTo } },
        ],
        'child.ended': { actions: 'uncountProbe' },
        stop: 'stopped',
      },
    },
    stopped: { type: 'final' },
  },
});

export const proberActor = defineActor({
  kind: 'prober',
  machine,
  messages: { 'probe.wanted': 'request', 'child.ended': 'system', stop: 'system' },
  needs: [],
  effects: (_, self) => {
    let probes = 0;
    return {
      'raise-probe': ({ input }) => {
        probes += 1;
        self.raise(probeActor, `probe-${probes}`, input);
      },
      refuse: ({ replyTo }) => {
        const result: ProbeResult = { from: undefined, elapsedMs: 0, problem: 'too many pings at once' };
        self.reply(replyTo, result);
      },
    };
  },
});
