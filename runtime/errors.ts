/**
 * The closed set of things that can go wrong in the runtime itself.
 * Callers switch on `code`; the text is for people and never compared.
 */
export type RuntimeErrorCode =
  | 'address-invalid'
  | 'address-taken'
  | 'ask-abandoned'
  | 'ask-timeout'
  | 'aborted'
  | 'engine-fault'
  | 'invalid-use'
  | 'mailbox-full'
  | 'mailbox-overrun'
  | 'no-such-actor'
  | 'restart-limit'
  | 'system-stopped'
  | 'child-escalated'
  | 'stop-overdue'
  | 'unhandled-wish';

export interface RuntimeErrorOptions {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error of the runtime with a closed code. */
export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: RuntimeErrorCode, text: string, options: RuntimeErrorOptions = {}) {
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RuntimeError';
    this.code = code;
    this.data = options.data ?? {};
  }
}

/** Why an actor failed, as plain data: safe to keep, print and send. */
export interface Failure {
  /** The error's own `code` where it has one, else its class name. */
  readonly code: string;
  readonly text: string;
  readonly stack: string | undefined;
  /** The chain of causes, outermost first; at most `CAUSES_MAX`. */
  readonly causes: readonly string[];
}

/** A chain of causes is cut here: a circular chain must end. */
const CAUSES_MAX = 8;

/** Turns whatever was thrown into plain data. Never throws. */
export function failureFrom(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) {
    return { code: 'thrown', text: describe(thrown), stack: undefined, causes: [] };
  }
  const causes: string[] = [];
  let cause: unknown = thrown.cause;
  while (cause !== undefined && causes.length < CAUSES_MAX) {
    causes.push(describe(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return { code: codeOf(thrown), text: thrown.message, stack: thrown.stack, causes };
}

/** The `code` that an error carries (ours and Node's system errors have one), else its class name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return 'thrown';
  }
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The text of an error, or of anything else that was thrown. Never throws. */
export function describe(thrown: unknown): string {
  if (thrown instanceof Error) {
    return thrown.message;
  }
  try {
    return String(thrown);
  } catch {
    return 'a value that has no text';
  }
}
