import type { UnitId } from '../../protocol/names.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { MessageClass, ReplyTo } from '../../runtime/message.js';
import type { ChildEnded } from '../../runtime/self.js';
import { type SupervisionPolicy, TELL_PARENT } from '../../runtime/supervisor.js';
import type { WorkOutcome } from '../control/work-desk.js';
import type { CommandJob } from './work-types.js';

/** What a unit is told, what it asks for, and what it keeps in mind: the vocabulary of `unit.actor.ts`. */

export type UnitMessage =
  | { readonly type: 'folder.made' }
  | { readonly type: 'folder.failed'; readonly text: string }
  /** Whoever made the unit wants to send its input. Answered with `WorkOutcome<'ready'>`. */
  | { readonly type: 'input.wanted'; readonly replyTo: ReplyTo }
  /** All input is stored. Answered with `StartOutcome`, when that is known. */
  | { readonly type: 'input.complete'; readonly replyTo: ReplyTo }
  /** It will not be complete; the reason is the unit's last word. */
  | { readonly type: 'input.failed'; readonly reason: string }
  /** From the worker: what a submitter is to hear. */
  | { readonly type: 'work.started'; readonly outcome: StartOutcome }
  /** From the worker: what is true of the work now. */
  | { readonly type: 'work.changed'; readonly status: UnitStatus; readonly weight: NewsWeight }
  /** From the worker: how far it is with an order. An order is done at the latest when the worker ends. */
  | ({ readonly type: 'work.ordered' } & OrdersNews)
  | { readonly type: 'status.settled' }
  | { readonly type: 'status.unsettled' }
  /** Both are answered with `WorkOutcome<UnitOutcome>`. */
  | { readonly type: 'unit.cancel'; readonly replyTo: ReplyTo }
  | { readonly type: 'unit.release'; readonly replyTo: ReplyTo; readonly force: boolean }
  | { readonly type: 'folder.removed' }
  | { readonly type: 'folder.stuck'; readonly text: string }
  | ChildEnded
  | { readonly type: 'timer.settle' }
  | { readonly type: 'timer.removal' }
  | { readonly type: 'timer.rest' }
  | { readonly type: 'stop' };

export type UnitWish =
  /** Makes the folder, with this status in it, and opens the input. */
  | { readonly type: 'make-folder'; readonly unitId: UnitId; readonly status: UnitStatus }
  | { readonly type: 'close-intake' }
  /** Tells everybody; what is lasting is written down when there is time. */
  | {
      readonly type: 'show-status';
      readonly unitId: UnitId;
      readonly status: UnitStatus;
      readonly weight: NewsWeight;
    }
  /** Tells everybody, writes it down, and reports when it is written. */
  | { readonly type: 'settle-status'; readonly unitId: UnitId; readonly status: UnitStatus }
  | ({ readonly type: 'raise-worker' } & UnitInput)
  | { readonly type: 'order-worker'; readonly order: UnitOrder; readonly manner: Manner }
  | { readonly type: 'remove-folder'; readonly unitId: UnitId }
  /** The unit is known no more. */
  | { readonly type: 'forget-unit'; readonly unitId: UnitId }
  | { readonly type: 'reply'; readonly to: ReplyTo; readonly value: unknown }
  /** A promise to a client: first it is written down. */
  | { readonly type: 'promise'; readonly to: ReplyTo; readonly value: unknown }
  | ({ readonly type: 'arm-timer' } & UnitTimer);

export interface UnitTimer {
  readonly name: 'settle' | 'removal' | 'rest';
  readonly delayMs: number;
  readonly jitter?: number;
}

export const UNIT_MESSAGES = {
  'folder.made': 'answer',
  'folder.failed': 'answer',
  'input.wanted': 'request',
  'input.complete': 'request',
  'input.failed': 'answer',
  'work.started': 'answer',
  'work.changed': 'answer',
  'work.ordered': 'answer',
  'status.settled': 'answer',
  'status.unsettled': 'answer',
  'unit.cancel': 'request',
  'unit.release': 'request',
  'folder.removed': 'answer',
  'folder.stuck': 'answer',
  'child.ended': 'system',
  'timer.settle': 'timer',
  'timer.removal': 'timer',
  'timer.rest': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in UnitMessage['type']]: MessageClass };

