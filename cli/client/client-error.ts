import { EXIT, type ExitCode } from '../exit-code.js';

/** A command that ends with a line on standard error and a status. */
export class ClientError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, text: string, hint?: string) {
    super(text);
    this.name = 'ClientError';
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** The command line makes no sense. */
export function usageError(text: string, hint?: string): ClientError {
  return new ClientError(EXIT.usage, text, hint);
}
