// The other side of a control session: what our command line and remote work read (control-and-work 2, 3.5, 5). Lines
// are recognised as receptorctl and the reference recognise them, so that any node's wording will do.
import { type Decoded, decoded, type Fault, faulty } from '../decoded.js';
import { FieldCursor } from '../json/fields.js';
import { isObject, type ParsedObject, parseJson } from '../json/parsed.js';
import { writeJson } from '../json/writer.js';
import { type NodeId, parseNodeId } from '../names.js';
import { decodeText, encodeText } from '../text.js';
import { readStatus, STATUS_FILE_BYTES_MAX, type UnitStatus } from '../work/status.js';
import { MESH_FAILURE } from './reply.js';
import { WORK_REFUSAL } from './work-reply.js';

/** What an answer came to: what was asked for, an `ERROR:` line, or something that makes no sense here. */
export type ReplyOutcome<T> =
  | { readonly type: 'reply'; readonly value: T }
  | { readonly type: 'refused'; readonly text: string }
  | { readonly type: 'garbled'; readonly fault: Fault };

const ERROR_PREFIX = 'ERROR:';
const GREETING = /^Receptor Control, node (.+)$/;
const SUBMIT_PROMPT = /with ID ([a-zA-Z0-9]+)\./;

/** The id of the node that greets. */
export function readGreeting(line: Uint8Array): ReplyOutcome<NodeId> {
  return readLine(line, (text) => {
    const name = GREETING.exec(text.trim())?.[1];
    return name === undefined ? unexpected(text) : parseNodeId(name);
  });
}

/** The id of the unit that was made; the payload may be sent now. Foreign ids are not checked, only given back. */
export function readSubmitPrompt(line: Uint8Array): ReplyOutcome<string> {
  return readLine(line, (text) => {
    const unitId = SUBMIT_PROMPT.exec(text)?.[1];
    return unitId === undefined ? unexpected(text) : decoded(unitId);
  });
}

/** How the submit came out. Another result than these two is passed on as it is. */
export interface SubmitResult {
  readonly result: string;
  readonly unitId: string;
}

export function readSubmitResult(line: Uint8Array): ReplyOutcome<SubmitResult> {
  return readLine(line, (text) => {
    const { result, unitid } = objectOf(text);
    if (typeof result !== 'string' || typeof unitid !== 'string') return unexpected(text);
    return decoded({ result, unitId: unitid });
  });
}

export function readUnitStatus(line: Uint8Array): ReplyOutcome<UnitStatus> {
  return readLine(line, (text) => readStatus(new FieldCursor(encodeText(text), STATUS_FILE_BYTES_MAX)));
}

/** All units by id, or the one that was asked for. */
export function readUnitList(line: Uint8Array): ReplyOutcome<ReadonlyMap<string, UnitStatus>> {
  return readLine(line, (text) => {
    const units = new Map<string, UnitStatus>();
    const fields = new FieldCursor(encodeText(text), STATUS_FILE_BYTES_MAX);
    while (fields.next()) {
      const status = readStatus(new FieldCursor(encodeText(fields.raw()), STATUS_FILE_BYTES_MAX));
      if (!status.ok) return status;
      units.set(fields.name, status.value);
    }
    return fields.fault === undefined ? decoded(units) : { ok: false, fault: fields.fault };
  });
}

/** What happened to a unit, in the words of the wire, and its id: `{"release pending":"…"}`. */
export interface UnitOutcomeReply {
  readonly outcome: string;
  readonly unitId: string;
}

export function readUnitOutcome(line: Uint8Array): ReplyOutcome<UnitOutcomeReply> {
  return readLine(line, (text) => {
    const [first] = Object.entries(objectOf(text));
    const [outcome, unitId] = first ?? [];
    return outcome === undefined || typeof unitId !== 'string' ? unexpected(text) : decoded({ outcome, unitId });
  });
}

/** The line before a stream of output, or before a bridge; the rest of the line is not read. */
export function readStreamStart(line: Uint8Array, stream: 'results' | 'follow' | 'connect'): ReplyOutcome<string> {
  return readLine(line, (text) => (text.includes(STREAM_STARTS[stream]) ? decoded(text) : unexpected(text)));
}

const STREAM_STARTS = { results: 'Streaming results', follow: 'Following work unit', connect: 'Connecting' } as const;

/** Any reply that is an object: status, ping, traceroute, reload. */
export function readObjectReply(line: Uint8Array): ReplyOutcome<ParsedObject> {
  return readLine(line, (text) => {
    const value = parseJson(encodeText(text));
    if (!value.ok) return value;
    return isObject(value.value) ? decoded(value.value) : unexpected(text);
  });
}

/** What a refusal means, as far as a client has to act on it; the texts are part of the protocol. */
export type RefusalKind =
  | 'unknown-unit'
  | 'unknown-command'
  | 'unknown-work-type'
  | 'no-route'
  /** Of a `connect`. */
  | 'service-unknown'
  | 'service-too-long'
  | 'tls-unknown'
  | 'signing-key-missing'
  | 'ttl-local'
  | 'params-refused'
  | 'other';

export function refusalKind(text: string): RefusalKind {
  if (text === 'bad command' || text.startsWith('Unknown command')) return 'unknown-command';
  return REFUSALS.find(([words]) => text.includes(words))?.[1] ?? 'other';
}

const REFUSALS: readonly (readonly [words: string, kind: RefusalKind])[] = [
  ['unknown work unit', 'unknown-unit'],
  ['unknown work type', 'unknown-work-type'],
  [MESH_FAILURE.noRoute, 'no-route'],
  [MESH_FAILURE.dialCancelled, 'service-unknown'],
  [MESH_FAILURE.serviceNameTooLong, 'service-too-long'],
  ['unknown TLS config', 'tls-unknown'],
  [WORK_REFUSAL.signingKeyMissing, 'signing-key-missing'],
  [WORK_REFUSAL.ttlForLocalWork, 'ttl-local'],
  [WORK_REFUSAL.paramsNotAllowed, 'params-refused'],
];

/** A refusal without what the nodes on the way have put around it. */
export function bareRefusal(text: string): string {
  return text.replace(WRAPPING, '');
}

const WRAPPING = /^((could not parse response|error from remote): ERROR: |INTERNAL_ERROR \(local\): )+/;

/** A JSON command as a line to send: keys sorted, as Go sends them. */
export function commandLine(fields: ReadonlyMap<string, string | number>): string {
  return `${writeJson(fields)}\n`;
}

function readLine<T>(line: Uint8Array, read: (text: string) => Decoded<T>): ReplyOutcome<T> {
  const text = decodeText(line);
  if (text.startsWith(ERROR_PREFIX)) return { type: 'refused', text: text.slice(ERROR_PREFIX.length).trim() };
  const result = read(text);
  return result.ok ? { type: 'reply', value: result.value } : { type: 'garbled', fault: result.fault };
}

/** The members of an object, or none of anything else. */
function objectOf(text: string): ParsedObject {
  const value = parseJson(encodeText(text));
  return value.ok && isObject(value.value) ? value.value : {};
}

function unexpected(text: string): ReturnType<typeof faulty> {
  return faulty('line-unexpected', 0, `unexpected reply: ${text.slice(0, 200)}`);
}
