/**
 * One attempt to start a unit's work on another node (control-and-work 3.5): a session with its control service, the
 * submit line, the input from the disk, the result. Raised by the task, which tries again after a loss. If an earlier
 * attempt may have left something there, its fate is asked first: nothing is ever started twice.
 */
import { assign, emit, enqueueActions, setup } from 'xstate';
import { WORK_REFUSAL } from '../../protocol/control/work-reply.js';
import { defineActor } from '../ports.js';
import { NO_ANSWER, SESSION_ENDED } from './far-attempt.js';
import { orderRequest, statusRequest, submitRequest } from './far-requests.js';
import type { FarLoss } from './far-session.js';
import { farStartEffects } from './far-start-effects.js';
import {
  ANSWER_WITHIN_MS,
  FAR_START_IGNORES,
  FAR_START_MESSAGES,
  type FarStartContext,
  type FarStartMessage,
  type FarStartWish,
  isIdTaken,
  leftoverOf,
  RESULT_WITHIN_MS,
  STARTED_EARLY,
} from './far-start-vocabulary.js';
import type { FarTaskInput } from './far-task-vocabulary.js';
import { ESCALATE } from './unit-vocabulary.js';

const machine = setup({
  types: {
    context: {} as FarStartContext,
    events: {} as FarStartMessage,
    emitted: {} as FarStartWish,
    input: {} as FarTaskInput,
  },
  guards: {
    isLater: ({ context }) => context.beginning === 'earlier',
    isTakenByUs: ({ context, event }) =>
      event.type === 'reply.refused' && isIdTaken(event.text) && context.beginning === 'earlier',
    isUnknown: ({ event }) => event.type === 'reply.refused' && event.kind === 'unknown-unit',
    isBegun: ({ event }) => event.type === 'reply.status' && leftoverOf(event.status) === 'adopt',
  },
  actions: {
    connect: emit(({ context }) => ({ type: 'connect', node: context.node })),
    askStatus: emit(({ context }) => ({ type: 'ask', text: statusRequest(nameOf(context)), expects: 'status' })),
    askRelease: emit(({ context }) => ({
      type: 'ask',
      text: orderRequest(nameOf(context), 'release'),
      expects: 'outcome',
    })),
    submit: emit(({ context: { unitId, extra } }) => ({
      type: 'ask',
      text: submitRequest(unitId, extra),
      expects: 'prompt',
    })),
    /** Our own name for it counts until the other node has told its own. */
    leaveOurName: enqueueActions(({ context, enqueue }) => {
      enqueue.emit({ type: 'tell-task', news: { type: 'attempt.left', farUnitId: context.unitId } });
      enqueue.emit({ type: 'tell-unit', news: { type: 'start.left', farUnitId: context.unitId } });
    }),
    leaveName: enqueueActions(({ enqueue }, farUnitId: string) => {
      enqueue.emit({ type: 'tell-task', news: { type: 'attempt.left', farUnitId } });
      enqueue.emit({ type: 'tell-unit', news: { type: 'start.left', farUnitId } });
    }),
    noteName: assign((_, farUnitId: string) => ({ farUnitId })),
    sendInput: emit(({ context }) => ({ type: 'send-input', unitId: context.unitId })),
    tellDone: emit(({ context }) => ({ type: 'tell-unit', news: { type: 'start.done', farUnitId: nameOf(context) } })),
    tellRefused: emit((_, text: string) => ({ type: 'tell-unit', news: { type: 'start.refused', text } })),
    tellLost: emit((_, text: string) => ({ type: 'tell-task', news: { type: 'attempt.lost', text } })),
    tellLoss: emit((_, { kind, fault: { text } }: FarLoss) =>
      kind === 'untrusted'
        ? { type: 'tell-unit', news: { type: 'start.untrusted', text } }
        : { type: 'tell-task', news: { type: 'attempt.lost', text } },
    ),
    armAnswer: emit((_, delayMs: number) => ({ type: 'arm-timer', name: 'answer', delayMs })),
    disarmAnswer: emit({ type: 'disarm-timer', name: 'answer' }),
  },
}).createMachine({
  id: 'far-start',
  context: ({ input }) => ({ ...input, beginning: input.farUnitId === undefined ? 'clean' : 'earlier' }),
  initial: 'connecting',
  on: {
    'far.lost': { target: '.over', actions: { type: 'tellLoss', params: ({ event }) => event.loss } },
    'far.ended': { target: '.over', actions: { type: 'tellLost', params: SESSION_ENDED } },
    'timer.answer': { target: '.over', actions: { type: 'tellLost', params: NO_ANSWER } },
    'reply.refused': { target: '.over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
    'reply.garbled': { target: '.over', actions: { type: 'tellLost', params: ({ event }) => event.line } },
    stop: '.over',
  },
  states: {
    connecting: {
      entry: 'connect',
      on: { 'far.ready': [{ guard: 'isLater', target: 'asking' }, { target: 'submitting' }] },
    },
    /** What has become of the earlier attempt? */
    asking: {
      entry: ['askStatus', { type: 'armAnswer', params: ANSWER_WITHIN_MS }],
      exit: 'disarmAnswer',
      on: {
        'reply.status': [{ guard: 'isBegun', target: 'over', actions: 'tellDone' }, { target: 'clearing' }],
        'reply.refused': { guard: 'isUnknown', target: 'submitting' },
      },
    },
    /** It can never run, and its name is needed. */
    clearing: {
      entry: ['askRelease', { type: 'armAnswer', params: ANSWER_WITHIN_MS }],
      exit: 'disarmAnswer',
      on: { 'reply.outcome': 'submitting', 'reply.refused': { guard: 'isUnknown', target: 'submitting' } },
    },
    submitting: {
      entry: ['leaveOurName', 'submit', { type: 'armAnswer', params: ANSWER_WITHIN_MS }],
      exit: 'disarmAnswer',
      on: {
        'reply.prompt': {
          target: 'starting',
          actions: [
            { type: 'noteName', params: ({ event }) => event.unitId },
            { type: 'leaveName', params: ({ event }) => event.unitId },
          ],
        },
        'reply.refused': [
          { guard: 'isTakenByUs', target: 'over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
          {
            target: 'over',
            actions: { type: 'tellRefused', params: ({ event }) => WORK_REFUSAL.farRefusal(`ERROR: ${event.text}`) },
          },
        ],
        'reply.garbled': {
          target: 'over',
          actions: { type: 'tellRefused', params: ({ event }) => WORK_REFUSAL.farRefusal(event.line) },
        },
      },
    },
    /** The input is on its way, and then the result. An early refusal is one too: the other node has given up. */
    starting: {
      initial: 'sending',
      on: {
        'reply.refused': {
          target: 'over',
          actions: { type: 'tellRefused', params: ({ event }) => WORK_REFUSAL.farError(event.text) },
        },
        'reply.garbled': {
          target: 'over',
          actions: { type: 'tellRefused', params: ({ event }) => WORK_REFUSAL.farRefusal(event.line) },
        },
      },
      states: {
        sending: {
          entry: 'sendInput',
          on: {
            'input.sent': 'awaiting',
            'reply.result': { target: '#far-start.over', actions: { type: 'tellRefused', params: STARTED_EARLY } },
            'input.unreadable': {
              target: '#far-start.over',
              actions: { type: 'tellRefused', params: ({ event }) => event.text },
            },
          },
        },
        awaiting: {
          entry: { type: 'armAnswer', params: RESULT_WITHIN_MS },
          exit: 'disarmAnswer',
          on: { 'reply.result': { target: '#far-start.over', actions: 'tellDone' } },
        },
      },
    },
    over: { type: 'final' },
  },
});

/** The name of the unit over there; our own until we know better. */
function nameOf({ farUnitId, unitId }: FarStartContext): string {
  return farUnitId ?? unitId;
}

export const farStartActor = defineActor({
  kind: 'far-start',
  machine,
  messages: FAR_START_MESSAGES,
  ignores: FAR_START_IGNORES,
  needs: ['streams', 'clock', 'files', 'workKit'],
  supervision: ESCALATE,
  effects: farStartEffects,
});
