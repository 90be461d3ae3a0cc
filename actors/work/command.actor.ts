/**
 * One run of a command of this machine (control-and-work 3.3), as the worker of a unit: started, watched, and ended when
 * that is ordered. The command has a runner that outlives us (decision 9): after a restart this actor is raised again
 * and finds it by the records in the unit's folder.
 */
import { assign, emit, setup } from 'xstate';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { ProcessSignal } from '../../runtime/process-port.js';
import { defineActor } from '../ports.js';
import { commandEffects } from './command-effects.js';
import {
  COMMAND_IGNORES,
  COMMAND_MESSAGES,
  type CommandContext,
  type CommandInput,
  type CommandMessage,
  type CommandWish,
  endVerdict,
  INTERRUPT_GRACE_MS,
  LOOK_MS,
  lastStatus,
  lossVerdict,
  TERMINATE_GRACE_MS,
  withCommand,
  withRunner,
} from './command-vocabulary.js';
import { CANCELED, failed, type Verdict } from './exit-text.js';
import { DETAIL } from './unit-details.js';
import {
  ESCALATE,
  JOB_STARTED,
  type NewsWeight,
  REFUSAL,
  refusedStart,
  type StartOutcome,
  type WorkerResult,
} from './unit-vocabulary.js';

const machine = setup({
  types: {
    context: {} as CommandContext,
    events: {} as CommandMessage,
    emitted: {} as CommandWish,
    input: {} as CommandInput,
    output: {} as WorkerResult,
  },
  guards: {
    isNew: ({ context }) => context.beginning === 'new',
  },
  actions: {
    checkJob: emit(({ context: { job } }) => ({ type: 'check-job', job })),
    noteWords: assign((_, words: readonly string[]) => ({ words })),
    launch: emit(({ context: { unitId, job, words } }) => ({ type: 'launch', unitId, command: job.command, words })),
    findRunner: emit(({ context: { unitId } }) => ({ type: 'find-runner', unitId })),
    signal: emit((_, signal: ProcessSignal) => ({ type: 'signal', signal })),
    look: emit({ type: 'look' }),
    measure: emit(({ context: { unitId } }) => ({ type: 'measure-output', unitId })),
    tellStarted: emit((_, outcome: StartOutcome) => ({ type: 'tell-started', outcome })),
    note: assign((_, status: UnitStatus) => ({ status })),
    noteDetail: assign(({ context }, detail: string) => ({ status: { ...context.status, detail } })),
    tell: emit(({ context: { status } }, weight: NewsWeight) => ({ type: 'tell-changed', status, weight })),
    judge: assign((_, verdict: Verdict) => ({ verdict })),
    conclude: assign(({ context }, size: number) => ({ status: lastStatus(context, size) })),
    armGrace: emit((_, delayMs: number) => ({ type: 'arm-timer', name: 'grace', delayMs })),
    disarmGrace: emit({ type: 'disarm-timer', name: 'grace' }),
    armLook: emit({ type: 'arm-timer', name: 'look', delayMs: LOOK_MS }),
    disarmLook: emit({ type: 'disarm-timer', name: 'look' }),
  },
}).createMachine({
  id: 'command',
  context: ({ input }) => ({ ...input, words: [], verdict: CANCELED }),
  initial: 'deciding',
  output: ({ context: { status } }) => ({ status }),
  on: { stop: '.ended' },
  states: {
    deciding: { always: [{ guard: 'isNew', target: 'checking' }, { target: 'finding' }] },
    checking: {
      entry: [{ type: 'noteDetail', params: DETAIL.starting }, { type: 'tell', params: 'passing' }, 'checkJob'],
      on: {
        'job.checked': { target: 'launching', actions: { type: 'noteWords', params: ({ event }) => event.words } },
        // To the submitter the work was started, and has failed at once: so says the reference.
        'job.refused': {
          target: 'measuring',
          actions: [
            { type: 'tellStarted', params: JOB_STARTED },
            { type: 'judge', params: ({ event }) => failed(event.text) },
          ],
        },
        'worker.cancel': { target: 'measuring', actions: { type: 'judge', params: CANCELED } },
        'worker.release': { target: 'measuring', actions: { type: 'judge', params: CANCELED } },
      },
    },
    launching: {
      entry: [{ type: 'noteDetail', params: DETAIL.launching }, { type: 'tell', params: 'passing' }, 'launch'],
      on: {
        'runner.started': {
          target: 'starting',
          actions: [
            { type: 'tellStarted', params: JOB_STARTED },
            { type: 'note', params: ({ context, event }) => withRunner(context, event.pid) },
          ],
        },
        'runner.failed': {
          target: 'measuring',
          actions: [
            { type: 'tellStarted', params: ({ event }) => refusedStart(event.text) },
            { type: 'judge', params: ({ event }) => failed(DETAIL.startFailed(event.text)) },
          ],
        },
        'worker.cancel': 'recalled',
        'worker.release': 'recalled',
      },
    },
    /** After a restart: what has an earlier life of this node left? */
    finding: {
      entry: 'findRunner',
      on: {
        'runner.started': {
          target: 'starting',
          actions: { type: 'note', params: ({ context, event }) => withRunner(context, event.pid) },
        },
        'runner.none': {
          target: 'measuring',
          actions: { type: 'judge', params: ({ context }) => lossVerdict(context) },
        },
        'worker.cancel': 'recalled',
        'worker.release': 'recalled',
      },
    },
    /** Not wanted any more before it is known whether there is a runner. */
    recalled: {
      entry: { type: 'tellStarted', params: refusedStart(REFUSAL.cancelled) },
      on: {
        'runner.started': 'ending',
        'runner.failed': { target: 'measuring', actions: { type: 'judge', params: CANCELED } },
        'runner.none': { target: 'measuring', actions: { type: 'judge', params: CANCELED } },
      },
    },
    /** There is a runner, and in a moment the command. */
    starting: {
      entry: { type: 'tell', params: 'passing' },
      on: {
        'command.started': {
          target: 'running',
          actions: { type: 'note', params: ({ context, event }) => withCommand(context, event.pid) },
        },
        'command.ended': {
          target: 'measuring',
          actions: { type: 'judge', params: ({ event }) => endVerdict(event.code) },
        },
        'worker.cancel': 'ending',
        'worker.release': 'ending',
      },
    },
    running: {
      entry: { type: 'tell', params: 'lasting' },
      on: {
        'command.ended': {
          target: 'measuring',
          actions: { type: 'judge', params: ({ event }) => endVerdict(event.code) },
        },
        'worker.cancel': 'ending',
        'worker.release': 'ending',
      },
    },
    /** The whole group is asked to go, more firmly each time. */
    ending: {
      initial: 'interrupted',
      on: {
        'command.ended': { target: 'measuring', actions: { type: 'judge', params: CANCELED } },
      },
      states: {
        interrupted: {
          entry: [
            { type: 'signal', params: 'SIGINT' },
            { type: 'armGrace', params: INTERRUPT_GRACE_MS },
          ],
          exit: 'disarmGrace',
          on: { 'timer.grace': 'terminated' },
        },
        terminated: {
          entry: [
            { type: 'signal', params: 'SIGTERM' },
            { type: 'armGrace', params: TERMINATE_GRACE_MS },
          ],
          exit: 'disarmGrace',
          on: { 'timer.grace': 'killed' },
        },
        killed: {
          entry: [{ type: 'signal', params: 'SIGKILL' }, 'armLook'],
          exit: 'disarmLook',
          on: { 'timer.look': { actions: ['look', 'armLook'] } },
        },
      },
    },
    measuring: {
      entry: 'measure',
      on: {
        'output.measured': { target: 'ended', actions: { type: 'conclude', params: ({ event }) => event.size } },
      },
    },
    ended: { type: 'final' },
  },
});

export const commandActor = defineActor({
  kind: 'command',
  machine,
  messages: COMMAND_MESSAGES,
  ignores: COMMAND_IGNORES,
  needs: ['workKit', 'files', 'processes', 'clock'],
  supervision: ESCALATE,
  effects: commandEffects,
});
