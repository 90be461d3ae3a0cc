import type { LocalTime } from '../../runtime/io/local-time.js';
import type { LogLevel } from './level.js';

/** What is to be logged; the text may hold words of the mesh. */
export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** Characters. A longer line is of no use to anybody and could be anything. */
const TEXT_LENGTH_MAX = 4_096;

/** Terminals obey control characters, and some of the others turn the direction of writing or break the line. */
const UNSAFE = /[\p{Control}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu');

/** The text without anything that a terminal or a log reader would take for more than a text. */
export function cleanText(text: string): string {
  const short = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
  return UNSAFE.test(short) ? short.replace(EACH_UNSAFE, escaped) : short;
}

/** A line in the reference's form, with its newline (mesh-protocol 9.6): `INFO 2026/11/20 23:13:58 text`. */
export function formatLine({ level, text }: LogLine, time: LocalTime): string {
  const day = `${time.year}/${two(time.month)}/${two(time.day)}`;
  const clock = `${two(time.hours)}:${two(time.minutes)}:${two(time.seconds)}`;
  return `${level.toUpperCase()} ${day} ${clock} ${cleanText(text)}\n`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}
