// What a control line can turn out to be: the types that the parsers of words and of objects share.
import type { Decoded } from '../decoded.js';
import type { ParsedObject } from '../json/parsed.js';
import type { UnitId } from '../names.js';

/** A target as the user wrote it: `localhost` and unknown names are answered by whoever knows the mesh. */
export type Command =
  | { readonly type: 'ping' | 'traceroute'; readonly target: string }
  /** `requestedFields` undefined means all; unknown names are passed over. */
  | { readonly type: 'status'; readonly requestedFields: readonly string[] | undefined }
  /** `tls` is the name of a TLS client configuration, empty for none. */
  | { readonly type: 'connect'; readonly node: string; readonly service: string; readonly tls: string }
  | { readonly type: 'reload'; readonly mode: 'reference' | 'difference' }
  | WorkCommand;

export interface WorkSubmit {
  readonly type: 'work.submit';
  /** As the user wrote it; `localhost` means this node. */
  readonly node: string;
  readonly workType: string;
  /** Everything that is meant for the worker: `params`, `kube_*`, `secret_*` and whatever else was given. */
  readonly params: ReadonlyMap<string, string>;
  /** Name of a TLS client configuration; empty for none. */
  readonly tlsClient: string;
  /** Time limit for the start, in nanoseconds; its fault is to be told after the checks that go before it (2.1). */
  readonly ttl: Decoded<number> | undefined;
  /** Sign the work for the remote node. */
  readonly signWork: boolean;
  /** The signature that came along; empty for none. */
  readonly signature: string;
  /** The id that the submitter has given the unit (1.6.9); undefined to make one. */
  readonly unitId: UnitId | undefined;
}

export type WorkCommand =
  | WorkSubmit
  | { readonly type: 'work.list'; readonly unitId: UnitId | undefined }
  | { readonly type: 'work.status'; readonly unitId: UnitId }
  | {
      readonly type: 'work.cancel' | 'work.release' | 'work.force-release';
      readonly unitId: UnitId;
      readonly signature: string;
    }
  | {
      readonly type: 'work.results' | 'work.follow';
      readonly unitId: UnitId;
      /** Byte of the output to start at. */
      readonly startPosition: number;
      readonly signature: string;
    };

/** Parameters of a command that is not one of ours, for an extension that knows it. */
export type UnreadParameters =
  | { readonly form: 'words'; readonly text: string }
  | { readonly form: 'object'; readonly fields: ParsedObject };

export type CommandLine =
  /** An empty line; there is no answer. */
  | { readonly type: 'nothing' }
  | { readonly type: 'command'; readonly command: Command }
  /** One `ERROR:` line for each text; the session goes on. */
  | { readonly type: 'refused'; readonly errors: readonly string[] }
  /** No command of ours. If no extension knows it, the answer is `unknownCommandText(name)`. */
  | { readonly type: 'unknown'; readonly name: string; readonly parameters: UnreadParameters };

/** A part of a command, or the text of the error line that refuses it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refused;
export type ParsedCommand = Parsed<Command>;
export interface Refused {
  readonly ok: false;
  readonly refusal: string;
}

export function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused(refusal: string): Refused {
  return { ok: false, refusal };
}

/** Splits at each single blank, as the reference does, into at most `max` words; the last one holds the rest. */
export function splitWords(text: string, max: number): readonly string[] {
  const words: string[] = [];
  let start = 0;
  for (let blank = text.indexOf(' '); blank >= 0 && words.length < max - 1; blank = text.indexOf(' ', start)) {
    words.push(text.slice(start, blank));
    start = blank + 1;
  }
  return [...words, text.slice(start)];
}
