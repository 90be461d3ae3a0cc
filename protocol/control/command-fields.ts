// Fields of a JSON command, with the reference's complaints about them.
import type { ParsedObject } from '../json/parsed.js';
import { accepted, type Parsed, refused } from './command-line.js';
import { formatAsString, parseGoInt } from './go-format.js';

export interface FieldComplaints {
  readonly missing: string;
  readonly notText: string;
}

export function requiredText(fields: ParsedObject, name: string, complaints: FieldComplaints): Parsed<string> {
  if (!Object.hasOwn(fields, name)) return refused(complaints.missing);
  const value = fields[name];
  return typeof value === 'string' ? accepted(value) : refused(complaints.notText);
}

/** A field of a work command. */
export function workText(fields: ParsedObject, name: string): Parsed<string> {
  return requiredText(fields, name, {
    missing: `field ${name} missing`,
    notText: `field ${name} must be a string`,
  });
}

/** A field that is left out, or overlooked when it is no text. */
export function optionalText(fields: ParsedObject, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** A position: a number, its fraction cut off, or (1.6.9) a text that holds one. */
export function positionField(fields: ParsedObject, name: string): Parsed<number> {
  if (!Object.hasOwn(fields, name)) return refused(`field ${name} missing`);
  const value = fields[name] ?? null;
  if (typeof value === 'number') return checkedPosition(Math.trunc(value));
  if (typeof value !== 'string')
    return refused(`field ${name} value ${formatAsString(value)} is not convertible to an int`);
  const parsed = parseGoInt(value);
  return parsed.ok ? checkedPosition(parsed.value) : refused(parsed.fault.detail);
}

/** The reference takes a position before the start and fails later without a word. */
export function checkedPosition(position: number): Parsed<number> {
  if (position < 0) return refused('start position must not be negative');
  return accepted(Math.min(position, Number.MAX_SAFE_INTEGER));
}
