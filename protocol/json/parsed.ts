// Whole JSON values through JSON.parse, which reads the same texts as Go does; only its errors and its numbers differ.
import { type Decoded, decoded, faulty } from '../decoded.js';
import { decodeText, withoutLoneSurrogates } from '../text.js';
import { JSON_DEPTH_MAX, nestsDeeper } from './scanner.js';
import { jsonSyntaxFault } from './syntax.js';

/** What JSON.parse can give. */
export type ParsedJson = null | boolean | number | string | readonly ParsedJson[] | ParsedObject;
export interface ParsedObject {
  readonly [name: string]: ParsedJson;
}

/** The value of a text that was cut out of a checked one, or undefined if it is no JSON. */
export function parseOrUndefined(text: string): ParsedJson | undefined {
  try {
    const value = text.includes('\\u') ? JSON.parse(text, withoutLoneSurrogate) : JSON.parse(text);
    return value as ParsedJson; // JSON.parse gives nothing else
  } catch {
    return undefined; // the caller says where and why, with the help of the syntax scanner
  }
}

/** Go reads an escape that is half of a pair as U+FFFD, in texts and in names. */
function withoutLoneSurrogate(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return withoutLoneSurrogates(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [withoutLoneSurrogates(name), member]));
}

/** Reads a whole text; the fault tells in Go's words why it is no JSON (control-and-work 1.2). */
export function parseJson(bytes: Uint8Array): Decoded<ParsedJson> {
  const text = decodeText(bytes);
  // Go follows 10,000 levels; who goes through the value level by level should not have to.
  if (nestsDeeper(text, JSON_DEPTH_MAX)) return faulty('json-depth', 0, 'exceeded max depth');
  const value = parseOrUndefined(text);
  return value === undefined ? (jsonSyntaxFault(bytes) ?? faulty('json-syntax', 0)) : decoded(value);
}

export function isObject(value: ParsedJson | undefined): value is ParsedObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
