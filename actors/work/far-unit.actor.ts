/**
 * Work on another node (control-and-work 3.5), as the worker of a unit: started there, watched until all its output is
 * here, cancelled, released. Each is a task, tried until it succeeds. What a restart must know stands in the status.
 */
import { assign, emit, enqueueActions, setup } from 'xstate';
import type { RemoteExtraData } from '../../protocol/work/extra-data.js';
import { isFinal } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import { defineActor } from '../ports.js';
import { failed, type Verdict } from './exit-text.js';
import type { FarTask } from './far-task-vocabulary.js';
import { farUnitEffects } from './far-unit-effects.js';
import {
  expiredVerdict,
  expiryMs,
  FAR_UNIT_IGNORES,
  FAR_UNIT_MESSAGES,
  type FarUnitContext,
  type FarUnitMessage,
  type FarUnitWish,
  FORCE_WITHIN_MS,
  firstFarContext,
  GIVEN_UP,
  judged,
  mannerOf,
  mirrored,
  type OrderRefusal,
  orderRefusal,
  taskOf,
  UNSIGNED,
  untrustedVerdict,
  weightOf,
  withExtra,
  withoutFarUnit,
} from './far-unit-vocabulary.js';
import { DETAIL } from './unit-details.js';
import {
  ESCALATE,
  JOB_STARTED,
  JOB_SUBMITTED,
  refusedStart,
  type StartOutcome,
  type WorkerInput,
  type WorkerResult,
} from './unit-vocabulary.js';

