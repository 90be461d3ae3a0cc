/**
 * One ping: sends an empty packet to a node's ping service and waits for whatever comes first, the answer, a notice
 * that it did not arrive, or the deadline (mesh-protocol 3.1). Raised by whoever wants to know; its output is the result.
 */
import { assign, emit, setup } from 'xstate';
import type { NodeId } from '../../protocol/names.js';
import { newName, RANDOM_NAME_BYTES } from '../../protocol/names.js';
import { sourceHi, sourceLo } from '../../protocol/netceptor/datagram.js';
import { PING_SERVICE, PROBLEM } from '../../protocol/netceptor/unreachable.js';
import type { ReplyTo } from '../../runtime/message.js';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import type { SendOutcome } from '../mesh/forwarder.js';
import { defineActor } from '../ports.js';
import { bindService } from './bound-service.js';

/** As long as the reference waits. */
const ANSWER_WITHIN_MS = 10_000;

/** Why a packet did not even leave, in the words of the reference where it has some (control-and-work 1.3). */
const NOT_SENT: Readonly<Record<Exclude<SendOutcome, 'sent'>, string>> = {
  'no-route': 'no route to node',
  'service-unknown': PROBLEM.serviceUnknown,
  'lane-full': 'the link to the next node is full',
};

export type ProbeMessage =
  | { readonly type: 'answer.received'; readonly from: NodeId; readonly elapsedMs: number }
  | { readonly type: 'problem.received'; readonly from: NodeId; readonly problem: string; readonly elapsedMs: number }
  | { readonly type: 'timer.deadline' }
  | { readonly type: 'stop' };

type ProbeWish =
  | { readonly type: 'send-ping'; readonly target: NodeId; readonly hops: number }
  | { readonly type: 'tell-result'; readonly replyTo: ReplyTo; readonly result: ProbeResult }
  | { readonly type: 'arm-timer'; readonly name: 'deadline'; readonly delayMs: number };

export interface ProbeInput {
  readonly target: NodeId;
  readonly hops: number;
  /** Who asked. */
  readonly replyTo: ReplyTo;
}

/** What a probe found. `problem` is missing when the target answered. */
export interface ProbeResult {
  /** Who answered, or who reported the problem; ourselves when the packet did not even leave. */
  readonly from: NodeId | undefined;
  readonly elapsedMs: number;
  readonly problem: string | undefined;
}

interface ProbeContext extends ProbeInput {
  readonly result: ProbeResult;
}

const machine = setup({
  types: {
    context: {} as ProbeContext,
    events: {} as ProbeMessage,
    emitted: {} as ProbeWish,
    input: {} as ProbeInput,
  },
  actions: {
    sendPing: emit(({ context }) => ({ type: 'send-ping', target: context.target, hops: context.hops })),
    armDeadline: emit({ type: 'arm-timer', name: 'deadline', delayMs: ANSWER_WITHIN_MS }),
    note: assign((_, result: ProbeResult) => ({ result })),
    tellResult: emit(({ context }) => ({ type: 'tell-result', replyTo: context.replyTo, result: context.result })),
  },
}).createMachine({
  id: 'probe',
  context: ({ input }) => ({
    ...input,
    result: { from: undefined, elapsedMs: ANSWER_WITHIN_MS, problem: 'timeout' },
  }),
  initial: 'waiting',
  states: {
    waiting: {
      entry: ['armDeadline', 'sendPing'],
      on: {
        'answer.received': {
          target: 'settled',
          actions: {
            type: 'note',
            params: ({ event }) => ({ from: event.from, elapsedMs: event.elapsedMs, problem: undefined }),
          },
        },
        'problem.received': {
          target: 'settled',
          actions: {
            type: 'note',
            params: ({ event }) => ({ from: event.from, elapsedMs: event.elapsedMs, problem: event.problem }),
          },
        },
        'timer.deadline': 'settled',
        stop: {
          target: 'settled',
          actions: { type: 'note', params: { from: undefined, elapsedMs: 0, problem: 'netceptor shutdown' } },
        },
      },
    },
    settled: { type: 'final', entry: 'tellResult' },
  },
});

export const probeActor = defineActor({
  kind: 'probe',
  machine,
  messages: {
    'answer.received': 'answer',
    'problem.received': 'answer',
    'timer.deadline': 'timer',
    stop: 'system',
  },
  needs: ['forwarder', 'names', 'random', 'clock'],
  supervision: TELL_PARENT,
  effects: ({ forwarder, names, random, clock }, self) => ({
    'send-ping': ({ target, hops }) => {
      const sentMs = clock.monotonicMs();
      const service = newName(random.fill(new Uint8Array(RANDOM_NAME_BYTES)));
      const elapsed = (): number => clock.monotonicMs() - sentMs;
      const problem = (from: NodeId, text: string): void => {
        self.answer({ type: 'problem.received', from, problem: text, elapsedMs: elapsed() });
      };
      bindService(forwarder, self, service, {
        packet: (bytes, start) => {
          const from = names.nameOf(sourceHi(bytes, start), sourceLo(bytes, start));
          self.answer({ type: 'answer.received', from: from ?? target, elapsedMs: elapsed() });
        },
        unreachable: (notice, reporter) => problem(reporter, notice.problem),
      });
      const outcome = forwarder.send({
        toNode: target,
        toService: PING_SERVICE,
        fromService: service,
        payload: new Uint8Array(0),
        hops,
      });
      if (outcome !== 'sent') {
        problem(forwarder.self, NOT_SENT[outcome]);
      }
    },
    'tell-result': ({ replyTo, result }) => self.reply(replyTo, result),
  }),
});
