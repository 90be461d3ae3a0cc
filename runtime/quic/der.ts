/** The few forms of DER (ITU-T X.690) that a small certificate needs. All lengths are definite and shortest. */

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Constructed, context-specific. */
const EXPLICIT = 0xa0;

const LONG_LENGTH = 0x80;
const HIGH_BIT = 0x80;

/** RFC 5280, 4.1.2.5: dates through 2049 as UTCTime, later ones as GeneralizedTime. */
const FIRST_GENERALIZED_YEAR = 2050;

const DAY_MS = 86_400_000;

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, join(parts));
}

export function set(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.set, join(parts));
}

/** `[number] EXPLICIT`. */
export function explicit(number: number, content: Uint8Array): Uint8Array {
  return element(EXPLICIT | number, content);
}

/** A positive integer from its big-endian bytes, brought to the shortest form. */
export function positiveInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? new Uint8Array(1) : bytes.subarray(first);
  const isNegative = ((digits[0] ?? 0) & HIGH_BIT) !== 0;
  return element(TAG.integer, isNegative ? join([new Uint8Array(1), digits]) : digits);
}

/** A bit string of whole bytes. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return element(TAG.bitString, join([new Uint8Array(1), bytes]));
}

/** An object identifier from its encoded content. */
export function objectIdentifier(content: readonly number[]): Uint8Array {
  return element(TAG.objectIdentifier, Uint8Array.from(content));
}

export function utf8String(text: string): Uint8Array {
  return element(TAG.utf8String, new TextEncoder().encode(text));
}

/** A moment, cut to whole seconds. `wallMs` counts from 1970 and lies between the years 1970 and 9999. */
export function time(wallMs: number): Uint8Array {
  const day = Math.floor(wallMs / DAY_MS);
  const seconds = Math.floor((wallMs - day * DAY_MS) / 1000);
  const { year, month, dayOfMonth } = civilDate(day);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const rest = `${[month, dayOfMonth, ...clock].map(twoDigits).join('')}Z`;
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  return year < FIRST_GENERALIZED_YEAR
    ? element(TAG.utcTime, ascii(`${twoDigits(year % 100)}${rest}`))
    : element(TAG.generalizedTime, ascii(`${year}${rest}`));
}

/**
 * The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the leap day is the last
 * day of its year; an era is 400 years of 146,097 days.
 */
function civilDate(day: number): { readonly year: number; readonly month: number; readonly dayOfMonth: number } {
  const daysToYearZero = 719_468;
  const shifted = day + daysToYearZero;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

function twoDigits(value: number): string {
  return `${value}`.padStart(2, '0');
}

function element(tag: number, content: Uint8Array): Uint8Array {
  return join([Uint8Array.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): readonly number[] {
  if (length < LONG_LENGTH) {
    return [length];
  }
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    digits.unshift(rest % 256);
  }
  return [LONG_LENGTH | digits.length, ...digits];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
