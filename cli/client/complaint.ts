import type { ExitCode } from '../exit-code.js';
import { cleanText } from '../log/line.js';

/** Who reads what the client says: people, or programs. */
export type OutputForm = 'table' | 'json';

/** Something that went wrong. */
export interface Complaint {
  /** What happened; in the node's own words where it has said no. */
  readonly text: string;
  /** The same for people, where the node's words alone would not help them. */
  readonly plain?: string | undefined;
  /** What to do. */
  readonly hint?: string | undefined;
  readonly exitCode: ExitCode;
}

/**
 * For people a line for what happened and one for what to do; for programs one object in a line, with the node's words
 * as they came. Without what a terminal would obey.
 */
export function complaintText({ text, plain, hint, exitCode }: Complaint, form: OutputForm): string {
  if (form === 'json') {
    return `${JSON.stringify({ error: text, hint, exitCode })}\n`;
  }
  return `Error: ${cleanText(plain ?? text)}\n${hint === undefined ? '' : `  ${cleanText(hint)}\n`}`;
}

/** A word on the way that is no error: a line for people, one object in a line for programs. */
export function noteText(text: string, form: OutputForm): string {
  return form === 'json' ? `${JSON.stringify({ note: text })}\n` : `${cleanText(text)}\n`;
}
