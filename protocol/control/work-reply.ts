// The lines and sentences of the `work` command (control-and-work 2), letter for letter.
import { writeMembers } from '../json/writer.js';
import type { UnitId } from '../names.js';
import { compareText } from '../text.js';
import { type UnitStatus, writeStatusReply } from '../work/status.js';
import { objectLine } from './reply.js';

/** Asks for the payload. Peers find the id by `with ID ([a-zA-Z0-9]+)\.`, receptorctl by the whole sentence. */
export function submitPromptLine(unitId: UnitId): string {
  return `Work unit created with ID ${unitId}. Send stdin data and EOF.\n`;
}

/** Ends a submit: `Job Submitted` if a remote node could not be reached yet. */
export function submittedLine(unitId: UnitId, result: 'Job Started' | 'Job Submitted'): string {
  return objectLine(
    new Map<string, string>([
      ['result', result],
      ['unitid', unitId],
    ]),
  );
}

export function unitStatusLine(status: UnitStatus): string {
  return `${writeStatusReply(status)}\n`;
}

export function unitListLine(units: ReadonlyMap<UnitId, UnitStatus>): string {
  const sorted = [...units].sort(([a], [b]) => compareText(a, b));
  return `{${writeMembers(sorted.map(([unitId, status]) => [unitId, writeStatusReply(status)]))}}\n`;
}

/** How a cancel or a release came out; pending if the remote node is away and the node keeps trying. */
export type UnitOutcome = 'cancelled' | 'cancel pending' | 'released' | 'release pending';

export function unitOutcomeLine(unitId: UnitId, outcome: UnitOutcome): string {
  return objectLine(new Map([[outcome, unitId]]));
}

/** Raw output follows until the session ends; receptorctl and Go nodes look for `Streaming results`. */
export function resultsLine(unitId: UnitId): string {
  return `Streaming results for work unit ${unitId}\n`;
}

/** Our follow protocol comes next (`work/follow.ts`). */
export function followLine(unitId: UnitId): string {
  return `Following work unit ${unitId}\n`;
}

/** Takes a text and not a `UnitId`: what was asked for may be no id at all. */
export function unknownUnitText(unitId: string): string {
  return `unknown work unit ${unitId}`;
}

export function badCommandText(): string {
  return 'bad command';
}

/** Why a submit is refused, or a signature not accepted (2.1, 3.6). */
export const WORK_REFUSAL = {
  unknownWorkType: (workType: string) => `unknown work type ${workType}`,
  unitIdInUse: (unitId: UnitId) =>
    `workunit ID ${unitId} is already in use, cannot use the same workunit ID more than once`,
  ttlForLocalWork: 'ttl option is intended for remote work only',
  secretsWithoutTls: 'cannot send secrets over a non-TLS connection',
  paramsNotAllowed: 'extra params provided but not allowed',
  signatureNotExpected: 'work type did not expect a signature',
  signatureEmpty: 'could not verify signature: signature is empty',
  signatureKeyMissing: 'could not verify signature: verifying key not specified',
  signatureBad: (reason: string) => `could not verify signature: ${reason}`,
  audienceWrong: 'token audience did not match node ID',
  signingKeyMissing: 'cannot sign work: signing key is empty',
  /** A far node answered a submit with something else than the prompt. */
  farRefusal: (line: string) => `could not parse response: ${line}`,
  /** A far node took the payload and then failed. */
  farError: (text: string) => `error from remote: ${text}`,
} as const;
