import { RuntimeError } from '../errors.js';

/** Datagrams that one slab can list. A slab of 64 KiB holds some 55 full ones, so acknowledgements fit too. */
const DATAGRAMS_MAX = 1_024;

/** Bytes. A header of a tunnel is some tens of bytes; the engine's own area must hold it beside the largest datagram. */
const HEADROOM_MAX = 1_024;

export interface SlabOptions {
  /** Bytes of the slab. At least headroom and one datagram. Default 64 KiB. */
  readonly capacity?: number;
  /** Bytes left free, and zeroed, in front of each datagram for the caller's own header. Default 0. */
  readonly headroom?: number;
}

/**
 * Outgoing datagrams side by side in one buffer, each behind `headroom` free bytes.
 * Several connections may be transmitted into one slab; the caller writes its headers in place, sends the filled part
 * with one write, and calls `clear`.
 *
 * Datagram `i` stands from `starts[i]` with `lengths[i]` bytes; its headroom ends where it starts.
 */
export class DatagramSlab {
  readonly bytes: Uint8Array;
  readonly headroom: number;
  readonly starts = new Uint32Array(DATAGRAMS_MAX);
  readonly lengths = new Uint32Array(DATAGRAMS_MAX);
  #count = 0;
  #filled = 0;

  constructor({ capacity = 65_536, headroom = 0 }: SlabOptions = {}) {
    if (headroom < 0 || headroom > HEADROOM_MAX || headroom >= capacity) {
      throw new RuntimeError('invalid-use', 'The headroom of a slab is out of its range', {
        data: { capacity, headroom },
      });
    }
    this.bytes = new Uint8Array(capacity);
    this.headroom = headroom;
  }

  /** Datagrams in the slab. */
  get count(): number {
    return this.#count;
  }

  /** Bytes in use, headrooms included: what is to be sent is `bytes.subarray(0, filled)`. */
  get filled(): number {
    return this.#filled;
  }

  /** Bytes left. */
  get room(): number {
    return this.bytes.length - this.#filled;
  }

  /** Datagrams that can still be listed. */
  get places(): number {
    return DATAGRAMS_MAX - this.#count;
  }

  /** A copy of datagram `index` without its headroom. */
  datagram(index: number): Uint8Array {
    const start = this.starts[index] ?? 0;
    return this.bytes.slice(start, start + (this.lengths[index] ?? 0));
  }

  clear(): void {
    this.#count = 0;
    this.#filled = 0;
  }

  /** Takes over `count` datagrams, laid out in `source` as in this slab. For the engine. */
  append(source: Uint8Array, lengths: Uint32Array, count: number): void {
    let end = this.#filled;
    for (let index = 0; index < count; index += 1) {
      const length = lengths[index] ?? 0;
      this.starts[this.#count] = end + this.headroom;
      this.lengths[this.#count] = length;
      this.#count += 1;
      end += this.headroom + length;
    }
    this.bytes.set(source.subarray(0, end - this.#filled), this.#filled);
    this.#filled = end;
  }
}