/** Each is the answer to one wish of one state, or is told by the worker while it lives: elsewhere it comes late. */
export const UNIT_IGNORES = {
  '*': [
    ...(['folder.made', 'folder.failed', 'input.failed', 'work.started', 'work.changed', 'work.ordered'] as const),
    ...(['status.settled', 'status.unsettled', 'folder.removed', 'folder.stuck', 'child.ended'] as const),
    ...(['timer.settle', 'timer.removal', 'timer.rest'] as const),
  ],
} as const satisfies { readonly [state: string]: readonly UnitMessage['type'][] };

/** What is to be done for a unit. */
export type UnitPlan =
  | { readonly type: 'command'; readonly job: CommandJob }
  | { readonly type: 'far' }
  /** A work type that this node does not have: the unit is only kept. */
  | { readonly type: 'unknown' };

/** `new`: nothing has been done yet. `found`: an earlier life has begun it, and `status` is what it has left. */
export type Beginning = 'new' | 'found';

export type UnitOrder = 'cancel' | 'release';

/** `lasting`: a later life must know it. What is passing costs no write. */
export type NewsWeight = 'passing' | 'lasting';

/** `pending`: it cannot be done now, and is tried until it is. */
export type OrderNews = 'done' | 'pending' | { readonly refusal: string };

/** What those hear who wait for these orders. */
export interface OrdersNews {
  readonly orders: readonly UnitOrder[];
  readonly news: OrderNews;
}

/** `force`: it is gone for us, whatever stands in the way. */
export type Manner = 'patient' | 'force';

export interface UnitInput {
  readonly unitId: UnitId;
  readonly plan: UnitPlan;
  readonly beginning: Beginning;
  readonly status: UnitStatus;
}

/** Somebody who waits for the outcome of an order. */
export interface Waiter {
  readonly replyTo: ReplyTo;
  readonly order: UnitOrder;
}

export interface UnitContext extends UnitInput {
  /** Whoever submits it: waits for the folder, and then to hear whether the work was started. */
  readonly submitter: ReplyTo | undefined;
  readonly waiters: readonly Waiter[];
  readonly manner: Manner;
  readonly removals: number;
}

/** What a worker is given. */
export interface WorkerInput {
  readonly unitId: UnitId;
  readonly beginning: Beginning;
  readonly status: UnitStatus;
}

/** What a worker leaves behind: the last status of the unit. */
export interface WorkerResult {
  readonly status: UnitStatus;
}

/** A worker's fault is its unit's; the manager raises the unit anew, and it finds what was begun. */
export const ESCALATE: SupervisionPolicy = { ...TELL_PARENT, onFailure: 'escalate' };

/** What every worker is told by its unit. */
export type WorkerOrder =
  | { readonly type: 'worker.cancel' }
  | { readonly type: 'worker.release'; readonly manner: Manner };

export type StartOutcome = WorkOutcome<'Job Started' | 'Job Submitted'>;

/** The reference tries three times, a second apart, to remove a folder. */
export const REMOVALS_MAX = 3;

export const TIMERS = {
  /** How long a unit's actor stays when nobody wants anything of it. */
  rest: { name: 'rest', delayMs: 5_000 },
  removal: { name: 'removal', delayMs: 1_000 },
  /** How soon a final status that could not be written is written again: the disk may have room then. */
  settle: { name: 'settle', delayMs: 5_000, jitter: 0.3 },
} as const satisfies Readonly<Record<UnitTimer['name'], UnitTimer>>;

export const JOB_STARTED: StartOutcome = { ok: true, value: 'Job Started' };
export const JOB_SUBMITTED: StartOutcome = { ok: true, value: 'Job Submitted' };
export const READY: WorkOutcome<'ready'> = { ok: true, value: 'ready' };

/** What a client hears who asks at the wrong time. */
export const REFUSAL = {
  stillBeingMade: 'the work unit is still being created',
  noInput: 'the work unit does not wait for input',
  cancelled: 'the work unit was cancelled before it was started',
  released: 'the work unit was released before it was started',
} as const;

export function refusedStart(refusal: string): StartOutcome {
  return { ok: false, refusal };
}
