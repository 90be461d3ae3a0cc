/**
 * One attempt to watch a unit on another node of our own kind: status and output come in one stream, pushed as they
 * change (decision 10). The output goes to the disk beside the machine. A node that does not know this way is asked in
 * the reference's way from then on. Raised by the task, which tries again after a loss, behind what is stored.
 */
import { assign, emit, setup } from 'xstate';
import type { UnitStatus } from '../../protocol/work/status.js';
import { defineActor } from '../ports.js';
import { NO_ANSWER, SESSION_ENDED } from './far-attempt.js';
import { farFollowEffects } from './far-follow-effects.js';
import { followRequest } from './far-requests.js';
import type { FarTaskInput } from './far-task-vocabulary.js';
import { isAllHere, WATCH_ANSWER_MS } from './far-watch-rules.js';
import {
  FAR_FOLLOW_IGNORES,
  FAR_FOLLOW_MESSAGES,
  type FarFollowContext,
  type FarFollowMessage,
  type FarFollowWish,
} from './far-watch-vocabulary.js';
import { ESCALATE } from './unit-vocabulary.js';

const machine = setup({
  types: {
    context: {} as FarFollowContext,
    events: {} as FarFollowMessage,
    emitted: {} as FarFollowWish,
    input: {} as FarTaskInput,
  },
  guards: {
    isAllHere: ({ context }, storedSize: number) => isAllHere(context.status, storedSize),
    isUnknownUnit: ({ event }) => event.type === 'reply.refused' && event.kind === 'unknown-unit',
    isUnknownCommand: ({ event }) => event.type === 'reply.refused' && event.kind === 'unknown-command',
    isWhole: (_, { status, storedSize }: { status: UnitStatus; storedSize: number }) => storedSize >= status.stdoutSize,
  },
  actions: {
    beginSink: emit(({ context: { unitId } }) => ({ type: 'begin-sink', unitId })),
    noteOffset: assign((_, offset: number) => ({ offset })),
    connect: emit(({ context: { node } }) => ({ type: 'connect', node })),
    ask: emit(({ context: { farUnitId = '', offset } }) => ({
      type: 'ask',
      text: followRequest(farUnitId, offset),
      expects: 'follow',
    })),
    noteRequestsOnly: emit(({ context: { node } }) => ({ type: 'note-requests-only', node })),
    tellComplete: emit((_, status: UnitStatus) => ({ type: 'tell-unit', news: { type: 'watch.complete', status } })),
    tellGone: emit(({ context: { offset } }) => ({
      type: 'tell-unit',
      news: { type: 'watch.gone', storedSize: offset },
    })),
    tellAgain: emit({ type: 'tell-task', news: { type: 'attempt.again' } }),
    tellThrived: emit({ type: 'tell-task', news: { type: 'attempt.thrived' } }),
    tellLost: emit((_, text: string) => ({ type: 'tell-task', news: { type: 'attempt.lost', text } })),
    armAnswer: emit({ type: 'arm-timer', name: 'answer', delayMs: WATCH_ANSWER_MS }),
    disarmAnswer: emit({ type: 'disarm-timer', name: 'answer' }),
  },
}).createMachine({
  id: 'far-follow',
  context: ({ input }) => ({ ...input, offset: 0 }),
  initial: 'beginning',
  on: {
    'far.lost': { target: '.over', actions: { type: 'tellLost', params: ({ event }) => event.loss.fault.text } },
    'far.ended': { target: '.over', actions: { type: 'tellLost', params: SESSION_ENDED } },
    'sink.failed': { target: '.over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
    stop: '.over',
  },
  states: {
    beginning: {
      entry: 'beginSink',
      on: {
        'sink.begun': [
          {
            guard: { type: 'isAllHere', params: ({ event }) => event.offset },
            target: 'over',
            actions: { type: 'tellComplete', params: ({ context }) => context.status },
          },
          { target: 'connecting', actions: { type: 'noteOffset', params: ({ event }) => event.offset } },
        ],
      },
    },
    connecting: { entry: 'connect', on: { 'far.ready': 'asking' } },
    asking: {
      entry: ['ask', 'armAnswer'],
      exit: 'disarmAnswer',
      on: {
        'reply.stream': { target: 'streaming', actions: 'tellThrived' },
        'reply.refused': [
          { guard: 'isUnknownUnit', target: 'over', actions: 'tellGone' },
          { guard: 'isUnknownCommand', target: 'over', actions: ['noteRequestsOnly', 'tellAgain'] },
          { target: 'over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
        ],
        'reply.garbled': { target: 'over', actions: { type: 'tellLost', params: ({ event }) => event.line } },
        'timer.answer': { target: 'over', actions: { type: 'tellLost', params: NO_ANSWER } },
      },
    },
    streaming: {
      on: {
        'follow.ended': [
          {
            guard: { type: 'isWhole', params: ({ event }) => event },
            target: 'over',
            actions: { type: 'tellComplete', params: ({ event }) => event.status },
          },
          { target: 'over', actions: { type: 'tellLost', params: 'the output came with gaps' } },
        ],
        'follow.garbled': { target: 'over', actions: { type: 'tellLost', params: ({ event }) => event.text } },
      },
    },
    over: { type: 'final' },
  },
});

export const farFollowActor = defineActor({
  kind: 'far-follow',
  machine,
  messages: FAR_FOLLOW_MESSAGES,
  ignores: FAR_FOLLOW_IGNORES,
  needs: ['streams', 'clock', 'workKit'],
  supervision: ESCALATE,
  effects: farFollowEffects,
});
