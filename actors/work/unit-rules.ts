import type { UnitOutcome } from '../../protocol/control/work-reply.js';
import { isFinal } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { ReplyTo } from '../../runtime/message.js';
import type { WorkOutcome } from '../control/work-desk.js';
import { CANCELED, failed, type Verdict } from './exit-text.js';
import { DETAIL } from './unit-details.js';
import type {
  OrderNews,
  OrdersNews,
  UnitContext,
  UnitInput,
  UnitMessage,
  UnitOrder,
  UnitWish,
  Waiter,
  WorkerResult,
} from './unit-vocabulary.js';
import { REFUSAL, refusedStart } from './unit-vocabulary.js';

/** What a later life, or a worker, begins with. */
export function inputOf({ unitId, plan, beginning, status }: UnitContext): UnitInput {
  return { unitId, plan, beginning, status };
}

export function shownOf({ unitId, status }: UnitContext): Pick<UnitInput, 'unitId' | 'status'> {
  return { unitId, status };
}

export function firstContext(input: UnitInput): UnitContext {
  return {
    ...input,
    submitter: undefined,
    waiters: [],
    manner: 'patient',
    removals: 0,
  };
}

function withVerdict(context: UnitContext, verdict: Verdict): UnitStatus {
  return { ...context.status, ...verdict };
}

/** Its input will never be complete. */
export function inputless(context: UnitContext, message: UnitMessage): UnitStatus {
  return message.type === 'input.failed' ? withVerdict(context, failed(message.reason)) : context.status;
}

/** The other node has let go of it, as it was ordered to. */
export function isReleasedThere({ extraData }: UnitStatus): boolean {
  return extraData.type === 'remote' && extraData.localReleased;
}

/** A remote unit that was cancelled before it was started has failed, says the reference (control-and-work 3.5). */
export function canceledUnstarted(context: UnitContext): UnitStatus {
  return withVerdict(context, context.plan.type === 'far' ? failed(DETAIL.locallyCancelled) : CANCELED);
}

/** The folder cannot be removed, so the unit stays; its command was ended. The next release begins anew. */
export function removalGivenUp(context: UnitContext): Partial<UnitContext> {
  const status = isFinal(context.status.state) ? context.status : withVerdict(context, CANCELED);
  return { status, removals: 0, manner: 'patient' };
}

/** What a submitter hears. That work was started elsewhere must be remembered after a crash: nobody else knows. */
export function replyToSubmitter({ submitter, plan }: UnitContext, value: WorkOutcome<string>): Reply | undefined {
  const type = value.ok && plan.type === 'far' ? 'promise' : 'reply';
  return submitter === undefined ? undefined : { type, to: submitter, value };
}

/** The last status, as the worker has left it. */
export function workerStatus(context: UnitContext, message: UnitMessage): UnitStatus {
  const isDone = message.type === 'child.ended' && message.outcome.type === 'done';
  return isDone ? (message.outcome.output as WorkerResult).status : context.status; // every worker's output
}

/** Who asks again and again while a unit is being cancelled: only so many are answered. */
const WAITERS_MAX = 64;

type Reply = Extract<UnitWish, { readonly type: 'reply' | 'promise' }>;

/** What an order adds. Of too many who wait the first is let go; its question times out. */
export function ordered(context: UnitContext, message: UnitMessage): Partial<UnitContext> {
  if (message.type !== 'unit.cancel' && message.type !== 'unit.release') {
    return {};
  }
  const order = message.type === 'unit.cancel' ? 'cancel' : 'release';
  const waiters = [...context.waiters, { replyTo: message.replyTo, order } as const].slice(-WAITERS_MAX);
  const isForced = message.type === 'unit.release' && message.force;
  return { waiters, manner: isForced ? 'force' : context.manner };
}

export function repliesTo(waiters: readonly Waiter[], { orders, news }: OrdersNews): readonly Reply[] {
  const told = waiters.filter(({ order }) => orders.includes(order));
  // What is pending must be remembered after a crash.
  const type = news === 'pending' ? 'promise' : 'reply';
  return told.map(({ replyTo, order }) => ({ type, to: replyTo, value: outcomeOf(order, news) }));
}

export function waitersLeft(waiters: readonly Waiter[], { orders }: OrdersNews): readonly Waiter[] {
  return waiters.filter(({ order }) => !orders.includes(order));
}

function outcomeOf(order: UnitOrder, news: OrderNews): WorkOutcome<UnitOutcome> {
  if (news === 'done') {
    return { ok: true, value: order === 'cancel' ? 'cancelled' : 'released' };
  }
  if (news === 'pending') {
    return { ok: true, value: order === 'cancel' ? 'cancel pending' : 'release pending' };
  }
  return { ok: false, refusal: news.refusal };
}

/** What those hear who wait for a release that is given up. */
export function releaseRefused(refusal: string): OrdersNews {
  return { orders: ['release'], news: { refusal } };
}

/** The answer to whoever cancels what has ended already: nothing changes. */
export function cancelledAlready({ replyTo }: { readonly replyTo: ReplyTo }): Omit<Reply, 'type'> {
  return { to: replyTo, value: outcomeOf('cancel', 'done') };
}

/** Nobody can know of a unit whose folder is being made, unless he has named it himself. */
export function tooEarly({ replyTo }: { readonly replyTo: ReplyTo }): Omit<Reply, 'type'> {
  return { to: replyTo, value: refusedStart(REFUSAL.stillBeingMade) };
}

/** The answer to whoever has input for a unit that takes none. */
export function tooLate({ replyTo }: { readonly replyTo: ReplyTo }): Omit<Reply, 'type'> {
  return { to: replyTo, value: refusedStart(REFUSAL.noInput) };
}
