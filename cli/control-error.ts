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

/** The text says what happened; the hint says what to do, and may be missing. */
export class ControlError extends Error {
  readonly code: ControlErrorCode;
  readonly hint: string | undefined;

  constructor(code: ControlErrorCode, text: string, hint?: string) {
    super(text);
    this.name = 'ControlError';
    this.code = code;
    this.hint = hint;
  }
}
