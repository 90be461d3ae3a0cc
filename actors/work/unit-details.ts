import { WORK_STATE } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';

/** Sentences of a unit's status, in the words of the reference where it has any (control-and-work 3.1, 3.3, 3.5). */
export const DETAIL = {
  waiting: 'Waiting for Input Data',
  starting: 'Starting Worker',
  launching: 'Launching command runner',
  notStarted: 'Not started yet',
  running: (pid: number) => `Running: PID ${pid}`,
  canceled: 'Canceled',
  locallyCancelled: 'Locally Cancelled',
  inputFailed: (reason: string) => `Error reading input data: ${reason}`,
  startFailed: (text: string) => `Error starting worker: ${text}`,
  pendingAtRestart: 'Pending at restart',
  failedToRestart: 'Failed to restart: remote work had not previously started',
  expired: (when: string) => `Work unit expired on ${when}`,
  farGone: 'Remote work unit is gone',
  untrusted: (text: string) => `TLS error connecting to remote service: ${text}`,
  handshakeTooLarge: (text: string) =>
    `QUIC crypto buffer exceeded. CA bundle may be too large (limit: 16KB). See KCS 7129200: ${text}`,
  /** Ours: the reference shows such a unit as running for ever. */
  runnerGone: 'the command was lost: its runner is gone and left no exit status',
  workerFailed: (text: string) => `the work was given up after faults of this program: ${text}`,
} as const;

/** The same unit, not yet running, with something else to say. */
export function pending(status: UnitStatus, detail: string): UnitStatus {
  return { ...status, state: WORK_STATE.pending, detail };
}
