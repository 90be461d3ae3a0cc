// Reads a JSON document field by field, as Go reads one into a record (mesh-protocol 2.7): the last of two fields
// wins, null leaves a field as it was, a wrong type or a wrong syntax anywhere spoils the whole document, and whole
// numbers keep all their digits. One pass over the text; only nested values and odd strings go through JSON.parse.
import type { Fault, FaultCode } from '../decoded.js';
import { decodeText, foldCase } from '../text.js';
import { type ParsedJson, parseOrUndefined } from './parsed.js';
import { FieldScanner } from './scanner.js';
import { jsonSyntaxFault } from './syntax.js';

/** Bytes. Four times what a TCP link carries, enough for a hub with 10,000 links; bounds the work of one message. */
export const JSON_BYTES_MAX = 262_144;
/** Digits of the largest unsigned 64-bit number. */
const UINT64_DIGITS_MAX = 20;
const UINT64_MAX = 2n ** 64n - 1n;
/** Digits that a double keeps exactly; shorter numbers need no big-integer parser. */
const EXACT_DOUBLE_DIGITS = 15;
/** V8 keeps a slice of 13 or more characters as a pointer into the whole text, which would then never be freed. */
const SLICE_COPIED_BELOW = 13;

const QUOTE = 0x22;
const SIGNED_NUMBER = /^-?(?:0|[1-9][0-9]*)$/;
const WHOLE_NUMBER = /^(?:0|[1-9][0-9]*)$/;

/** Known field names by their spelling and by their fold; Go matches the names of fields without regard to case. */
export function fieldNames<Name extends string>(...names: readonly Name[]): ReadonlyMap<string, Name> {
  return new Map(names.flatMap((name) => [[name, name] as const, [foldCase(name), name] as const]));
}

/** The known name that a field's name stands for, or undefined. */
export function matchField<Name extends string>(names: ReadonlyMap<string, Name>, name: string): Name | undefined {
  return names.get(name) ?? names.get(foldCase(name));
}

/**
 * Steps through the fields of one document. Read `name`, then one of the value readers, or none to skip the value.
 * When `next` answers false the document is over, or `fault` says why it was given up; its offset counts bytes for a
 * fault of syntax, characters otherwise.
 */
export class FieldCursor {
  /** Name of the field at which the cursor stands. */
  name = '';
  fault: Fault | undefined;
  readonly #bytes: Uint8Array;
  readonly #text: string;
  readonly #scanner: FieldScanner;
  /** Is the value known to be valid JSON? Plain strings were checked in passing, the rest when read or skipped. */
  #checked = true;

  constructor(bytes: Uint8Array, bytesMax: number = JSON_BYTES_MAX) {
    const fits = bytes.length <= bytesMax;
    this.#bytes = bytes;
    this.#text = fits ? decodeText(bytes) : '';
    this.#scanner = new FieldScanner(this.#text);
    if (!fits) this.#give('json-size', bytesMax, `JSON text of ${bytes.length} bytes`);
  }

