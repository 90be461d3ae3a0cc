// Quotation as Go prints it (strconv.Quote and QuoteRune). Error lines of the control service carry such quotations,
// and people and tools compare those lines with the reference's.
import { decodeText, encodeText, sequenceLength } from './text.js';

const PRINTABLE = /^[\p{Letter}\p{Mark}\p{Number}\p{Punctuation}\p{Symbol} ]$/u;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
]);

/** A text in double quotes: `a"b` gives `"a\"b"`. */
export function quoteText(text: string): string {
  return quoteBytes(encodeText(text));
}

/** Bytes in double quotes; a byte that is no UTF-8 is written as `\xff`. */
export function quoteBytes(bytes: Uint8Array): string {
  let quoted = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    quoted +=
      length === 0 ? escapedByte(bytes[at] ?? 0) : quotedCharacter(decodeText(bytes.subarray(at, at + length)), '"');
    at += Math.max(length, 1);
  }
  return `"${quoted}"`;
}

/** The character that starts at an offset, in single quotes: `'x'`, `'\''`, `'\xe9'`. */
export function quoteCharacterAt(bytes: Uint8Array, at: number): string {
  const length = sequenceLength(bytes, at);
  if (length === 0) return `'${escapedByte(bytes[at] ?? 0)}'`;
  return `'${quotedCharacter(decodeText(bytes.subarray(at, at + length)), "'")}'`;
}

/** Would Go print this character as it is? */
export function isPrintable(character: string): boolean {
  return PRINTABLE.test(character);
}

function quotedCharacter(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  if (isPrintable(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return escapedByte(code);
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function escapedByte(byte: number): string {
  return `\\x${hex(byte, 2)}`;
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
