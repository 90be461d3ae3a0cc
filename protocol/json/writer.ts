// Writes JSON as Go writes it (mesh-protocol 2.7): no spaces, `<`, `>`, `&`, U+2028 and U+2029 escaped, the keys of a
// map sorted, the fields of a record in the order of their declaration.
import { compareText } from '../text.js';

/** A `Map` is written as Go writes a map, keys sorted; a plain object as Go writes a record, in its own order. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>
  | JsonRecord;
export interface JsonRecord {
  readonly [name: string]: JsonValue;
}

// `[^ -…]` is what comes before the blank: the control characters.
const NEEDS_ESCAPE = /[<>&"\\\u2028\u2029\ud800-\udfff]|[^ -\uffff]/;
const ESCAPED = /[<>&"\\\u2028\u2029]|\p{Surrogate}|[^ -\u{10ffff}]/gu;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The JSON text of a value. A number that is not finite, which JSON cannot hold, is written as null. */
export function writeJson(value: JsonValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      return writeNumber(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return writeStructure(value);
  }
}

/** A string in quotes. Lone surrogates become U+FFFD. */
export function writeString(text: string): string {
  return `"${NEEDS_ESCAPE.test(text) ? text.replace(ESCAPED, escapeCharacter) : text}"`;
}

/**
 * A number in Go's shortest form. It is JavaScript's: an exponent below 1e-6 and from 1e21 on, without leading zeros.
 * Only minus zero differs.
 */
export function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Members of an object from names and values that are JSON texts already. */
export function writeMembers(members: Iterable<readonly [name: string, json: string]>): string {
  let text = '';
  for (const [name, json] of members) text += `${text === '' ? '' : ','}${writeString(name)}:${json}`;
  return text;
}

/** A map from names to numbers or texts, keys sorted; null for a map that Go has not made. */
export function writeMap<V extends string | number>(map: ReadonlyMap<string, V> | null): string {
  if (map === null) return 'null';
  const entries = [...map].sort(([a], [b]) => compareText(a, b));
  return `{${writeMembers(entries.map(([name, value]) => [name, writeJson(value)]))}}`;
}

function writeStructure(value: readonly JsonValue[] | ReadonlyMap<string, JsonValue> | JsonRecord): string {
  if (value instanceof Map) {
    const sorted = [...(value as ReadonlyMap<string, JsonValue>)].sort(([a], [b]) => compareText(a, b)); // just checked
    return `{${writeMembers(sorted.map(([name, member]) => [name, writeJson(member)]))}}`;
  }
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(writeJson).join(',')}]`; // just checked
  return `{${writeMembers(Object.entries(value).map(([name, member]) => [name, writeJson(member)]))}}`;
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : `\\u${code.toString(16).padStart(4, '0')}`;
}
