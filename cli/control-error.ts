/** Why a node could not be asked. */
export type ControlErrorCode =
  /** There is nothing at the address, or nobody answers there, or we may not. */
  | 'unreachable'
  /** Somebody answers who is no control service. */
  | 'not-a-node'
  /** The connection ended before the answer. */
  | 'lost'
  /** No answer in time. */
  | 'late'
  /** The answer makes no sense. */
  | 'garbled'
  /** The node said no: an `ERROR:` line. The text is the node's. */
  | 'refused';

/** What helps people beside the text. */
export interface ControlAdvice {
  /** What to do. */
  readonly hint?: string | undefined;
  /** The text in words for people, where it is the node's own and says little. */
  readonly plain?: string | undefined;
}

/** The text says what happened; the hint says what to do, and may be missing. */
export class ControlError extends Error {
  readonly code: ControlErrorCode;
  readonly hint: string | undefined;
  readonly plain: string | undefined;

  constructor(code: ControlErrorCode, text: string, advice: string | ControlAdvice = {}) {
    super(text);
    this.name = 'ControlError';
    this.code = code;
    const { hint, plain }: ControlAdvice = typeof advice === 'string' ? { hint: advice } : advice;
    this.hint = hint;
    this.plain = plain;
  }
}
