/**
 * One attempt to have a unit on another node cancelled or released (control-and-work 3.5). A unit that is not known there
 * needs no order any more. Raised by the task, which tries again after a loss.
 */
import { emit, setup } from 'xstate';
import type { MessageClass } from '../../runtime/message.js';
import { defineActor } from '../ports.js';
import { type AttemptWish, attemptOf, NO_ANSWER, SESSION_ENDED } from './far-attempt.js';
import { FAR_BASE_MESSAGES, type FarBaseMessage, type FarReplyNamed } from './far-line.js';
import { orderRequest } from './far-requests.js';
import type { FarTaskInput } from './far-task-vocabulary.js';
import { ESCALATE, type UnitOrder } from './unit-vocabulary.js';

/** The reference answers a cancel once the command is gone; ours gives it two times ten seconds to go. */
const ANSWER_WITHIN_MS = 60_000;

export type FarOrderMessage =
  | FarBaseMessage
  | FarReplyNamed<'reply.outcome'>
  | { readonly type: 'timer.answer' }
  | { readonly type: 'stop' };

type FarOrderWish =
  | AttemptWish
  | { readonly type: 'arm-timer'; readonly name: 'answer'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'answer' };

export interface FarOrderInput extends FarTaskInput {
  readonly order: UnitOrder;
}

const machine = setup({
  types: {
    context: {} as FarOrderInput,
    events: {} as FarOrderMessage,
    emitted: {} as FarOrderWish,
    input: {} as FarOrderInput,
  },
  guards: {
    isNeedless: ({ context }) => context.farUnitId === undefined,
    isUnknown: ({ event }) => event.type === 'reply.refused' && event.kind === 'unknown-unit',
  },
  actions: {
    connect: emit(({ context }) => ({ type: 'connect', node: context.node })),
    ask: emit(({ context: { farUnitId = '', order } }) => ({
      type: 'ask',
      text: orderRequest(farUnitId, order),
      expects: 'outcome',
    })),
    tellDone: emit({ type: 'tell-unit', news: { type: 'order.done' } }),
    tellRefused: emit((_, text: string) => ({ type: 'tell-unit', news: { type: 'order.refused', text } })),
    tellLost: emit((_, text: string) => ({ type: 'tell-task', news: { type: 'attempt.lost', text } })),
    armAnswer: emit({ type: 'arm-timer', name: 'answer', delayMs: ANSWER_WITHIN_MS }),
    disarmAnswer: emit({ type: 'disarm-timer', name: 'answer' }),
  },
}).createMachine({
  id: 'far-order',
  context: ({ input }) => input,
  initial: 'deciding',
  on: {
    'far.lost': { target: '.over', actions: { type: 'tellLost', params: ({ event }) => event.loss.fault.text } },
    'far.ended': { target: '.over', actions: { type: 'tellLost', params: SESSION_ENDED } },
    stop: '.over',
  },
  states: {
    deciding: {
      always: [{ guard: 'isNeedless', target: 'over', actions: 'tellDone' }, { target: 'connecting' }],
    },
    connecting: { entry: 'connect', on: { 'far.ready': 'asking' } },
    asking: {
      entry: ['ask', 'armAnswer'],
      exit: 'disarmAnswer',
      on: {
        'reply.outcome': { target: 'over', actions: 'tellDone' },
        'reply.refused': [
          { guard: 'isUnknown', target: 'over', actions: 'tellDone' },
          { target: 'over', actions: { type: 'tellRefused', params: ({ event }) => event.text } },
        ],
        'reply.garbled': { target: 'over', actions: { type: 'tellRefused', params: ({ event }) => event.line } },
        'timer.answer': { target: 'over', actions: { type: 'tellLost', params: NO_ANSWER } },
      },
    },
    over: { type: 'final' },
  },
});

export const farOrderActor = defineActor({
  kind: 'far-order',
  machine,
  messages: {
    ...FAR_BASE_MESSAGES,
    'reply.outcome': 'answer',
    'timer.answer': 'timer',
    stop: 'system',
  } as const satisfies { readonly [K in FarOrderMessage['type']]: MessageClass },
  // Nothing was asked yet.
  ignores: {
    connecting: ['reply.outcome', 'reply.refused', 'reply.garbled', 'timer.answer'],
    asking: ['far.ready'],
  },
  needs: ['streams', 'clock'],
  supervision: ESCALATE,
  effects: (ports, self) => {
    const { effects } = attemptOf(ports, self, {
      reply: (reply) => {
        if (reply.type === 'reply.outcome') {
          self.answer(reply);
        }
      },
    });
    return effects;
  },
});