  /** Goes to the next field. False at the end of the document, and after a fault. */
  next(): boolean {
    if (!this.#checked) this.#parse();
    if (this.fault !== undefined) return false;
    const scanner = this.#scanner;
    if (!scanner.next()) return this.#stopped();
    this.#checked = scanner.valuePlain;
    this.name = this.#stringIn(scanner.nameStart, scanner.nameEnd, scanner.namePlain);
    return this.fault === undefined;
  }

  /** Is the value null? Go then leaves the field as it was. */
  get isNull(): boolean {
    const { valueStart, valueEnd } = this.#scanner;
    return valueEnd - valueStart === 4 && this.#text.startsWith('null', valueStart);
  }

  /** A string; `before` if the value is null or no string. */
  string(before: string): string {
    if (this.isNull) return before;
    const { valueStart, valueEnd, valuePlain } = this.#scanner;
    if (this.#text.charCodeAt(valueStart) !== QUOTE) return this.#wrongType('string', before);
    this.#checked = true;
    return this.#stringIn(valueStart, valueEnd, valuePlain);
  }

  /** An unsigned 64-bit number with all its digits; only plain digits will do, as in Go. */
  uint64(before: bigint): bigint {
    if (this.isNull) return before;
    const digits = this.#valueText();
    if (!WHOLE_NUMBER.test(digits)) return this.#wrongType('uint64', before);
    this.#checked = true;
    if (digits.length <= EXACT_DOUBLE_DIGITS) return BigInt(Number(digits));
    const value = digits.length <= UINT64_DIGITS_MAX ? BigInt(digits) : UINT64_MAX + 1n;
    if (value <= UINT64_MAX) return value;
    this.refuse('json-range', `${this.name} does not fit uint64`);
    return before;
  }

  /** A whole number from 0 to `max`. */
  uint(before: number, max: number): number {
    const value = this.uint64(BigInt(before));
    if (value <= max) return Number(value);
    this.refuse('json-range', `${this.name} is above ${max}`);
    return before;
  }

  /** A whole number that a double holds exactly, with or without a sign. */
  int(before: number): number {
    if (this.isNull) return before;
    const digits = this.#valueText();
    if (!SIGNED_NUMBER.test(digits)) return this.#wrongType('int', before);
    this.#checked = true;
    const value = Number(digits);
    if (Number.isSafeInteger(value)) return value;
    this.refuse('json-range', `${this.name} is above 2^53`);
    return before;
  }

  boolean(before: boolean): boolean {
    const value = this.isNull ? before : this.#parse();
    return typeof value === 'boolean' ? value : this.#wrongType('bool', before);
  }

  /** Any value, as JSON.parse reads it; null also after a fault. */
  value(): ParsedJson {
    return this.#parse() ?? null;
  }

  /** The text of the value, checked to be valid JSON; empty after a fault. */
  raw(): string {
    return this.#checked || this.#parse() !== undefined ? this.#valueText() : '';
  }

  /** Gives up the document because the value here is not what the field wants. */
  refuse(code: FaultCode, detail: string): void {
    this.#give(code, this.#scanner.valueStart, detail);
  }

  #valueText(): string {
    return this.#text.slice(this.#scanner.valueStart, this.#scanner.valueEnd);
  }

  #stringIn(start: number, end: number, plain: boolean): string {
    if (plain && end - start - 2 < SLICE_COPIED_BELOW) return this.#text.slice(start + 1, end - 1);
    const value = parseOrUndefined(this.#text.slice(start, end));
    if (typeof value === 'string') return value;
    this.#wrongSyntax();
    return '';
  }

  #parse(): ParsedJson | undefined {
    const value = parseOrUndefined(this.#valueText());
    this.#checked = true;
    if (value === undefined) this.#wrongSyntax();
    return value;
  }

  #wrongType<T>(wanted: string, before: T): T {
    if (this.#parse() !== undefined) this.refuse('json-type', `${this.name} is no ${wanted}`);
    return before;
  }

  #stopped(): false {
    const { problem, offset } = this.#scanner;
    if (problem === 'depth') return this.#give('json-depth', offset, `nested deeper than we follow`);
    if (problem === 'syntax') return this.#wrongSyntax();
    if (problem === undefined) return false;
    if (jsonSyntaxFault(this.#bytes) !== undefined) return this.#wrongSyntax();
    return this.#give('json-type', 0, 'the document is no object');
  }

  #wrongSyntax(): false {
    const found = jsonSyntaxFault(this.#bytes)?.fault;
    return this.#give('json-syntax', found?.offset ?? this.#scanner.offset, found?.detail ?? 'invalid JSON');
  }

  #give(code: FaultCode, offset: number, detail: string): false {
    this.fault ??= { code, offset, detail };
    return false;
  }
}
