import type { UnitId } from '../../protocol/names.js';
import { WORK_STATE } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { MessageClass } from '../../runtime/message.js';
import type { AttemptWish } from './far-attempt.js';
import { FAR_BASE_MESSAGES, type FarBaseMessage, type FarReplyNamed } from './far-line.js';
import type { FarTaskInput } from './far-task-vocabulary.js';
import { DETAIL } from './unit-details.js';

/** What an attempt to start work elsewhere is told, and what it asks for: the vocabulary of `far-start.actor.ts`. */

export type FarStartMessage =
  | FarBaseMessage
  | FarReplyNamed<'reply.prompt' | 'reply.result' | 'reply.status' | 'reply.outcome'>
  /** All input was handed over, and its end. */
  | { readonly type: 'input.sent' }
  | { readonly type: 'input.unreadable'; readonly text: string }
  | { readonly type: 'timer.answer' }
  | { readonly type: 'stop' };

export type FarStartWish =
  | AttemptWish
  | { readonly type: 'send-input'; readonly unitId: UnitId }
  | { readonly type: 'arm-timer'; readonly name: 'answer'; readonly delayMs: number }
  | { readonly type: 'disarm-timer'; readonly name: 'answer' };

export interface FarStartContext extends FarTaskInput {
  /** `earlier`: another attempt may have left something there; its fate is asked first. */
  readonly beginning: 'clean' | 'earlier';
}

export const FAR_START_MESSAGES = {
  ...FAR_BASE_MESSAGES,
  'reply.prompt': 'answer',
  'reply.result': 'answer',
  'reply.status': 'answer',
  'reply.outcome': 'answer',
  'input.sent': 'answer',
  'input.unreadable': 'answer',
  'timer.answer': 'timer',
  stop: 'system',
} as const satisfies { readonly [K in FarStartMessage['type']]: MessageClass };

/** An answer that needs no work to be done first. */
export const ANSWER_WITHIN_MS = 30_000;
/** The result of a submit: the other node writes the input to its disk and starts the command. */
export const RESULT_WITHIN_MS = 120_000;

/** What to do about a unit that an earlier attempt has left. */
export type Leftover = 'adopt' | 'clear';

/**
 * Work that was begun there is taken over as it is; what has not got all its input can never run, and is cleared away
 * so that the input can be sent again. So nothing runs twice, and nothing on half of its input.
 */
export function leftoverOf({ state, detail, extraData }: UnitStatus): Leftover {
  const isWaiting = state === WORK_STATE.pending && (detail === DETAIL.waiting || detail === 'Unit Created');
  // The reference says the same of work whose runner it had launched, and which may go on unseen (control-and-work 3.3).
  const isLaunched = extraData.type === 'command' && extraData.pid > 0;
  const isUnstarted = detail === DETAIL.pendingAtRestart && !isLaunched;
  const isInputLost = isUnstarted || detail.startsWith(DETAIL.inputFailed(''));
  return isWaiting || (state === WORK_STATE.failed && isInputLost) ? 'clear' : 'adopt';
}

/** Why a start counts as failed that the other node reports too soon: what it runs cannot be what was to be run. */
export const STARTED_EARLY = 'the other node started the work before it had all of its input';

/** Said of an id that is taken: by an earlier attempt of ours, if there was one. */
export function isIdTaken(text: string): boolean {
  return text.includes('already in use');
}

/** Each is the answer to one request, or the end of one wait: elsewhere it comes late, or the other node is confused. */
export const FAR_START_IGNORES = {
  '*': ['far.ready', 'reply.prompt', 'reply.result', 'reply.status', 'reply.outcome', 'input.sent', 'input.unreadable'],
} as const satisfies { readonly [state: string]: readonly FarStartMessage['type'][] };
