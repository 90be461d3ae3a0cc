import { WORK_REFUSAL } from '../../protocol/control/work-reply.js';
import { GO_ZERO_TIME, goSentenceTime, instantFromMs } from '../../protocol/go-time.js';
import type { NodeId } from '../../protocol/names.js';
import { NEW_REMOTE, type RemoteExtraData } from '../../protocol/work/extra-data.js';
import { isFinal, mayMove } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { MessageClass } from '../../runtime/message.js';
import { failed, type Verdict } from './exit-text.js';
import { CRYPTO_BUFFER_EXCEEDED } from './far-session.js';
import type { FarOrderNews, FarStartNews, FarTask, FarTaskInput, FarWatchNews } from './far-task-vocabulary.js';
import { DETAIL, pending } from './unit-details.js';
import type {
  Manner,
  NewsWeight,
  OrdersNews,
  StartOutcome,
  UnitOrder,
  WorkerInput,
  WorkerOrder,
} from './unit-vocabulary.js';

/** What work on another node is told, what it asks for, and what it keeps in mind: the vocabulary of `far-unit.actor.ts`. */

export type FarUnitMessage =
  | WorkerOrder
  | FarStartNews
  | FarOrderNews
  | FarWatchNews
  /** A task could not be done now; it is tried again. */
  | { readonly type: 'task.lost'; readonly task: FarTask; readonly text: string }
  /** The time for the start is over. */
  | { readonly type: 'expiry.came' }
  | { readonly type: 'timer.force' }
  | { readonly type: 'stop' };

export type FarUnitWish =
  | ({ readonly type: 'raise-task' } & FarTaskInput)
  | { readonly type: 'lower-task'; readonly task: FarTask }
  /** It is tried now, whatever its back-off. */
  | { readonly type: 'hurry-task'; readonly task: FarTask }
  | { readonly type: 'await-expiry'; readonly expiresAtMs: number }
  | { readonly type: 'tell-started'; readonly outcome: StartOutcome }
  | { readonly type: 'tell-changed'; readonly status: UnitStatus; readonly weight: NewsWeight }
  | ({ readonly type: 'tell-ordered' } & OrdersNews)
  | { readonly type: 'arm-timer'; readonly name: 'force'; readonly delayMs: number };

export interface FarUnitContext extends WorkerInput {
  readonly extra: RemoteExtraData;
  /** What may be there on the other node, by its name there. */
  readonly farUnitId: string | undefined;
  readonly manner: Manner;
  /** What the unit comes to, if the work is withdrawn before it was started. */
  readonly verdict: Verdict;
}

/** What the status says of a unit that is to be released. */
export const GIVEN_UP: Partial<RemoteExtraData> = { localCancelled: true, localReleased: true };

/** How long a forced release may take on the other node's account. */
export const FORCE_WITHIN_MS = 5_000;

/** Why work that is to be signed cannot be started: this node has no key (control-and-work 3.6). */
export const UNSIGNED = WORK_REFUSAL.signingKeyMissing;

export function firstFarContext(input: WorkerInput): FarUnitContext {
  const { beginning, status } = input;
  const extra = status.extraData.type === 'remote' ? status.extraData : NEW_REMOTE;
  return {
    ...input,
    status: beginning === 'new' ? pending(status, DETAIL.starting) : status,
    extra,
    farUnitId: nameIn(extra),
    manner: 'patient',
    verdict: failed(DETAIL.locallyCancelled),
  };
}

export function taskOf({ unitId, extra, farUnitId, status }: FarUnitContext, task: FarTask): FarTaskInput {
  // Made of a `NodeId` when the unit was; a file that was meddled with leads nowhere.
  const node = extra.remoteNode as NodeId;
  return { task, unitId, node, extra, farUnitId, status };
}

/** The status with other facts about the far side in it. */
export function withExtra(
  { status, extra }: FarUnitContext,
  changes: Partial<RemoteExtraData>,
): Pick<FarUnitContext, 'status' | 'extra' | 'farUnitId'> {
  const changed = { ...extra, ...changes };
  return { extra: changed, status: { ...status, extraData: changed }, farUnitId: nameIn(changed) };
}

