/**
 * Fetches the output of a unit from a node that speaks the reference's dialect (control-and-work 2.5): a session for each
 * stream of results, behind what is stored; without orders it rests. Raised by the poller, which knows how much there
 * is. The bytes go to the disk beside the machine, and when they are enough the poller ends all of it: a Go node never
 * ends the stream by itself.
 */
import { assign, emit, setup } from 'xstate';
import { defineActor } from '../ports.js';
import { farFetchEffects } from './far-fetch-effects.js';
import { resultsRequest } from './far-requests.js';
import type { FarTaskInput } from './far-task-vocabulary.js';
import { WATCH_ANSWER_MS } from './far-watch-rules.js';
import {
  FAR_FETCH_IGNORES,
  FAR_FETCH_MESSAGES,
  type FarFetchContext,
  type FarFetchMessage,
  type FarFetchWish,
} from './far-watch-vocabulary.js';
import { ESCALATE } from './unit-vocabulary.js';

const machine = setup({
  types: {
    context: {} as FarFetchContext,
    events: {} as FarFetchMessage,
    emitted: {} as FarFetchWish,
    input: {} as FarTaskInput,
  },
  actions: {
    beginSink: emit(({ context: { unitId } }) => ({ type: 'begin-sink', unitId })),
    noteOffset: assign((_, offset: number) => ({ offset })),
    connect: emit(({ context: { node } }) => ({ type: 'connect', node })),
    disconnect: emit({ type: 'disconnect' }),
    ask: emit(({ context: { farUnitId = '', offset } }) => ({
      type: 'ask',
      text: resultsRequest(farUnitId, offset),
      expects: 'results',
    })),
    armAnswer: emit({ type: 'arm-timer', name: 'answer', delayMs: WATCH_ANSWER_MS }),
    disarmAnswer: emit({ type: 'disarm-timer', name: 'answer' }),
  },
}).createMachine({
  id: 'far-fetch',
  context: ({ input }) => ({ ...input, offset: 0 }),
  initial: 'resting',
  on: { stop: '.over' },
  states: {
    resting: { on: { 'fetch.wanted': 'fetching' } },
    fetching: {
      initial: 'beginning',
      exit: 'disconnect',
      // Whatever went wrong: the poller sees what is missing, and orders it again.
      on: { 'far.lost': 'resting', 'far.ended': 'resting', 'sink.failed': 'resting' },
      states: {
        beginning: {
          entry: 'beginSink',
          on: {
            'sink.begun': {
              target: 'connecting',
              actions: { type: 'noteOffset', params: ({ event }) => event.offset },
            },
          },
        },
        connecting: { entry: 'connect', on: { 'far.ready': 'asking' } },
        asking: {
          entry: ['ask', 'armAnswer'],
          exit: 'disarmAnswer',
          on: {
            'reply.stream': 'streaming',
            'reply.refused': '#far-fetch.resting',
            'reply.garbled': '#far-fetch.resting',
            'timer.answer': '#far-fetch.resting',
          },
        },
        streaming: {},
      },
    },
    over: { type: 'final' },
  },
});

export const farFetchActor = defineActor({
  kind: 'far-fetch',
  machine,
  messages: FAR_FETCH_MESSAGES,
  ignores: FAR_FETCH_IGNORES,
  needs: ['streams', 'clock', 'workKit'],
  supervision: ESCALATE,
  effects: farFetchEffects,
});
