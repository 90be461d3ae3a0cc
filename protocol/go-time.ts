// Times as Go writes them in JSON: RFC 3339 with up to nine digits of a second (mesh-protocol 3.3). A time is kept as
// whole seconds and nanoseconds, since no double holds both, and together with the text that it came from.
import { type Decoded, decoded, faulty } from './decoded.js';

/** An instant: seconds since 1970 (UTC) and nanoseconds within the second, 0 to 999,999,999. */
export interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** An instant with the RFC 3339 text that told it, which may name any offset from UTC. */
export interface GoTime extends Instant {
  readonly text: string;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const NANOSECOND_DIGITS = 9;
const SECONDS_PER_DAY = 86_400;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Go's time that was never set: what a unit without a time limit expires at. */
export const GO_ZERO_TIME: GoTime = { text: '0001-01-01T00:00:00Z', seconds: -62_135_596_800, nanoseconds: 0 };

/**
 * Reads an RFC 3339 time as loosely as Go does: an hour of one digit and a comma will do, so that all nodes agree on
 * which advert counts. Digits beyond the nanosecond are dropped. Not taken are offsets of a day and more, which Go
 * reads and then cannot write: one such advert would spoil the status reply of every Go node that it reaches.
 */
export function parseGoTime(text: string): Decoded<GoTime> {
  const parts = RFC_3339.exec(text);
  if (parts === null) return faulty('time-format', 0, `not an RFC 3339 time: ${text.slice(0, 64)}`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const offsetHour = Number(parts[9] ?? 0);
  const offsetMinute = Number(parts[10] ?? 0);
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  if (!inRange || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) {
    return faulty('time-format', 0, `time out of range: ${text.slice(0, 64)}`);
  }
  const offset = (offsetHour * 60 + offsetMinute) * 60 * (parts[8] === '-' ? -1 : 1);
  const seconds = daysSince1970(year, month, day) * SECONDS_PER_DAY + (hour * 60 + minute) * 60 + second - offset;
  const nanoseconds = Number((parts[7] ?? '').slice(0, NANOSECOND_DIGITS).padEnd(NANOSECOND_DIGITS, '0'));
  return decoded({ text, seconds, nanoseconds });
}

/** Negative, zero or positive as `a` is before, at or after `b`; exact to the nanosecond. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}

/** An instant from milliseconds since 1970, fractions of a millisecond included as far as a double holds them. */
export function instantFromMs(milliseconds: number): Instant {
  const seconds = Math.floor(milliseconds / 1000);
  const nanoseconds = Math.floor((milliseconds - seconds * 1000) * 1_000_000);
  return { seconds, nanoseconds: Math.min(Math.max(nanoseconds, 0), 999_999_999) };
}

/** The instant in UTC, without trailing zeros: `2026-11-20T23:16:28.5Z`. For the years 1 to 9999. */
export function goTime(instant: Instant): GoTime {
  const { seconds, nanoseconds } = instant;
  const { year, month, day, clock } = calendar(seconds);
  const digits = String(nanoseconds).padStart(NANOSECOND_DIGITS, '0').replace(/0+$/, '');
  const fraction = digits === '' ? '' : `.${digits}`;
  return { seconds, nanoseconds, text: `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}${fraction}Z` };
}

/** The form of the reference's sentences, `Fri Nov 20 23:16:28`, in UTC. */
export function goSentenceTime(instant: Instant): string {
  const { month, day, weekday, clock } = calendar(instant.seconds);
  return `${WEEKDAYS[weekday]} ${MONTHS[month - 1]} ${day} ${clock}`;
}

interface Calendar {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly clock: string;
}

function calendar(seconds: number): Calendar {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const rest = seconds - days * SECONDS_PER_DAY;
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map((part) => pad(part, 2)).join(':');
  return { ...dateOfDay(days), weekday: (((days + 4) % 7) + 7) % 7, clock };
}

/** Days from 1970-01-01. Years are counted from March, so that a leap day is a year's last day. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** Days from 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468;
const DAYS_PER_400_YEARS = 146_097;

function dateOfDay(days: number): { year: number; month: number; day: number } {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_400_YEARS);
  const inEra = shifted - era * DAYS_PER_400_YEARS;
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = inEra - (365 * yearOfEra + leapDays);
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
