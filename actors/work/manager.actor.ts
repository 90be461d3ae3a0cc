/**
 * The units of this node (control-and-work 3). One per node. At the start it reads what earlier lives have left, before
 * it says that it is ready; then it raises an actor for each new unit, and for a finished one that somebody wants
 * something of. Finished units cost their status and nothing else.
 */
import { assign, emit, setup } from 'xstate';
import type { UnitId } from '../../protocol/names.js';
import type { MessageClass, ReplyTo } from '../../runtime/message.js';
import type { ChildEnded } from '../../runtime/self.js';
import { defineActor } from '../ports.js';
import type { NewUnit } from './submit-rules.js';
import { managerEffects } from './work-effects.js';
import { type ManagerContext, type ManagerMessage, type ManagerWish, RETRY_MS } from './work-vocabulary.js';

const machine = setup({
  types: { context: {} as ManagerContext, events: {} as ManagerMessage, emitted: {} as ManagerWish },
  actions: {
    recover: emit({ type: 'recover' }),
    tellReady: emit({ type: 'tell-ready' }),
    noteError: assign((_, lastError: string) => ({ lastError })),
    tellFailed: emit((_, text: string) => ({ type: 'tell-failed', text })),
    create: emit((_, wish: { unit: NewUnit; unitId: UnitId | undefined; replyTo: ReplyTo }) => ({
      type: 'create',
      ...wish,
    })),
    refuse: emit(({ context }, to: ReplyTo) => ({
      type: 'reply',
      to,
      value: {
        ok: false,
        refusal: `work is not ready yet${context.lastError === undefined ? '' : `: ${context.lastError}`}`,
      },
    })),
    tellActor: emit((_, wish: { unitId: UnitId; replyTo: ReplyTo }) => ({ type: 'tell-actor', ...wish })),
    seek: emit((_, wish: { unitId: UnitId; replyTo: ReplyTo }) => ({ type: 'seek', ...wish })),
    noteEnd: emit((_, ended: ChildEnded) => ({ type: 'note-end', ended })),
    armRetry: emit({ type: 'arm-timer', name: 'retry', delayMs: RETRY_MS }),
  },
}).createMachine({
  id: 'manager',
  context: { lastError: undefined },
  initial: 'recovering',
  on: {
    'unit.wanted': { actions: { type: 'refuse', params: ({ event }) => event.replyTo } },
    'actor.wanted': {
      actions: { type: 'tellActor', params: ({ event: { unitId, replyTo } }) => ({ unitId, replyTo }) },
    },
    'unit.sought': { actions: { type: 'seek', params: ({ event: { unitId, replyTo } }) => ({ unitId, replyTo }) } },
    'child.ended': { actions: { type: 'noteEnd', params: ({ event }) => event } },
    stop: '.stopped',
  },
  states: {
    recovering: {
      entry: 'recover',
      on: {
        'recovery.done': 'serving',
        'recovery.failed': {
          target: 'waiting',
          actions: [
            { type: 'noteError', params: ({ event }) => event.text },
            { type: 'tellFailed', params: ({ event }) => event.text },
          ],
        },
      },
    },
    serving: {
      entry: 'tellReady',
      on: {
        'unit.wanted': {
          actions: {
            type: 'create',
            params: ({ event: { unit, unitId, replyTo } }) => ({ unit, unitId, replyTo }),
          },
        },
      },
    },
    /** The data folder cannot be used. */
    waiting: { entry: 'armRetry', on: { 'timer.retry': 'recovering' } },
    stopped: { type: 'final' },
  },
});

export const managerActor = defineActor({
  kind: 'work',
  machine,
  messages: {
    'unit.wanted': 'request',
    'actor.wanted': 'request',
    'unit.sought': 'request',
    'recovery.done': 'answer',
    'recovery.failed': 'answer',
    'child.ended': 'system',
    'timer.retry': 'timer',
    stop: 'system',
  } as const satisfies { readonly [K in ManagerMessage['type']]: MessageClass },
  // One recovery at a time, and one wait.
  ignores: { '*': ['recovery.done', 'recovery.failed', 'timer.retry'] },
  mailbox: { capacity: 8_192 },
  needs: ['node', 'random', 'files', 'workKit'],
  effects: managerEffects,
});
