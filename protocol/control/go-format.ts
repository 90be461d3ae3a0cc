// Small habits of Go that show in error lines of the control service: how it reads a whole number and complains about
// it, and what it prints for a value of the wrong type.
import { type Decoded, decoded, faulty } from '../decoded.js';
import { quoteText } from '../go-quote.js';
import type { ParsedJson } from '../json/parsed.js';
import { compareText } from '../text.js';

const WHOLE_NUMBER = /^[+-]?[0-9]+$/;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
/** Digits. Enough for any 64-bit number with leading zeros; longer texts are out of range without being read. */
const DIGITS_MAX = 64;

/** Reads a decimal 64-bit number as Go does, and fails in its words. Beyond 2^53 the result is rounded. */
export function parseGoInt(text: string): Decoded<number> {
  const complain = (why: string) => faulty('json-range', 0, `strconv.ParseInt: parsing ${quoteText(text)}: ${why}`);
  if (!WHOLE_NUMBER.test(text)) {
    // Go reads from the left and meets the overflow before a letter behind it.
    return complain(/^[+-]?[0-9]{20}/.test(text) ? 'value out of range' : 'invalid syntax');
  }
  const value = text.length <= DIGITS_MAX ? BigInt(text.replace('+', '')) : INT64_MAX + 1n;
  if (value > INT64_MAX || value < INT64_MIN) return complain('value out of range');
  return decoded(Number(value));
}

/** What Go's `%s` prints for a decoded JSON value: `%!s(float64=1)`, `map[a:<nil>]`. */
export function formatAsString(value: ParsedJson): string {
  return value === null ? '%!s(<nil>)' : formatInside(value);
}

function formatInside(value: ParsedJson): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return `%!s(bool=${value})`;
  if (typeof value === 'number') return `%!s(float64=${formatFloat(value)})`;
  if (Array.isArray(value)) return `[${(value as readonly ParsedJson[]).map(formatInside).join(' ')}]`; // just checked
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return `map[${entries.map(([name, member]) => `${name}:${formatInside(member)}`).join(' ')}]`;
}

/** Go's `%v` of a float: the shortest digits, with an exponent of two digits from 1e6 on or below 1e-4. */
export function formatFloat(value: number): string {
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
