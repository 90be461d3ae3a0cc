/**
 * One attempt to watch a unit on a node that speaks the reference's dialect (control-and-work 3.5): its status is asked
 * for again and again on one session, and its output fetched on another. It is done when the unit is, and all of its
 * output is here; the end of a stream says nothing. Raised by the task, which tries again after a loss.
 */
import { assign, emit, setup } from 'xstate';
import type { UnitStatus } from '../../protocol/work/status.js';
import { defineActor } from '../ports.js';
import { NO_ANSWER, SESSION_ENDED } from './far-attempt.js';
import { farPollEffects } from './far-poll-effects.js';
import { statusRequest } from './far-requests.js';
import type { FarTaskInput } from './far-task-vocabulary.js';
import { isAllHere, pollDelayMs, WATCH_ANSWER_MS } from './far-watch-rules.js';
import {
  FAR_POLL_IGNORES,
  FAR_POLL_MESSAGES,
  type FarPollContext,
  type FarPollMessage,
  type FarPollWish,
} from './far-watch-vocabulary.js';
import { ESCALATE } from './unit-vocabulary.js';

const machine = setup({
  types: {
    context: {} as FarPollContext,
    events: {} as FarPollMessage,
    emitted: {} as FarPollWish,
    input: {} as FarTaskInput,
  },
  guards: {
    isAllHere: ({ context }, storedSize: number) => isAllHere(context.status, storedSize),
    isMissing: ({ context }, storedSize: number) => storedSize < context.status.stdoutSize,
    isUnknownUnit: ({ event }) => event.type === 'reply.refused' && event.kind === 'unknown-unit',
  },
  actions: {
    openOutput: emit(({ context: { unitId } }) => ({ type: 'open-output', unitId })),
    settleOutput: emit(({ context: { unitId } }) => ({ type: 'settle-output', unitId })),
    connect: emit(({ context: { node } }) => ({ type: 'connect', node })),
    raiseFetch: emit(({ context: { storedSize: _, ...input } }) => ({ type: 'raise-fetch', ...input })),
    orderFetch: emit({ type: 'order-fetch' }),
    ask: emit(({ context: { farUnitId = '' } }) => ({
      type: 'ask',
      text: statusRequest(farUnitId),
      expects: 'status',
    })),
    note: assign((_, status: UnitStatus) => ({ status })),
    noteSize: assign((_, storedSize: number) => ({ storedSize })),
    weigh: emit(({ context: { status } }) => ({ type: 'weigh-output', status })),
    forgetDialect: emit(({ context: { node } }) => ({ type: 'forget-dialect', node })),
    tellStatus: emit((_, status: UnitStatus) => ({ type: 'tell-unit', news: { type: 'far.status', status } })),
    tellComplete: emit(({ context: { status } }) => ({
      type: 'tell-unit',
      news: { type: 'watch.complete', status },
    })),
    tellGone: emit((_, storedSize: number) => ({ type: 'tell-unit', news: { type: 'watch.gone', storedSize } })),
    tellThrived: emit({ type: 'tell-task', news: { type: 'attempt.thrived' } }),
    tellLost: emit((_, text: string) => ({ type: 'tell-task', news: { type: 'attempt.lost', text } })),
    armAnswer: emit({ type: 'arm-timer', name: 'answer', delayMs: WATCH_ANSWER_MS }),
    disarmAnswer: emit({ type: 'disarm-timer', name: 'answer' }),
    armPause: emit(({ context: { status, storedSize } }) => ({
      type: 'arm-timer',
      name: 'pause',
      delayMs: pollDelayMs(status, storedSize),
    })),
    disarmPause: emit({ type: 'disarm-timer', name: 'pause' }),
  },
}).createMachine({
  id: 'far-poll',
  context: ({ input }) => ({ ...input, storedSize: 0 }),
  initial: 'opening',
  on: {
    'far.lost': {
      target: '.over',
      actions: ['forgetDialect', { type: 'tellLost', params: ({ event }) => event.loss.fault.text }],
    },
    'far.ended': { target: '.over', actions: ['forgetDialect', { type: 'tellLost', params: SESSION_ENDED }] },
    stop: '.over',
  },
  states: {
    opening: {
      entry: 'openOutput',
      on: {
        'output.weighed': [
          {
            guard: { type: 'isAllHere', params: ({ event }) => event.storedSize },
            target: 'over',
            actions: 'tellComplete',
          },
          { target: 'connecting', actions: { type: 'noteSize', params: ({ event }) => event.storedSize } },
        ],
        'output.unreadable': { target: 'over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
      },
    },
    connecting: { entry: 'connect', on: { 'far.ready': { target: 'polling', actions: 'tellThrived' } } },
    polling: {
      entry: 'raiseFetch',
      initial: 'asking',
      on: {
        'output.weighed': [
          {
            guard: { type: 'isAllHere', params: ({ event }) => event.storedSize },
            target: 'over',
            actions: 'tellComplete',
          },
          { actions: { type: 'noteSize', params: ({ event }) => event.storedSize } },
        ],
      },
      states: {
        asking: {
          entry: ['ask', 'armAnswer'],
          exit: 'disarmAnswer',
          on: {
            'reply.status': {
              target: 'weighing',
              actions: [
                { type: 'note', params: ({ event }) => event.status },
                { type: 'tellStatus', params: ({ event }) => event.status },
              ],
            },
            'reply.refused': [
              { guard: 'isUnknownUnit', target: '#far-poll.parting' },
              { target: '#far-poll.over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
            ],
            'reply.garbled': {
              target: '#far-poll.over',
              actions: { type: 'tellLost', params: ({ event }) => event.line },
            },
            'timer.answer': { target: '#far-poll.over', actions: { type: 'tellLost', params: NO_ANSWER } },
          },
        },
        weighing: {
          entry: 'weigh',
          on: {
            'output.weighed': [
              {
                guard: { type: 'isAllHere', params: ({ event }) => event.storedSize },
                target: '#far-poll.over',
                actions: 'tellComplete',
              },
              {
                guard: { type: 'isMissing', params: ({ event }) => event.storedSize },
                target: 'pausing',
                actions: [{ type: 'noteSize', params: ({ event }) => event.storedSize }, 'orderFetch'],
              },
              { target: 'pausing', actions: { type: 'noteSize', params: ({ event }) => event.storedSize } },
            ],
          },
        },
        pausing: { entry: 'armPause', exit: 'disarmPause', on: { 'timer.pause': 'asking' } },
      },
    },
    /** The other node does not know it any more. What came of its output meanwhile is stored, and then counted. */
    parting: {
      entry: 'settleOutput',
      on: {
        'output.weighed': {
          target: 'over',
          actions: { type: 'tellGone', params: ({ event }) => event.storedSize },
        },
        'output.unreadable': { target: 'over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
      },
    },
    over: { type: 'final' },
  },
});

export const farPollActor = defineActor({
  kind: 'far-poll',
  machine,
  messages: FAR_POLL_MESSAGES,
  ignores: FAR_POLL_IGNORES,
  needs: ['streams', 'clock', 'workKit'],
  supervision: ESCALATE,
  effects: farPollEffects,
});
