/**
 * One unit of work, as its clients see it (control-and-work 3): its folder, its input, its last word, its removal. What
 * is done in between is done by a worker, one for commands of this machine and one for work on other nodes. Raised by
 * the manager: for a new unit, for one that is found at the start and may still change, and for a finished one that
 * somebody wants something of.
 */
import { assign, emit, enqueueActions, setup } from 'xstate';
import { isFinal } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { ReplyTo } from '../../runtime/message.js';
import { TELL_PARENT } from '../../runtime/supervisor.js';
import type { WorkOutcome } from '../control/work-desk.js';
import { defineActor } from '../ports.js';
import { unitEffects } from './unit-effects.js';
import {
  canceledUnstarted,
  cancelledAlready,
  firstContext,
  inputless,
  inputOf,
  isReleasedThere,
  ordered,
  releaseRefused,
  removalGivenUp,
  repliesTo,
  replyToSubmitter,
  shownOf,
  tooEarly,
  tooLate,
  waitersLeft,
  workerStatus,
} from './unit-rules.js';
import {
  type NewsWeight,
  type OrdersNews,
  READY,
  REFUSAL,
  REMOVALS_MAX,
  refusedStart,
  TIMERS,
  UNIT_IGNORES,
  UNIT_MESSAGES,
  type UnitContext,
  type UnitInput,
  type UnitMessage,
  type UnitOrder,
  type UnitTimer,
  type UnitWish,
} from './unit-vocabulary.js';

