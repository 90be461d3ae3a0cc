/**
 * One task on another node - start, watch, cancel or release a unit there - tried until the unit wants it no more. Each
 * attempt is a child with a session of its own, which tells the unit what came of it; this actor only hears of losses,
 * waits a while that grows, or until there is a way to the node again, and lets the next attempt begin.
 */
import { assign, emit, setup } from 'xstate';
import { defineActor } from '../ports.js';
import { farTaskEffects } from './far-task-effects.js';
import {
  FAR_TASK_MESSAGES,
  type FarTaskContext,
  type FarTaskInput,
  type FarTaskMessage,
  type FarTaskWish,
  oneMoreLoss,
  RETRY_JITTER,
  retryDelayMs,
} from './far-task-vocabulary.js';
import { ESCALATE } from './unit-vocabulary.js';

const machine = setup({
  types: {
    context: {} as FarTaskContext,
    events: {} as FarTaskMessage,
    emitted: {} as FarTaskWish,
    input: {} as FarTaskInput,
  },
  actions: {
    raiseAttempt: emit(({ context: { losses: _, ...input } }) => ({ type: 'raise-attempt', ...input })),
    noteLeft: assign((_, farUnitId: string) => ({ farUnitId })),
    countLoss: assign({ losses: ({ context }) => oneMoreLoss(context.losses) }),
    forgetLosses: assign({ losses: 0 }),
    tellLost: emit(({ context: { task, unitId, node } }, text: string) => ({
      type: 'tell-lost',
      task,
      unitId,
      node,
      text,
    })),
    awaitRoute: emit(({ context: { node } }) => ({ type: 'await-route', node })),
    forgetRoute: emit({ type: 'forget-route' }),
    armRetry: emit(({ context: { losses } }) => ({
      type: 'arm-timer',
      name: 'retry',
      delayMs: retryDelayMs(losses),
      jitter: RETRY_JITTER,
    })),
    disarmRetry: emit({ type: 'disarm-timer', name: 'retry' }),
  },
}).createMachine({
  id: 'far-task',
  context: ({ input }) => ({ ...input, losses: 0 }),
  initial: 'attempting',
  on: { stop: '.over' },
  states: {
    attempting: {
      entry: 'raiseAttempt',
      on: {
        'attempt.left': { actions: { type: 'noteLeft', params: ({ event }) => event.farUnitId } },
        'attempt.thrived': { actions: 'forgetLosses' },
        'attempt.again': { target: 'attempting', reenter: true },
        'attempt.lost': {
          target: 'waiting',
          actions: ['countLoss', { type: 'tellLost', params: ({ event }) => event.text }],
        },
      },
    },
    waiting: {
      entry: ['armRetry', 'awaitRoute'],
      exit: ['disarmRetry', 'forgetRoute'],
      on: { 'timer.retry': 'attempting', 'route.found': 'attempting', 'task.hurry': 'attempting' },
    },
    over: { type: 'final' },
  },
});

export const farTaskActor = defineActor({
  kind: 'far-task',
  machine,
  messages: FAR_TASK_MESSAGES,
  ignores: {
    // It is being tried already; and the way was found in the very moment in which the time was up.
    attempting: ['task.hurry', 'route.found', 'timer.retry'],
    // The attempt that was lost has nothing more to say.
    waiting: ['attempt.left', 'attempt.lost', 'attempt.again', 'attempt.thrived'],
  },
  needs: ['names', 'forwarder', 'workKit'],
  supervision: ESCALATE,
  effects: farTaskEffects,
});
