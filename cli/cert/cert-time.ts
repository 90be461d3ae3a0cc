// Times of certificates (RFC 5280, 4.1.2.5): whole seconds since 1970, UTC.
import { goTime, parseGoTime } from '../../protocol/go-time.js';
import type { DerElement } from '../../runtime/security/der-reader.js';
import { derText, WRITE_TAG } from './der-writer.js';

/** From this year on a time has four digits of its year; before, two. */
const GENERALIZED_FROM_YEAR = 2050;
const UTC_FROM_YEAR = 1950;
const MS_PER_SECOND = 1_000;
export const SECONDS_PER_DAY = 86_400;

export interface Validity {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
}

export function secondsOfMs(wallMs: number): number {
  return Math.floor(wallMs / MS_PER_SECOND);
}

/** `2026-11-29T13:31:58Z`. */
export function timeText(seconds: number): string {
  return goTime({ seconds, nanoseconds: 0 }).text;
}

/** The same day and time in another year; the last of February becomes the first of March where it is missing. */
export function yearsLater(seconds: number, years: number): number {
  const text = timeText(seconds);
  const year = `${Number(text.slice(0, 4)) + years}`.padStart(4, '0');
  const moved = parseGoTime(`${year}${text.slice(4)}`);
  if (moved.ok) {
    return moved.value.seconds;
  }
  const march = parseGoTime(`${year}-03-01${text.slice(10)}`);
  return march.ok ? march.value.seconds : seconds;
}

/** The element for a time of the years 0 to 9999. */
export function derTime(seconds: number): Uint8Array {
  const text = timeText(seconds);
  const digits = text.replaceAll(/[-:T]/g, '');
  const year = Number(text.slice(0, 4));
  return year >= UTC_FROM_YEAR && year < GENERALIZED_FROM_YEAR
    ? derText(WRITE_TAG.utcTime, digits.slice(2))
    : derText(WRITE_TAG.generalizedTime, digits);
}

/** `undefined` for what is no time of a certificate. */
export function secondsOfDer(element: DerElement): number | undefined {
  const text = Buffer.from(element.content).toString('latin1');
  const digits = element.tag === WRITE_TAG.utcTime ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (parts === null) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second] = parts;
  const time = parseGoTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return time.ok ? time.value.seconds : undefined;
}

/** Whole days until the end; negative when it has passed. */
export function daysLeft({ to }: Validity, now: number): number {
  return Math.floor((to - now) / SECONDS_PER_DAY);
}
