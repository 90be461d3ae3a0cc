import type { InspectionHub } from '../inspection.js';
import type { Fate } from './weather.js';

/** Entries that are kept in full unless told otherwise, for the report of a failing seed. */
const TAIL_ENTRIES = 400;

/** One kept entry: a line, or traffic whose line is composed only when somebody reads it. Used again and again. */
interface Entry {
  text: string | undefined;
  atMs: number;
  from: string;
  to: string;
  fate: Fate;
  length: number;
}

/**
 * What happened, as a hash over everything and the last entries in full. Two runs of one seed must end with equal
 * hashes: that is the proof of determinism. The hash is two 32-bit lanes of multiply and xor (as FNV-1a does it); it
 * guards against accidents, not enemies.
 */
export class Trace {
  readonly #number = new Float64Array(1);
  readonly #numberBytes = new Uint8Array(this.#number.buffer);
  readonly #tail: Entry[] = [];
  readonly #kept: number;
  #a = 0x811c9dc5;
  #b = 0x9e3779b9;
  #count = 0;

  /** Keeps this many of the last entries in full. */
  constructor(kept: number = TAIL_ENTRIES) {
    this.#kept = kept;
  }

  /** Entries so far. */
  get count(): number {
    return this.#count;
  }

  /** 16 hexadecimal digits. */
  get hash(): string {
    return hex(this.#a) + hex(this.#b);
  }

  /** The last entries as lines, oldest first. */
  tail(lines = this.#kept): readonly string[] {
    const kept = Math.min(lines, this.#tail.length);
    return Array.from({ length: kept }, (_, at) => {
      const entry = this.#tail[(this.#count - kept + at) % this.#kept];
      return entry === undefined ? '' : lineOf(entry);
    });
  }

  line(text: string): void {
    this.#text(text);
    this.#next().text = text;
  }

  bytes(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 1) {
      this.#mix(bytes[at] ?? 0);
    }
  }

  /** As a line and its bytes. */
  traffic(
    atMs: number,
    way: { readonly from: string; readonly to: string; readonly fate: Fate },
    bytes: Uint8Array,
  ): void {
    this.#number[0] = atMs;
    this.bytes(this.#numberBytes);
    this.#text(way.from);
    this.#text(way.to);
    this.#text(way.fate);
    this.bytes(bytes);
    const entry = this.#next();
    entry.text = undefined;
    entry.atMs = atMs;
    entry.from = way.from;
    entry.to = way.to;
    entry.fate = way.fate;
    entry.length = bytes.length;
  }

  /**
   * Adds every record of a system, steps and effects included: finds differences that never reach the network.
   * Returns what ends it.
   */
  follow(host: string, hub: InspectionHub): () => void {
    return hub.read('everything', ({ atMs, address, kind, subject }) => {
      this.line(`${atMs.toFixed(3)} ${host} ${address} ${kind} ${subject}`);
    });
  }

  /** The entry to fill: the oldest, once there are enough. */
  #next(): Entry {
    const at = this.#count % this.#kept;
    this.#count += 1;
    const known = this.#tail[at];
    if (known !== undefined) {
      return known;
    }
    const entry: Entry = { text: '', atMs: 0, from: '', to: '', fate: 'lost', length: 0 };
    this.#tail.push(entry);
    return entry;
  }

  #text(text: string): void {
    for (let at = 0; at < text.length; at += 1) {
      this.#mix(text.charCodeAt(at));
    }
    this.#mix(10);
  }

  #mix(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = Math.imul(this.#b ^ value, 0x85ebca6b) ^ (this.#b >>> 15);
  }
}

function lineOf({ text, atMs, from, to, fate, length }: Entry): string {
  return text ?? `${atMs.toFixed(3)} ${from}>${to} ${fate} ${length}`;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
