import type { NodeId, UnitId } from '../../protocol/names.js';
import type { RemoteExtraData } from '../../protocol/work/extra-data.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { MessageClass } from '../../runtime/message.js';

/** What a task on another node is told, what it asks for, and what it keeps in mind: the vocabulary of `far-task.actor.ts`. */

export type FarTask = 'start' | 'watch' | 'cancel' | 'release';

export interface FarTaskInput {
  readonly task: FarTask;
  readonly unitId: UnitId;
  readonly node: NodeId;
  readonly extra: RemoteExtraData;
  /** What is there, or may be, by its name there. */
  readonly farUnitId: string | undefined;
  /** What is known of the unit. */
  readonly status: UnitStatus;
}

/** What an attempt tells its task. */
export type AttemptNews =
  /** From now on there may be something over there, under this name. */
  | { readonly type: 'attempt.left'; readonly farUnitId: string }
  /** It led to nothing, now. */
  | { readonly type: 'attempt.lost'; readonly text: string }
  /** Another way has to be tried, at once. */
  | { readonly type: 'attempt.again' }
  /** It went well for a while: the next loss is the first again. */
  | { readonly type: 'attempt.thrived' };

/** What the unit hears of a start; each of the last three is the end of it. */
export type FarStartNews =
  /** It has this name over there. */
  | { readonly type: 'start.left'; readonly farUnitId: string }
  | { readonly type: 'start.done'; readonly farUnitId: string }
  /** It will never be started; `text` says why. */
  | { readonly type: 'start.refused'; readonly text: string }
  | { readonly type: 'start.untrusted'; readonly text: string };

/** What the unit hears of a cancel or a release. */
export type FarOrderNews = { readonly type: 'order.done' } | { readonly type: 'order.refused'; readonly text: string };

/** What the unit hears of the watch. */
export type FarWatchNews =
  | { readonly type: 'far.status'; readonly status: UnitStatus }
  /** It will not change any more, and all its output is here. */
  | { readonly type: 'watch.complete'; readonly status: UnitStatus }
  /** The other node does not know it; `storedSize` bytes of its output are here. */
  | { readonly type: 'watch.gone'; readonly storedSize: number };

export type FarTaskMessage =
  | AttemptNews
  /** From the unit: try now. */
  | { readonly type: 'task.hurry' }
  /** There is a way to the node again. */
  | { readonly type: 'route.found' }
  | { readonly type: 'timer.retry' }
  | { readonly type: 'stop' };

export type FarTaskWish =
  | ({ readonly type: 'raise-attempt' } & FarTaskInput)
  | ({ readonly type: 'tell-lost'; readonly text: string } & Pick<FarTaskInput, 'task' | 'unitId' | 'node'>)
  | { readonly type: 'await-route'; readonly node: NodeId }
  | { readonly type: 'forget-route' }
  | { readonly type: 'arm-timer'; readonly name: 'retry'; readonly delayMs: number; readonly jitter: number }
  | { readonly type: 'disarm-timer'; readonly name: 'retry' };

export interface FarTaskContext extends FarTaskInput {
  /** Losses since it last went well. */
  readonly losses: number;
}

/** Retries grow as in the reference (control-and-work 3.5), but the first come sooner. */
const RETRY_FIRST_MS = 500;
const RETRY_FACTOR = 1.5;
const RETRY_LIMIT_MS = 60_000;
export const RETRY_JITTER = 0.5;
/** Enough to be at the limit: the exponent need not grow further. */
const LOSSES_COUNTED = 64;

export function retryDelayMs(losses: number): number {
  return Math.min(RETRY_LIMIT_MS, RETRY_FIRST_MS * RETRY_FACTOR ** Math.max(0, losses - 1));
}

export function oneMoreLoss(losses: number): number {
  return Math.min(LOSSES_COUNTED, losses + 1);
}

export const FAR_TASK_MESSAGES = {
  'attempt.left': 'answer',
  'attempt.lost': 'answer',
  'attempt.again': 'answer',
  'attempt.thrived': 'answer',
  'task.hurry': 'answer',
  'route.found': 'answer',
  'timer.retry': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in FarTaskMessage['type']]: MessageClass };