const machine = setup({
  types: { context: {} as UnitContext, events: {} as UnitMessage, emitted: {} as UnitWish, input: {} as UnitInput },
  guards: {
    isNew: ({ context }) => context.beginning === 'new',
    isKept: ({ context }) => context.plan.type === 'unknown' || isFinal(context.status.state),
    isFar: ({ context }) => context.plan.type === 'far',
    /** The release was ordered in an earlier life. */
    isReleased: ({ context, event }) => isReleasedThere(workerStatus(context, event)),
    mayTryAgain: ({ context }) => context.removals < REMOVALS_MAX,
    isForced: ({ context }) => context.manner === 'force',
  },
  actions: {
    makeFolder: emit(({ context }) => ({ type: 'make-folder', ...shownOf(context) })),
    closeIntake: emit({ type: 'close-intake' }),
    answer: emit((_, reply: { to: ReplyTo; value: unknown }) => ({ type: 'reply', ...reply })),
    keepSubmitter: assign((_, submitter: ReplyTo) => ({ submitter })),
    tellSubmitter: enqueueActions(({ context, enqueue }, value: WorkOutcome<string>) => {
      const reply = replyToSubmitter(context, value);
      if (reply !== undefined) {
        enqueue.emit(reply);
        enqueue.assign({ submitter: undefined });
      }
    }),
    addWaiter: assign(({ context, event }) => ordered(context, event)),
    tellWaiters: enqueueActions(({ context, enqueue }, news: OrdersNews) => {
      for (const reply of repliesTo(context.waiters, news)) {
        enqueue.emit(reply);
      }
      enqueue.assign({ waiters: waitersLeft(context.waiters, news) });
    }),
    note: assign((_, status: UnitStatus) => ({ status })),
    show: emit(({ context }, weight: NewsWeight) => ({ type: 'show-status', ...shownOf(context), weight })),
    settle: emit(({ context }) => ({ type: 'settle-status', ...shownOf(context) })),
    raiseWorker: emit(({ context }) => ({ type: 'raise-worker', ...inputOf(context) })),
    noteInputFault: assign(({ context, event }) => ({ status: inputless(context, event) })),
    noteCanceled: assign(({ context }) => ({ status: canceledUnstarted(context) })),
    noteResult: assign(({ context, event }) => ({ status: workerStatus(context, event) })),
    order: emit(({ context }, order: UnitOrder) => ({ type: 'order-worker', order, manner: context.manner })),
    remove: emit(({ context: { unitId } }) => ({ type: 'remove-folder', unitId })),
    countRemoval: assign({ removals: ({ context }) => context.removals + 1 }),
    giveUpRemoval: assign(({ context }) => removalGivenUp(context)),
    forget: emit(({ context: { unitId } }) => ({ type: 'forget-unit', unitId })),
    arm: emit((_, timer: UnitTimer) => ({ type: 'arm-timer', ...timer })),
  },
}).createMachine({
  id: 'unit',
  context: ({ input }) => firstContext(input),
  initial: 'deciding',
  on: {
    'input.wanted': { actions: { type: 'answer', params: ({ event }) => tooLate(event) } },
    'input.complete': { actions: { type: 'answer', params: ({ event }) => tooLate(event) } },
    'unit.cancel': { actions: { type: 'answer', params: ({ event }) => cancelledAlready(event) } },
    'unit.release': [
      { guard: 'isFar', target: '.working.releasing', actions: 'addWaiter' },
      { target: '.removing', actions: 'addWaiter' },
    ],
    stop: '.ended',
  },
  states: {
    deciding: {
      always: [{ guard: 'isNew', target: 'creating' }, { guard: 'isKept', target: 'resting' }, { target: 'working' }],
    },
    creating: {
      entry: 'makeFolder',
      on: {
        'folder.made': 'receiving',
        'folder.failed': {
          target: 'ended',
          actions: [{ type: 'tellSubmitter', params: ({ event }) => refusedStart(event.text) }, 'forget'],
        },
        'input.wanted': { actions: { type: 'keepSubmitter', params: ({ event }) => event.replyTo } },
        'unit.cancel': { actions: { type: 'answer', params: ({ event }) => tooEarly(event) } },
        'unit.release': { actions: { type: 'answer', params: ({ event }) => tooEarly(event) } },
      },
    },
    receiving: {
      entry: [
        { type: 'tellSubmitter', params: READY },
        { type: 'show', params: 'passing' },
      ],
      exit: 'closeIntake',
      on: {
        'input.wanted': { actions: { type: 'answer', params: ({ event }) => ({ to: event.replyTo, value: READY }) } },
        'input.complete': {
          target: 'working',
          actions: { type: 'keepSubmitter', params: ({ event }) => event.replyTo },
        },
        'input.failed': { target: 'settling', actions: 'noteInputFault' },
        'unit.cancel': { target: 'settling', actions: ['addWaiter', 'noteCanceled'] },
        'unit.release': { target: 'removing', actions: 'addWaiter' },
      },
    },
    /** A worker is at it. */
    working: {
      entry: 'raiseWorker',
      initial: 'calm',
      on: {
        'work.started': { actions: { type: 'tellSubmitter', params: ({ event }) => event.outcome } },
        'work.changed': {
          actions: [
            { type: 'note', params: ({ event }) => event.status },
            { type: 'show', params: ({ event }) => event.weight },
          ],
        },
        'work.ordered': {
          actions: { type: 'tellWaiters', params: ({ event: { orders, news } }) => ({ orders, news }) },
        },
        'child.ended': [
          { guard: 'isReleased', target: 'removing', actions: 'noteResult' },
          { target: 'settling', actions: 'noteResult' },
        ],
      },
      states: {
        calm: {
          on: {
            'unit.cancel': { target: 'cancelling', actions: 'addWaiter' },
            'unit.release': { target: 'releasing', actions: 'addWaiter' },
          },
        },
        cancelling: {
          entry: { type: 'order', params: 'cancel' },
          on: {
            'unit.cancel': { target: 'cancelling', reenter: true, actions: 'addWaiter' },
            'unit.release': { target: 'releasing', actions: 'addWaiter' },
          },
        },
        releasing: {
          entry: { type: 'order', params: 'release' },
          on: {
            'unit.cancel': { actions: 'addWaiter' },
            'unit.release': { target: 'releasing', reenter: true, actions: 'addWaiter' },
            'child.ended': { target: '#unit.removing', actions: 'noteResult' },
          },
        },
      },
    },
    /** It will not change any more; its last status is being written. */
    settling: {
      entry: { type: 'tellSubmitter', params: refusedStart(REFUSAL.cancelled) },
      initial: 'writing',
      states: {
        writing: {
          entry: ['settle', { type: 'tellWaiters', params: { orders: ['cancel'], news: 'done' } }],
          on: { 'status.settled': '#unit.ended', 'status.unsettled': 'waiting' },
        },
        waiting: {
          entry: { type: 'arm', params: TIMERS.settle },
          on: { 'timer.settle': 'writing' },
        },
      },
    },
    /** Finished; somebody has something to ask. */
    resting: {
      entry: { type: 'arm', params: TIMERS.rest },
      on: { 'timer.rest': 'ended' },
    },
    removing: {
      entry: { type: 'tellSubmitter', params: refusedStart(REFUSAL.released) },
      initial: 'trying',
      on: { 'unit.release': { actions: 'addWaiter' } },
      states: {
        trying: {
          entry: ['countRemoval', 'remove'],
          on: {
            'folder.removed': '#unit.gone',
            'folder.stuck': [
              { guard: 'mayTryAgain', target: 'waiting' },
              { guard: 'isForced', target: '#unit.gone' },
              {
                target: '#unit.settling',
                actions: [{ type: 'tellWaiters', params: ({ event }) => releaseRefused(event.text) }, 'giveUpRemoval'],
              },
            ],
          },
        },
        waiting: {
          entry: { type: 'arm', params: TIMERS.removal },
          on: { 'timer.removal': 'trying' },
        },
      },
    },
    gone: {
      entry: ['forget', { type: 'tellWaiters', params: { orders: ['cancel', 'release'], news: 'done' } }],
      always: 'ended',
    },
    ended: { type: 'final' },
  },
});

export const unitActor = defineActor({
  kind: 'unit',
  machine,
  messages: UNIT_MESSAGES,
  ignores: UNIT_IGNORES,
  needs: ['workKit', 'files'],
  supervision: TELL_PARENT,
  effects: unitEffects,
});