const machine = setup({
  types: {
    context: {} as FarUnitContext,
    events: {} as FarUnitMessage,
    emitted: {} as FarUnitWish,
    input: {} as WorkerInput,
    output: {} as WorkerResult,
  },
  guards: {
    isNew: ({ context }) => context.beginning === 'new',
    isUnsigned: ({ context }) => context.beginning === 'new' && context.extra.signWork,
    isWithdrawn: ({ context: { extra, status } }) =>
      extra.localCancelled && !extra.remoteStarted && !isFinal(status.state),
    isUnstarted: ({ context }) => !context.extra.remoteStarted,
    isReleased: ({ context }) => context.extra.localReleased,
    isCancelled: ({ context }) => context.extra.localCancelled && !isFinal(context.status.state),
    isForced: ({ context }) => context.manner === 'force',
    isOrderLost: ({ event }) => event.type === 'task.lost' && event.task !== 'watch',
  },
  actions: {
    raise: emit(({ context }, task: FarTask) => ({ type: 'raise-task', ...taskOf(context, task) })),
    lower: emit((_, task: FarTask) => ({ type: 'lower-task', task })),
    hurry: emit((_, task: FarTask) => ({ type: 'hurry-task', task })),
    awaitExpiry: enqueueActions(({ context, enqueue }) => {
      const expiresAtMs = expiryMs(context.extra);
      if (expiresAtMs !== undefined) {
        enqueue.emit({ type: 'await-expiry', expiresAtMs });
      }
    }),
    change: enqueueActions(({ context, enqueue }, changes: Partial<RemoteExtraData>) => {
      const changed = withExtra(context, changes);
      enqueue.assign(changed);
      enqueue.emit({ type: 'tell-changed', status: changed.status, weight: 'lasting' });
    }),
    mirror: enqueueActions(({ context, enqueue }, far: UnitStatus) => {
      const status = mirrored(context, far);
      const weight = weightOf(context, status);
      enqueue.assign({ status });
      if (weight !== undefined) {
        enqueue.emit({ type: 'tell-changed', status, weight });
      }
    }),
    tellStarting: emit(({ context: { status } }) => ({ type: 'tell-changed', status, weight: 'passing' })),
    noteLoss: assign(({ context }, storedSize: number) => ({ status: withoutFarUnit(context, storedSize) })),
    judge: assign((_, verdict: Verdict) => ({ verdict })),
    conclude: assign(({ context }) => ({ status: judged(context, context.verdict) })),
    noteManner: assign(({ context, event }) => ({ manner: mannerOf(context, event) })),
    armForce: enqueueActions(({ context, enqueue }) => {
      if (context.manner === 'force') {
        enqueue.emit({ type: 'arm-timer', name: 'force', delayMs: FORCE_WITHIN_MS });
      }
    }),
    tellStarted: emit((_, outcome: StartOutcome) => ({ type: 'tell-started', outcome })),
    tellPending: emit({ type: 'tell-ordered', orders: ['cancel', 'release'], news: 'pending' }),
    tellCancelled: emit({ type: 'tell-ordered', orders: ['cancel'], news: 'done' }),
    tellRefused: emit((_, refusal: OrderRefusal) => ({ type: 'tell-ordered', ...orderRefusal(refusal) })),
  },
}).createMachine({
  id: 'far-unit',
  context: ({ input }) => firstFarContext(input),
  initial: 'deciding',
  output: ({ context: { status } }) => ({ status }),
  on: { stop: '.ended' },
  states: {
    deciding: {
      always: [
        {
          guard: 'isUnsigned',
          target: 'concluding',
          actions: [
            { type: 'tellStarted', params: refusedStart(UNSIGNED) },
            { type: 'judge', params: failed(DETAIL.startFailed(UNSIGNED)) },
          ],
        },
        { guard: 'isNew', target: 'starting', actions: 'tellStarting' },
        { guard: 'isWithdrawn', target: 'withdrawing' },
        {
          guard: 'isUnstarted',
          target: 'concluding',
          actions: { type: 'judge', params: failed(DETAIL.failedToRestart) },
        },
        { guard: 'isReleased', target: 'releasing' },
        { guard: 'isCancelled', target: 'started.cancelling' },
        { target: 'started' },
      ],
    },
    starting: {
      entry: [{ type: 'raise', params: 'start' }, 'awaitExpiry'],
      exit: { type: 'lower', params: 'start' },
      on: {
        'start.left': { actions: { type: 'change', params: ({ event }) => ({ remoteUnitId: event.farUnitId }) } },
        'start.done': {
          target: 'started',
          actions: [
            { type: 'change', params: ({ event }) => ({ remoteUnitId: event.farUnitId, remoteStarted: true }) },
            { type: 'tellStarted', params: JOB_STARTED },
          ],
        },
        'start.refused': {
          target: 'concluding',
          actions: [
            { type: 'tellStarted', params: ({ event }) => refusedStart(event.text) },
            { type: 'judge', params: ({ event }) => failed(DETAIL.startFailed(event.text)) },
          ],
        },
        'start.untrusted': {
          target: 'concluding',
          actions: [
            { type: 'tellStarted', params: JOB_SUBMITTED },
            { type: 'judge', params: ({ event }) => untrustedVerdict(event.text) },
          ],
        },
        'task.lost': { actions: { type: 'tellStarted', params: JOB_SUBMITTED } },
        'expiry.came': {
          target: 'withdrawing',
          actions: { type: 'judge', params: ({ context }) => expiredVerdict(context.extra) },
        },
        'worker.cancel': 'withdrawing',
        'worker.release': { target: 'withdrawing', actions: ['noteManner', { type: 'change', params: GIVEN_UP }] },
      },
    },
    /** It was not started, as far as we know; what may be over there all the same must go. */
    withdrawing: {
      entry: [{ type: 'change', params: { localCancelled: true } }, { type: 'raise', params: 'release' }, 'armForce'],
      exit: { type: 'lower', params: 'release' },
      on: {
        'order.done': 'concluding',
        'order.refused': 'concluding',
        'task.lost': { guard: 'isOrderLost', actions: 'tellPending' },
        'timer.force': 'concluding',
        'worker.cancel': { actions: { type: 'hurry', params: 'release' } },
        'worker.release': { actions: ['noteManner', 'armForce', { type: 'hurry', params: 'release' }] },
      },
    },
    /** It runs there, or has run. */
    started: {
      entry: { type: 'raise', params: 'watch' },
      exit: { type: 'lower', params: 'watch' },
      initial: 'following',
      on: {
        'far.status': { actions: { type: 'mirror', params: ({ event }) => event.status } },
        'watch.complete': { target: 'ended', actions: { type: 'mirror', params: ({ event }) => event.status } },
        'watch.gone': { target: 'ended', actions: { type: 'noteLoss', params: ({ event }) => event.storedSize } },
        'worker.release': { target: 'releasing', actions: 'noteManner' },
      },
      states: {
        following: { on: { 'worker.cancel': 'cancelling' } },
        cancelling: {
          entry: [
            { type: 'change', params: { localCancelled: true } },
            { type: 'raise', params: 'cancel' },
          ],
          exit: { type: 'lower', params: 'cancel' },
          on: {
            'order.done': 'cancelled',
            'order.refused': {
              target: 'following',
              actions: { type: 'tellRefused', params: ({ event }) => ({ order: 'cancel', text: event.text }) },
            },
            'task.lost': { guard: 'isOrderLost', actions: 'tellPending' },
            'worker.cancel': { actions: { type: 'hurry', params: 'cancel' } },
          },
        },
        /** The other node has obeyed; its last word and the rest of the output are on their way. */
        cancelled: { entry: 'tellCancelled', on: { 'worker.cancel': { actions: 'tellCancelled' } } },
      },
    },
    releasing: {
      entry: [{ type: 'change', params: GIVEN_UP }, { type: 'raise', params: 'release' }, 'armForce'],
      exit: { type: 'lower', params: 'release' },
      on: {
        'order.done': 'ended',
        'order.refused': [
          { guard: 'isForced', target: 'ended' },
          {
            target: 'started',
            actions: [
              { type: 'change', params: { localReleased: false } },
              { type: 'tellRefused', params: ({ event }) => ({ order: 'release', text: event.text }) },
            ],
          },
        ],
        'task.lost': [
          { guard: 'isForced', target: 'ended' },
          { guard: 'isOrderLost', actions: 'tellPending' },
        ],
        'timer.force': 'ended',
        'worker.release': { actions: ['noteManner', 'armForce', { type: 'hurry', params: 'release' }] },
      },
    },
    concluding: { entry: 'conclude', always: 'ended' },
    ended: { type: 'final' },
  },
});

export const farUnitActor = defineActor({
  kind: 'far-unit',
  machine,
  messages: FAR_UNIT_MESSAGES,
  ignores: FAR_UNIT_IGNORES,
  needs: ['workKit', 'files', 'clock'],
  supervision: ESCALATE,
  effects: farUnitEffects,
});
