// The lines that a control session sends (control-and-work 1.2 to 1.7), letter for letter as Receptor 1.6.9 does,
// since receptorctl, Go nodes and people's scripts read them. Status and work have files of their own.
import { type JsonRecord, type JsonValue, writeJson } from '../json/writer.js';
import type { NodeId } from '../names.js';
import { formatGoDuration } from './go-duration.js';

/** What a remote submitter and receptorctl look for; also the start of every bridged control session. */
export function greetingLine(nodeId: NodeId): string {
  return `Receptor Control, node ${nodeId}\n`;
}

/** An error as one line: a line break inside would be read as the next reply. */
export function errorLine(text: string): string {
  return `ERROR: ${text.replace(/[\r\n]+/g, ' ')}\n`;
}

/** A reply that Go makes from a map: one object, keys sorted. */
export function objectLine(members: ReadonlyMap<string, JsonValue>): string {
  return `${writeJson(members)}\n`;
}

export function unknownCommandText(name: string): string {
  return `Unknown command, ${name}`;
}

export function unknownTlsText(name: string): string {
  return `unknown TLS config ${name}`;
}

/** Sentences for a ping, a step of a traceroute or a `connect` that fails, beside the problems of the wire. */
export const MESH_FAILURE = {
  noRoute: 'no route to node',
  timeout: 'timeout',
  cancelled: 'user cancelled',
  shutdown: 'netceptor shutdown',
  /** A `connect` to a service that nobody offers, on another node. */
  dialCancelled: 'context canceled',
  serviceNameTooLong: 'service name too long',
} as const;

export function pingLine(from: string, nanoseconds: number): string {
  return objectLine(new Map<string, JsonValue>([['Success', true], ['From', from], ...timeMembers(nanoseconds)]));
}

export function pingFailureLine(error: string): string {
  return objectLine(
    new Map<string, JsonValue>([
      ['Success', false],
      ['Error', error],
    ]),
  );
}

/** One step of a traceroute. `error` only for the last, if it failed; that a packet expired is no error. */
export interface TraceHop {
  readonly from: string;
  readonly nanoseconds: number;
  readonly error?: string;
}

/** The steps by their number, beginning with this node as number 0. */
export function tracerouteLine(hops: readonly TraceHop[]): string {
  return objectLine(
    new Map(
      hops.map(({ from, nanoseconds, error }, index) => {
        const failure: [string, JsonValue][] = error === undefined ? [] : [['Error', error]];
        return [String(index), new Map<string, JsonValue>([['From', from], ...timeMembers(nanoseconds), ...failure])];
      }),
    ),
  );
}

/** After this line the session is a bridge. */
export function connectingLine(): string {
  return 'Connecting\n';
}

export function reloadedLine(): string {
  return objectLine(new Map([['Success', true]]));
}

/** Exit codes of `receptorctl reload`: 3, something changed that needs a restart; 4, the configuration is not good. */
export type ReloadErrorCode = 3 | 4;

export function reloadFailedLine(text: string, code: ReloadErrorCode): string {
  return objectLine(
    new Map<string, JsonValue>([
      ['Success', false],
      ['Error', `${text} ERRORCODE ${code}`],
    ]),
  );
}

/** Why a reload fails, for the two texts that people's scripts look for (1.7). */
export const RELOAD_FAILURE = {
  changed: (action: string) =>
    `a non-reloadable config action '${action}' was modified or added. ` +
    'Must restart receptor for these changes to take effect',
  removed: (action: string) =>
    `a non-reloadable config action '${action}' was removed. Must restart receptor for changes to take effect`,
  noFile: 'no configuration file was provided, reload function not set',
} as const;

/** One field of a record, for replies that extensions make. */
export function recordLine(record: JsonRecord): string {
  return `${writeJson(record)}\n`;
}

function timeMembers(nanoseconds: number): readonly (readonly [string, JsonValue])[] {
  return [
    ['Time', nanoseconds],
    ['TimeStr', formatGoDuration(nanoseconds)],
  ];
}
