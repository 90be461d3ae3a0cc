// Numbers and truth values as the reference reads them from a configuration, with its complaints (mesh-protocol 9.1):
// people search for these texts.
import { type Decoded, decoded, faulty } from '../../protocol/decoded.js';
import { quoteText } from '../../protocol/go-quote.js';

const INT64_MAX = 2n ** 63n - 1n;
/** Characters. No number of a configuration is longer; bounds the work on a hostile one. */
const NUMBER_LENGTH_MAX = 128;

/** Digits may be parted by single underscores, also between a prefix and the first digit. */
const WHOLE = /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;

const TRUE_WORDS = new Set(['1', 't', 'T', 'Y', 'true', 'TRUE', 'True', 'yes', 'Yes', 'YES']);
const FALSE_WORDS = new Set(['0', 'f', 'F', 'N', 'false', 'FALSE', 'False', 'no', 'No', 'NO']);

/** A whole number in Go's notations: `2222`, `0600` (octal), `0o600`, `0xff`, `0b11`, `1_000`. */
export function parseWhole(text: string): Decoded<number> {
  const complain = (why: string) => faulty('json-range', 0, `strconv.ParseInt: parsing ${quoteText(text)}: ${why}`);
  const parts = text.length > NUMBER_LENGTH_MAX ? null : WHOLE.exec(text);
  const [, sign = '', digits = ''] = parts ?? [];
  if (parts === null) {
    return complain('invalid syntax');
  }
  const magnitude = BigInt(prefixed(digits.replaceAll('_', '')));
  const value = sign === '-' ? -magnitude : magnitude;
  return value > INT64_MAX || value < -INT64_MAX - 1n ? complain('value out of range') : decoded(Number(value));
}

/** A number with a fraction; `inf` and `nan` are numbers to Go, and are left to whoever needs a finite one. */
export function parseNumber(text: string): Decoded<number> {
  if (text.length <= NUMBER_LENGTH_MAX && DECIMAL.test(text)) {
    return decoded(Number(text));
  }
  if (INFINITE.test(text)) {
    return decoded(text.startsWith('-') ? -Infinity : Infinity);
  }
  if (/^nan$/i.test(text)) {
    return decoded(Number.NaN);
  }
  return faulty('json-range', 0, `strconv.ParseFloat: parsing ${quoteText(text)}: invalid syntax`);
}

/** One of the reference's words for true and false; no others. */
export function parseTruth(text: string): Decoded<boolean> {
  if (TRUE_WORDS.has(text)) {
    return decoded(true);
  }
  return FALSE_WORDS.has(text) ? decoded(false) : faulty('json-type', 0, `could not parse ${text} as boolean`);
}

/** A leading zero means octal to Go, and nothing to `BigInt`. */
function prefixed(digits: string): string {
  return /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
}
