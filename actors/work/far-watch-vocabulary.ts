import type { UnitStatus } from '../../protocol/work/status.js';
import type { MessageClass } from '../../runtime/message.js';
import type { AttemptWish } from './far-attempt.js';
import { FAR_BASE_MESSAGES, type FarBaseMessage, type FarReplyNamed, type FarWish } from './far-line.js';
import type { FarTaskInput } from './far-task-vocabulary.js';

/** What those who watch a unit on another node are told and ask for: `far-follow`, `far-poll` and `far-fetch`. */

export type FarFollowMessage =
  | FarBaseMessage
  | FarReplyNamed<'reply.stream'>
  /** The output file takes bytes, from this one on. */
  | { readonly type: 'sink.begun'; readonly offset: number }
  | { readonly type: 'sink.failed'; readonly text: string }
  /** The unit's last word, after all of its output was stored. */
  | { readonly type: 'follow.ended'; readonly status: UnitStatus; readonly storedSize: number }
  | { readonly type: 'follow.garbled'; readonly text: string }
  | { readonly type: 'timer.answer' }
  | { readonly type: 'stop' };

export type FarFollowWish =
  | AttemptWish
  | ({ readonly type: 'begin-sink' } & Pick<FarTaskInput, 'unitId'>)
  | ({ readonly type: 'note-requests-only' } & Pick<FarTaskInput, 'node'>)
  | { readonly type: 'arm-timer'; readonly name: 'answer'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'answer' };

export interface FarFollowContext extends FarTaskInput {
  readonly offset: number;
}

export type FarPollMessage =
  | FarBaseMessage
  | FarReplyNamed<'reply.status'>
  /** So many bytes of the output are stored. */
  | { readonly type: 'output.weighed'; readonly storedSize: number }
  | { readonly type: 'output.unreadable'; readonly text: string }
  | { readonly type: 'timer.answer' }
  | { readonly type: 'timer.pause' }
  | { readonly type: 'stop' };

export type FarPollWish =
  | AttemptWish
  | ({ readonly type: 'open-output' } & Pick<FarTaskInput, 'unitId'>)
  /** No more is taken; tells how much is stored once all that was taken is. */
  | ({ readonly type: 'settle-output' } & Pick<FarTaskInput, 'unitId'>)
  | ({ readonly type: 'raise-fetch' } & FarTaskInput)
  | { readonly type: 'order-fetch' }
  /** Looks how much is stored, and again whenever the unit has changed and nothing is missing. */
  | { readonly type: 'weigh-output'; readonly status: UnitStatus }
  | ({ readonly type: 'forget-dialect' } & Pick<FarTaskInput, 'node'>)
  | { readonly type: 'arm-timer'; readonly name: 'answer' | 'pause'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'answer' | 'pause' };

export interface FarPollContext extends FarTaskInput {
  readonly storedSize: number;
}

export type FarFetchMessage =
  | FarBaseMessage
  | FarReplyNamed<'reply.stream'>
  /** From the poller: there is more output than we have. */
  | { readonly type: 'fetch.wanted' }
  | { readonly type: 'sink.begun'; readonly offset: number }
  | { readonly type: 'sink.failed'; readonly text: string }
  | { readonly type: 'timer.answer' }
  | { readonly type: 'stop' };

export type FarFetchWish =
  | FarWish
  | { readonly type: 'disconnect' }
  | ({ readonly type: 'begin-sink' } & Pick<FarTaskInput, 'unitId'>)
  | { readonly type: 'arm-timer'; readonly name: 'answer'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'answer' };

export interface FarFetchContext extends FarTaskInput {
  readonly offset: number;
}

export const FAR_FOLLOW_MESSAGES = {
  ...FAR_BASE_MESSAGES,
  'reply.stream': 'answer',
  'sink.begun': 'answer',
  'sink.failed': 'answer',
  'follow.ended': 'answer',
  'follow.garbled': 'answer',
  'timer.answer': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in FarFollowMessage['type']]: MessageClass };

export const FAR_POLL_MESSAGES = {
  ...FAR_BASE_MESSAGES,
  'reply.status': 'answer',
  'output.weighed': 'answer',
  'output.unreadable': 'answer',
  'timer.answer': 'timer',
  'timer.pause': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in FarPollMessage['type']]: MessageClass };

export const FAR_FETCH_MESSAGES = {
  ...FAR_BASE_MESSAGES,
  'reply.stream': 'answer',
  'fetch.wanted': 'answer',
  'sink.begun': 'answer',
  'sink.failed': 'answer',
  'timer.answer': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in FarFetchMessage['type']]: MessageClass };

/** Each is the answer to one request, or the end of one wait: elsewhere it comes late, or the other node is confused. */
export const FAR_FOLLOW_IGNORES = {
  '*': [
    ...(['far.ready', 'reply.stream', 'reply.refused', 'reply.garbled'] as const),
    ...(['sink.begun', 'follow.ended', 'follow.garbled', 'timer.answer'] as const),
  ],
} as const satisfies { readonly [state: string]: readonly FarFollowMessage['type'][] };

/** The same. */
export const FAR_POLL_IGNORES = {
  '*': [
    ...(['far.ready', 'reply.status', 'reply.refused', 'reply.garbled'] as const),
    ...(['output.weighed', 'output.unreadable', 'timer.answer', 'timer.pause'] as const),
  ],
} as const satisfies { readonly [state: string]: readonly FarPollMessage['type'][] };

/** The same. What was given up may still tell its end, and an order for more comes while it is being fetched. */
export const FAR_FETCH_IGNORES = {
  '*': [
    ...(['far.ready', 'far.lost', 'far.ended', 'reply.stream', 'reply.refused', 'reply.garbled'] as const),
    ...(['fetch.wanted', 'sink.begun', 'sink.failed', 'timer.answer'] as const),
  ],
} as const satisfies { readonly [state: string]: readonly FarFetchMessage['type'][] };
