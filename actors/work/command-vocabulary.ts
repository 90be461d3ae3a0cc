import type { UnitId } from '../../protocol/names.js';
import { NO_EXTRA_DATA } from '../../protocol/work/extra-data.js';
import { WORK_STATE } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { MessageClass } from '../../runtime/message.js';
import type { ProcessSignal } from '../../runtime/process-port.js';
import { exitVerdict, failed, type Verdict } from './exit-text.js';
import { DETAIL } from './unit-details.js';
import type { NewsWeight, StartOutcome, WorkerInput, WorkerOrder } from './unit-vocabulary.js';
import type { CommandJob } from './work-types.js';

/** What a run of a command is told, what it asks for, and what it keeps in mind: the vocabulary of `command.actor.ts`. */

export type CommandMessage =
  | WorkerOrder
  /** The command can be started with these words. */
  | { readonly type: 'job.checked'; readonly words: readonly string[] }
  | { readonly type: 'job.refused'; readonly text: string }
  | { readonly type: 'runner.started'; readonly pid: number }
  | { readonly type: 'runner.failed'; readonly text: string }
  /** None was ever started for this unit, and now none can be. */
  | { readonly type: 'runner.none' }
  | { readonly type: 'command.started'; readonly pid: number }
  /** The command has ended, or its runner is gone without a word (`code` undefined). */
  | { readonly type: 'command.ended'; readonly code: number | undefined }
  | { readonly type: 'output.measured'; readonly size: number }
  | { readonly type: 'timer.grace' }
  | { readonly type: 'timer.look' }
  | { readonly type: 'stop' };

export type CommandWish =
  | { readonly type: 'check-job'; readonly job: CommandJob }
  | { readonly type: 'launch'; readonly unitId: UnitId; readonly command: string; readonly words: readonly string[] }
  /** Looks for the runner of an earlier life of this node. */
  | { readonly type: 'find-runner'; readonly unitId: UnitId }
  | { readonly type: 'signal'; readonly signal: ProcessSignal }
  /** Looks now whether the command lives. */
  | { readonly type: 'look' }
  | { readonly type: 'measure-output'; readonly unitId: UnitId }
  | { readonly type: 'tell-started'; readonly outcome: StartOutcome }
  | { readonly type: 'tell-changed'; readonly status: UnitStatus; readonly weight: NewsWeight }
  | { readonly type: 'arm-timer'; readonly name: 'grace' | 'look'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'grace' | 'look' };

export interface CommandInput extends WorkerInput {
  readonly job: CommandJob;
}

export interface CommandContext extends CommandInput {
  readonly words: readonly string[];
  readonly verdict: Verdict;
}

export const COMMAND_MESSAGES = {
  'worker.cancel': 'answer',
  'worker.release': 'answer',
  'job.checked': 'answer',
  'job.refused': 'answer',
  'runner.started': 'answer',
  'runner.failed': 'answer',
  'runner.none': 'answer',
  'command.started': 'answer',
  'command.ended': 'answer',
  'output.measured': 'answer',
  'timer.grace': 'timer',
  'timer.look': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in CommandMessage['type']]: MessageClass };

export const COMMAND_IGNORES = {
  // Each is the answer to one wish, or an event of one runner: elsewhere it comes late, or once more.
  '*': [
    ...(['job.checked', 'job.refused', 'runner.started', 'runner.failed', 'runner.none'] as const),
    ...(['command.started', 'command.ended', 'output.measured', 'timer.grace', 'timer.look'] as const),
  ],
  // It is being ended already, or has ended.
  recalled: ['worker.cancel', 'worker.release'],
  ending: ['worker.cancel', 'worker.release'],
  measuring: ['worker.cancel', 'worker.release'],
} as const satisfies { readonly [state: string]: readonly CommandMessage['type'][] };

/** How long a command may take to end after SIGINT, and then after SIGTERM: together as long as the reference waits. */
export const INTERRUPT_GRACE_MS = 7_000;
export const TERMINATE_GRACE_MS = 3_000;
/** After SIGKILL nobody is left to tell of the end. */
export const LOOK_MS = 100;

/** A runner lives; its command does not yet. */
export function withRunner({ status, job }: CommandContext, pid: number): UnitStatus {
  const extraData = { type: 'command', pid, params: job.params } as const;
  // One that was found running has its command already.
  const isRunning = status.state === WORK_STATE.running;
  return isRunning ? status : { ...status, detail: DETAIL.notStarted, extraData };
}

export function withCommand({ status }: CommandContext, pid: number): UnitStatus {
  return { ...status, state: WORK_STATE.running, detail: DETAIL.running(pid) };
}

export function endVerdict(code: number | undefined): Verdict {
  return code === undefined ? failed(DETAIL.runnerGone) : exitVerdict(code);
}

/** What is said of a unit that was found without a runner. */
export function lossVerdict({ status }: CommandContext): Verdict {
  return failed(status.state === WORK_STATE.running ? DETAIL.runnerGone : DETAIL.pendingAtRestart);
}

/** The last status. The reference, too, forgets the runner once it has ended (control-and-work 3.1). */
export function lastStatus({ status, verdict }: CommandContext, stdoutSize: number): UnitStatus {
  return { ...status, ...verdict, stdoutSize, extraData: NO_EXTRA_DATA };
}
