import { DER_TAG, type DerElement, derChildren, derElements } from './der-reader.js';

/** When a certificate is good, in milliseconds since 1970; the last second counts. */
export interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where a certificate has no `[0] version` before it, its validity is the fourth element, else the fifth. */
const PLACE = 3;

const DAY_MS = 86_400_000;

/** Two digits of a year stand for 1950 to 2049 (RFC 5280, 4.1.2.5.1). */
const FIRST_SHORT_YEAR = 50;

/**
 * Reads the validity of a certificate in DER (RFC 5280, 4.1.2.5). `undefined` for what is no certificate, and for a time
 * in another form than the one that is allowed: a time that nobody can read never ends.
 */
export function validityOf(certificate: Uint8Array): Validity | undefined {
  const [outer] = derElements(certificate) ?? [];
  const [body] = derChildren(outer);
  const parts = derChildren(body);
  const hasVersion = parts[0]?.tag === DER_TAG.contextConstructed;
  const [from, to] = derChildren(parts[hasVersion ? PLACE + 1 : PLACE]).map(momentOf);
  return from === undefined || to === undefined ? undefined : { fromMs: from, toMs: to };
}

function momentOf({ tag, content }: DerElement): number | undefined {
  const text = String.fromCharCode(...content.subarray(0, 16));
  const isShort = tag === DER_TAG.utcTime;
  const digits = (isShort ? SHORT : LONG).exec(text);
  if (digits === null || content.length > 16 || (!isShort && tag !== DER_TAG.generalizedTime)) {
    return undefined;
  }
  const [years = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.slice(1).map(Number);
  const year = isShort ? (years < FIRST_SHORT_YEAR ? 2_000 : 1_900) + years : years;
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  return isReal ? dayNumber(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000 : undefined;
}

const SHORT = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const LONG = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** Days from 1970-01-01 to a Gregorian date. Years are counted from March, so that the leap day ends its year. */
function dayNumber(year: number, month: number, day: number): number {
  const daysToYearZero = 719_468;
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5) + day - 1;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leaps + dayOfYear - daysToYearZero;
}
