// Messages on a byte stream: each stands behind its length, a 16-bit number in little-endian order (mesh-protocol 1.1).
// Sockets deliver the stream in chunks that know nothing of frames; the cutter finds the frames again and copies only
// those that a chunk boundary has cut in two.
import { type Decoded, decoded, faulty } from '../decoded.js';

/** Bytes of the length before each frame. */
export const FRAME_PREFIX_BYTES = 2;
/** Bytes. The largest length that 16 bits tell; more would corrupt the stream for good. */
export const FRAME_BYTES_MAX = 65_535;

/**
 * Is given each frame: `buffer` from `start` to `end`. With `contiguousPrefix` the two bytes of the length stand right
 * before `start` in the same buffer, so that a relay can send both in one piece. The buffer is the receiver's to keep
 * and, within the frame and its prefix, to change.
 */
export type FrameSink = (buffer: Uint8Array, start: number, end: number, contiguousPrefix: boolean) => void;

/**
 * Cuts a byte stream into frames. Holds at most one unfinished frame, 65,537 bytes. A stateful thing with one owner,
 * the session; chunks must come in order, and `push` must not be called from within the sink.
 */
export class FrameCutter {
  /** Frames of length zero so far: passed over, since no message is empty and a Go peer would die of one (2.6). */
  emptyFrames = 0;
  /** First byte of a length whose second byte is still to come; -1 without one. */
  #lengthByte = -1;
  /** Length that came without any byte of its frame; -1 without one. */
  #awaited = -1;
  /** A frame in the making, its length in front. */
  #partial: Uint8Array | undefined;
  #filled = 0;

  /** Bytes held back until more arrive. */
  get heldBytes(): number {
    if (this.#partial !== undefined) return this.#filled;
    if (this.#awaited >= 0) return FRAME_PREFIX_BYTES;
    return this.#lengthByte >= 0 ? 1 : 0;
  }

  /** Takes the next chunk and hands out every frame that is now complete. */
  push(chunk: Uint8Array, onFrame: FrameSink): void {
    let at = this.#finishPartial(chunk, onFrame);
    at = this.#finishLength(chunk, at, onFrame);
    while (at + FRAME_PREFIX_BYTES <= chunk.length) {
      const length = (chunk[at] ?? 0) | ((chunk[at + 1] ?? 0) << 8);
      at = this.#frame(chunk, at + FRAME_PREFIX_BYTES, { length, contiguousPrefix: true }, onFrame);
    }
    if (at < chunk.length) this.#lengthByte = chunk[at] ?? 0;
  }

  /** Completes the frame that earlier chunks began. Answers how many bytes of the chunk it took. */
  #finishPartial(chunk: Uint8Array, onFrame: FrameSink): number {
    const partial = this.#partial;
    if (partial === undefined) return 0;
    const taken = Math.min(partial.length - this.#filled, chunk.length);
    partial.set(chunk.subarray(0, taken), this.#filled);
    this.#filled += taken;
    if (this.#filled === partial.length) {
      this.#partial = undefined;
      onFrame(partial, FRAME_PREFIX_BYTES, partial.length, true);
    }
    return taken;
  }

  /** Goes on where the last chunk ended within a length or right behind one. */
  #finishLength(chunk: Uint8Array, at: number, onFrame: FrameSink): number {
    if (at >= chunk.length) return at;
    if (this.#awaited >= 0) {
      const length = this.#awaited;
      this.#awaited = -1;
      return this.#frame(chunk, at, { length, contiguousPrefix: false }, onFrame);
    }
    if (this.#lengthByte < 0) return at;
    const length = this.#lengthByte | ((chunk[at] ?? 0) << 8);
    this.#lengthByte = -1;
    return this.#frame(chunk, at + 1, { length, contiguousPrefix: false }, onFrame);
  }

  /** Hands out the frame that starts here, or begins to gather it. Answers where the next one starts. */
  #frame(chunk: Uint8Array, start: number, frame: FrameInChunk, onFrame: FrameSink): number {
    const end = start + frame.length;
    if (frame.length === 0) this.emptyFrames++;
    else if (end <= chunk.length) onFrame(chunk, start, end, frame.contiguousPrefix);
    else if (start === chunk.length) this.#awaited = frame.length;
    else this.#beginPartial(chunk.subarray(start), frame.length);
    return Math.min(end, chunk.length);
  }

  #beginPartial(bytes: Uint8Array, length: number): void {
    this.#partial = new Uint8Array(FRAME_PREFIX_BYTES + length);
    putFramePrefix(this.#partial, 0, length);
    this.#partial.set(bytes, FRAME_PREFIX_BYTES);
    this.#filled = FRAME_PREFIX_BYTES + bytes.length;
  }
}

interface FrameInChunk {
  readonly length: number;
  readonly contiguousPrefix: boolean;
}

/** Writes the length of a frame before it; the caller has checked that it is 1 to 65,535. */
export function putFramePrefix(bytes: Uint8Array, at: number, length: number): void {
  bytes[at] = length;
  bytes[at + 1] = length >>> 8;
}

/** The two bytes that go before a frame of this length; refuses lengths that no frame may have. */
export function framePrefix(length: number): Decoded<Uint8Array> {
  if (length === 0) return faulty('frame-empty', 0);
  if (length > FRAME_BYTES_MAX) return faulty('frame-too-long', FRAME_BYTES_MAX, `frame of ${length} bytes`);
  const prefix = new Uint8Array(FRAME_PREFIX_BYTES);
  putFramePrefix(prefix, 0, length);
  return decoded(prefix);
}

/** A message with its length in front, in bytes of its own. */
export function encodeFrame(message: Uint8Array): Decoded<Uint8Array> {
  const prefix = framePrefix(message.length);
  if (!prefix.ok) return prefix;
  const frame = new Uint8Array(FRAME_PREFIX_BYTES + message.length);
  frame.set(prefix.value);
  frame.set(message, FRAME_PREFIX_BYTES);
  return decoded(frame);
}
