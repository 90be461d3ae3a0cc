// Lines of the control service, in both directions (control-and-work 1.2): up to `\n`, any `\r` dropped. What follows
// a line may be a payload or a bridged stream, so the cutter takes one line at a time and says where it ended.

import { LineBudget } from './line-budget.js';

/**
 * Bytes. A submit carries whole files in its line (`receptorctl work submit -a key=@file`), such as a kubeconfig or a
 * pod; 8 MiB is far above these and bounds what a client can make us hold. The reference has no limit.
 */
export const CONTROL_LINE_BYTES_MAX = 8 * 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_ROOM = 256;

/** Room that every line has without asking anybody: commands are a few hundred bytes. */
const FREE_ROOM = 65_536;

export type LineStep =
  /** A whole line, in bytes of its own; `next` is the offset of the first byte behind it. */
  | { readonly type: 'line'; readonly line: Uint8Array; readonly next: number }
  /** The chunk is used up and the line goes on. */
  | { readonly type: 'more' }
  /** The line is longer than allowed, or than there is room for now. Nothing sensible can follow: close the session. */
  | { readonly type: 'too-long' };

const MORE: LineStep = { type: 'more' };
const TOO_LONG: LineStep = { type: 'too-long' };

/** Gathers one line after another from chunks. Holds at most `bytesMax` bytes. Has one owner, the session. */
export class LineCutter {
  readonly #bytesMax: number;
  readonly #budget: LineBudget;
  #borrowed = 0;
  #gathered = new Uint8Array(FIRST_ROOM);
  #length = 0;
  #tooLong = false;

  /** Room for long lines comes out of the budget, which several cutters may share. */
  constructor(bytesMax: number = CONTROL_LINE_BYTES_MAX, budget: LineBudget = new LineBudget()) {
    this.#bytesMax = bytesMax;
    this.#budget = budget;
  }

  /** Takes bytes of the chunk from `start` up to the end of a line. Call again from `next` for the line after it. */
  take(chunk: Uint8Array, start: number): LineStep {
    if (this.#tooLong) return TOO_LONG;
    const newline = chunk.indexOf(NEWLINE, start);
    const end = newline < 0 ? chunk.length : newline;
    const needed = this.#length + (end - start);
    if (needed > this.#bytesMax || !this.#makeRoom(needed)) {
      this.#tooLong = true;
      this.drop();
      return TOO_LONG;
    }
    this.#gather(chunk, start, end);
    return newline < 0 ? MORE : { type: 'line', line: this.takeRest(), next: newline + 1 };
  }

  /** What has been gathered of an unfinished line. At the end of the session it is executed all the same. */
  takeRest(): Uint8Array {
    const line = this.#gathered.slice(0, this.#length);
    if (this.#gathered.length > FIRST_ROOM) this.drop();
    this.#length = 0;
    return line;
  }

  /** Forgets what has been gathered, and gives its room back: the session is over. */
  drop(): void {
    this.#budget.giveBack(this.#borrowed);
    this.#borrowed = 0;
    this.#gathered = new Uint8Array(FIRST_ROOM);
    this.#length = 0;
  }

  /** False: there is no room for a line so long, now. */
  #makeRoom(needed: number): boolean {
    if (needed <= this.#gathered.length) return true;
    const room = Math.max(needed, Math.min(2 * this.#gathered.length, this.#bytesMax));
    const more = Math.max(0, room - FREE_ROOM - this.#borrowed);
    if (!this.#budget.take(more)) return false;
    this.#borrowed += more;
    const larger = new Uint8Array(room);
    larger.set(this.#gathered.subarray(0, this.#length));
    this.#gathered = larger;
    return true;
  }

  #gather(chunk: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at++) {
      const byte = chunk[at] ?? 0;
      if (byte !== CARRIAGE_RETURN) this.#gathered[this.#length++] = byte;
    }
  }
}