function nameIn({ remoteUnitId }: RemoteExtraData): string | undefined {
  return remoteUnitId === '' ? undefined : remoteUnitId;
}

/** Once forced, always forced. */
export function mannerOf({ manner }: FarUnitContext, message: FarUnitMessage): Manner {
  return message.type === 'worker.release' && message.manner === 'force' ? 'force' : manner;
}

/** Our unit shows what the far unit shows. Its state goes forward only. */
export function mirrored({ status }: FarUnitContext, far: UnitStatus): UnitStatus {
  if (!mayMove(status.state, far.state)) {
    return status;
  }
  const { state, detail, stdoutSize } = far;
  return { ...status, state, detail, stdoutSize };
}

/** Sizes grow all the time; who reads the output sees them. */
export function weightOf({ status }: FarUnitContext, next: UnitStatus): NewsWeight | undefined {
  const isNews = status.state !== next.state || status.detail !== next.detail;
  return isNews || (isFinal(next.state) && status.stdoutSize !== next.stdoutSize) ? 'lasting' : undefined;
}

export function judged({ status }: FarUnitContext, verdict: Verdict): UnitStatus {
  return isFinal(status.state) ? status : { ...status, ...verdict };
}

/** Nothing more of its output can come than what is stored. */
export function withoutFarUnit(context: FarUnitContext, storedSize: number): UnitStatus {
  return { ...judged(context, failed(DETAIL.farGone)), stdoutSize: storedSize };
}

export function untrustedVerdict(text: string): Verdict {
  return failed(text.includes(CRYPTO_BUFFER_EXCEEDED) ? DETAIL.handshakeTooLarge(text) : DETAIL.untrusted(text));
}

/** When to give up the start, in milliseconds since 1970; undefined for never. */
export function expiryMs({ expiration: { seconds, nanoseconds } }: RemoteExtraData): number | undefined {
  return seconds === GO_ZERO_TIME.seconds ? undefined : seconds * 1_000 + nanoseconds / 1_000_000;
}

export function expiredVerdict(extra: RemoteExtraData): Verdict {
  return failed(DETAIL.expired(goSentenceTime(instantFromMs(expiryMs(extra) ?? 0))));
}

export interface OrderRefusal {
  readonly order: UnitOrder;
  /** What the other node said. */
  readonly text: string;
}

/**
 * What a client hears whose order the other node refused. AWX compares these words of the reference, which has them for a
 * release too, and two blanks in them (upstream news 7).
 */
export function orderRefusal({ order, text }: OrderRefusal): OrdersNews {
  return { orders: [order], news: { refusal: `error cancelling remote unit:  ${text}` } };
}

export const FAR_UNIT_MESSAGES = {
  'worker.cancel': 'answer',
  'worker.release': 'answer',
  'start.left': 'answer',
  'start.done': 'answer',
  'start.refused': 'answer',
  'start.untrusted': 'answer',
  'order.done': 'answer',
  'order.refused': 'answer',
  'far.status': 'answer',
  'watch.complete': 'answer',
  'watch.gone': 'answer',
  'task.lost': 'answer',
  'expiry.came': 'answer',
  'timer.force': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in FarUnitMessage['type']]: MessageClass };

/** Each is told by one task: what it still says after its end means nothing any more. */
export const FAR_UNIT_IGNORES = {
  '*': [
    ...(['start.left', 'start.done', 'start.refused', 'start.untrusted', 'expiry.came'] as const),
    ...(['far.status', 'watch.complete', 'watch.gone', 'order.done', 'order.refused'] as const),
    ...(['task.lost', 'timer.force'] as const),
  ],
  // It is ended over there in any case.
  releasing: ['worker.cancel'],
} as const satisfies { readonly [state: string]: readonly FarUnitMessage['type'][] };
