// Numbers in bytes: single reads and writes for fixed layouts, and bounded cursors for the rest.
// Mind the two byte orders of the wire: the data header is big-endian, the frame length little-endian.

/** An unsigned 64-bit number as two unsigned 32-bit halves: exact, comparable, and without an allocation per step. */
export interface U64 {
  readonly hi: number;
  readonly lo: number;
}

/** Reads an unsigned 32-bit number. The caller has checked the length; bytes beyond the end read as zero. */
export function readU32Be(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

/** Writes an unsigned 32-bit number. The caller has checked the length; bytes beyond the end are lost. */
export function writeU32Be(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

const EMPTY = new Uint8Array(0);

/**
 * Reads forward and never past the end. A read that does not fit gives zero or no bytes and sets `overrun`, which
 * stays set: a decoder reads its whole layout and asks once at the end whether all of it was there.
 */
export class ByteReader {
  /** True after the first read that did not fit. */
  overrun = false;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = Math.min(end, bytes.length);
  }

  /** Offset of the next byte in the array that was given. */
  get offset(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : (this.#bytes[at] ?? 0);
  }

  u16Be(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
  }

  u16Le(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : (this.#bytes[at] ?? 0) | ((this.#bytes[at + 1] ?? 0) << 8);
  }

  u32Be(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : readU32Be(this.#bytes, at);
  }

  u32Le(): number {
    return swapBytes(this.u32Be());
  }

  u64Be(): U64 {
    const at = this.#take(8);
    return at < 0 ? { hi: 0, lo: 0 } : { hi: readU32Be(this.#bytes, at), lo: readU32Be(this.#bytes, at + 4) };
  }

  u64Le(): U64 {
    const { hi, lo } = this.u64Be();
    return { hi: swapBytes(lo), lo: swapBytes(hi) };
  }

  /** The next `count` bytes as a view of the same memory. */
  take(count: number): Uint8Array {
    const at = this.#take(count);
    return at < 0 ? EMPTY : this.#bytes.subarray(at, at + count);
  }

  #take(count: number): number {
    if (this.overrun || count < 0 || count > this.#end - this.#at) {
      this.overrun = true;
      return -1;
    }
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

/** Writes forward into bytes that were given, and never past their end: the mirror of `ByteReader`. */
export class ByteWriter {
  /** True after the first write that did not fit. */
  overrun = false;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = Math.min(end, bytes.length);
  }

  /** Offset of the next byte in the array that was given. */
  get offset(): number {
    return this.#at;
  }

  u8(value: number): void {
    const at = this.#take(1);
    if (at >= 0) this.#bytes[at] = value;
  }

  u16Be(value: number): void {
    const at = this.#take(2);
    if (at < 0) return;
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
  }

  u16Le(value: number): void {
    this.u16Be(((value & 0xff) << 8) | ((value >>> 8) & 0xff));
  }

  u32Be(value: number): void {
    const at = this.#take(4);
    if (at >= 0) writeU32Be(this.#bytes, at, value);
  }

  u32Le(value: number): void {
    this.u32Be(swapBytes(value));
  }

  u64Be(value: U64): void {
    const at = this.#take(8);
    if (at < 0) return;
    writeU32Be(this.#bytes, at, value.hi);
    writeU32Be(this.#bytes, at + 4, value.lo);
  }

  u64Le(value: U64): void {
    this.u64Be({ hi: swapBytes(value.lo), lo: swapBytes(value.hi) });
  }

  bytes(source: Uint8Array): void {
    const at = this.#take(source.length);
    if (at >= 0) this.#bytes.set(source, at);
  }

  #take(count: number): number {
    if (this.overrun || count > this.#end - this.#at) {
      this.overrun = true;
      return -1;
    }
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

function swapBytes(value: number): number {
  return ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
