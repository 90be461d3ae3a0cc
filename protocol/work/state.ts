// The states of a unit of work, their names, and which way they go (control-and-work 3.1).

export const WORK_STATE = { pending: 0, running: 1, succeeded: 2, failed: 3, canceled: 4 } as const;
export type WorkState = (typeof WORK_STATE)[keyof typeof WORK_STATE];

const STATE_NAMES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Canceled'] as const;

/** The name that replies carry as `StateName`. Foreign status files may hold any number. */
export function stateName(state: number): string {
  return STATE_NAMES[state] ?? `Unknown: ${state}`;
}

/** Has the work ended by itself? A cancelled unit does not count: so the reference and receptorctl see it. */
export function isComplete(state: number): boolean {
  return state === WORK_STATE.succeeded || state === WORK_STATE.failed;
}

/** Will the unit not change any more? */
export function isFinal(state: number): boolean {
  return isComplete(state) || state === WORK_STATE.canceled;
}

/**
 * May a unit go from one state to another? Forward or not at all: a final state stays. One exception, after the
 * reference: a runner that was told to stop writes Failed `Killed`, and the cancel that told it overrides that.
 */
export function mayMove(from: number, to: number): boolean {
  if (from === to) return true;
  if (stepOf(to) < 0) return false;
  if (from === WORK_STATE.failed && to === WORK_STATE.canceled) return true;
  return stepOf(from) < stepOf(to);
}

function stepOf(state: number): number {
  if (isFinal(state)) return 2;
  return state === WORK_STATE.pending || state === WORK_STATE.running ? state : -1;
}
