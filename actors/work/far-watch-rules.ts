import { isFinal, WORK_STATE } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';

/** What those who watch a unit on another node have in common. */

/** An answer that needs no work to be done first. */
export const WATCH_ANSWER_MS = 30_000;

/** The reference's own rhythm (control-and-work 3.5); and a quicker one while something is moving. */
const POLL_MS = 1_000;
const POLL_MOVING_MS = 250;

/** The unit will not change any more, and nothing of its output is missing here. */
export function isAllHere({ state, stdoutSize }: UnitStatus, storedSize: number): boolean {
  return isFinal(state) && storedSize >= stdoutSize;
}

/** How long to wait until the other node is asked again. */
export function pollDelayMs({ state, stdoutSize }: UnitStatus, storedSize: number): number {
  const isMoving = storedSize < stdoutSize || state === WORK_STATE.pending;
  return isMoving ? POLL_MOVING_MS : POLL_MS;
}
