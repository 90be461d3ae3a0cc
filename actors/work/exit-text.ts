import { WORK_STATE, type WorkState } from '../../protocol/work/state.js';

/** A shell's exit status for a command that a signal ended is this and the signal's number. */
const SIGNALLED = 128;

/** Go's words for the signals 1 to 31 of Linux, which users and AWX see in `signal: killed`. */
const SIGNAL_NAMES = [
  ...['hangup', 'interrupt', 'quit', 'illegal instruction', 'trace/breakpoint trap', 'aborted', 'bus error'],
  ...['floating point exception', 'killed', 'user defined signal 1', 'segmentation fault', 'user defined signal 2'],
  ...['broken pipe', 'alarm clock', 'terminated', 'stack fault', 'child exited', 'continued', 'stopped (signal)'],
  ...['stopped', 'stopped (tty input)', 'stopped (tty output)', 'urgent I/O condition', 'CPU time limit exceeded'],
  ...['file size limit exceeded', 'virtual timer expired', 'profiling timer expired', 'window changed'],
  ...['I/O possible', 'power failure', 'bad system call'],
] as const;

/** How a unit has ended, or why it failed. */
export interface Verdict {
  readonly state: WorkState;
  readonly detail: string;
}

/** What a command's exit status means (control-and-work 3.1). */
export function exitVerdict(code: number): Verdict {
  const signal = SIGNAL_NAMES[code - SIGNALLED - 1];
  if (signal !== undefined) {
    return { state: WORK_STATE.failed, detail: `signal: ${signal}` };
  }
  return { state: code === 0 ? WORK_STATE.succeeded : WORK_STATE.failed, detail: `exit status ${code}` };
}

export function failed(detail: string): Verdict {
  return { state: WORK_STATE.failed, detail };
}

export const CANCELED: Verdict = { state: WORK_STATE.canceled, detail: 'Canceled' };
