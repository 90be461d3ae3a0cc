// Durations as Go writes and reads them: `842ns`, `26.77µs`, `1m2.5s` (control-and-work 1.2). They stand in replies as
// `TimeStr`, and in the configuration and in `ttl` as the user typed them. In code they are nanoseconds.
import { type Decoded, decoded, faulty } from '../decoded.js';
import { encodeText, textByteLength } from '../text.js';

const NS_PER_US = 1_000;
const NS_PER_MS = 1_000_000;
const NS_PER_SECOND = 1_000_000_000;
const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3_600;

/** Nanoseconds of each unit that Go knows; the micro sign and the Greek letter are both taken. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const MAGNITUDE_MAX = 2n ** 63n;
/** Characters. No sensible duration is longer; bounds the work on a hostile one. */
const DURATION_LENGTH_MAX = 256;
/** Go counts the digits of a fraction for as long as they fit 63 bits; the rest is below any unit. */
const FRACTION_MAX = 2n ** 63n;

/** The text of a whole number of nanoseconds; exact up to 2^53, that is 104 days. */
export function formatGoDuration(nanoseconds: number): string {
  const whole = Math.trunc(nanoseconds);
  const sign = whole < 0 ? '-' : '';
  const ns = Math.abs(whole);
  if (ns === 0) return '0s';
  if (ns < NS_PER_US) return `${sign}${ns}ns`;
  if (ns < NS_PER_MS) return `${sign}${decimal(ns, NS_PER_US)}µs`;
  if (ns < NS_PER_SECOND) return `${sign}${decimal(ns, NS_PER_MS)}ms`;
  const seconds = Math.floor(ns / NS_PER_SECOND);
  const hours = Math.floor(seconds / SECONDS_PER_HOUR);
  const minutes = Math.floor(seconds / SECONDS_PER_MINUTE) % 60;
  const rest = (seconds % SECONDS_PER_MINUTE) * NS_PER_SECOND + (ns % NS_PER_SECOND);
  const minutesText = hours > 0 || minutes > 0 ? `${minutes}m` : '';
  return `${sign}${hours > 0 ? `${hours}h` : ''}${minutesText}${decimal(rest, NS_PER_SECOND)}s`;
}

/** Reads a duration such as `1h20m30s` or `-1.5h`; the fault's detail is Go's sentence. Nanoseconds, whole. */
export function parseGoDuration(text: string): Decoded<number> {
  const invalid = () => faulty('duration-format', 0, `time: invalid duration ${quote(text)}`);
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return decoded(0);
  if (rest === '' || text.length > DURATION_LENGTH_MAX) return invalid();
  let total = 0n;
  while (rest !== '') {
    const part = /^([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)/.exec(rest);
    const [whole = '', unitName = ''] = [part?.[1], part?.[4]];
    const fraction = part?.[3] ?? '';
    if (whole === '' && fraction === '') return invalid();
    if (unitName === '') return faulty('duration-format', 0, `time: missing unit in duration ${quote(text)}`);
    const unit = UNITS.get(unitName);
    if (unit === undefined) {
      return faulty('duration-format', 0, `time: unknown unit ${quote(unitName)} in duration ${quote(text)}`);
    }
    total += BigInt(whole) * unit + fractionOf(fraction, unit);
    if (total > MAGNITUDE_MAX) return invalid();
    rest = rest.slice(part?.[0].length);
  }
  if (!negative && total >= MAGNITUDE_MAX) return invalid();
  return decoded(Number(negative ? -total : total));
}

/** The fraction's part of a unit, cut to whole nanoseconds by way of a double, as Go computes it. */
function fractionOf(digits: string, unit: bigint): bigint {
  let counted = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = counted * 10n + BigInt(digit);
    if (next > FRACTION_MAX) break;
    counted = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(counted) * (Number(unit) / scale)));
}

/** A number with its fraction, trailing zeros cut: 26770 over 1000 is `26.77`. */
function decimal(value: number, unit: number): string {
  const whole = Math.floor(value / unit);
  const digits = String(value % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return digits === '' ? String(whole) : `${whole}.${digits}`;
}

/** The time package's own quotation: bytes outside ASCII are written as `\xc2`. */
function quote(text: string): string {
  let quoted = '';
  for (const character of text) {
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else if (character >= ' ' && textByteLength(character) === 1) quoted += character;
    else quoted += [...encodeText(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  }
  return `"${quoted}"`;
}
