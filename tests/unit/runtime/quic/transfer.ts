import { createHash } from 'node:crypto';
import type { QuicStream } from '../../../../runtime/quic/stream.js';
import type { Application, End } from './rig.js';

/** Bytes that a read asks for at once. */
const READ_BYTES = 16_384;

/** Deterministic bytes that differ from place to place, so that a lost or swapped part is noticed. */
export function pattern(length: number, salt = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = salt >>> 0 || 1;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Sends `outgoing` on the first stream, ends it, and collects everything that comes back on it. */
export class Transfer {
  readonly #opens: boolean;
  readonly #outgoing: Uint8Array;
  readonly #parts: Uint8Array[] = [];
  stream: QuicStream | undefined;
  offset = 0;
  isReading = true;
  hasEnd = false;
  #isFinishing = false;

  constructor({ opens, outgoing }: { readonly opens: boolean; readonly outgoing: Uint8Array }) {
    this.#opens = opens;
    this.#outgoing = outgoing;
  }

  get received(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  readonly application: Application = (end, events) => {
    if (events.some((event) => event.type === 'connected')) {
      end.connection.approve();
    }
    this.act(end);
  };

  act(end: End): void {
    if (end.connection.phase !== 'open') {
      return;
    }
    this.stream ??= this.#opens ? end.connection.openStream() : end.connection.acceptStream();
    const { stream } = this;
    if (stream === undefined) {
      return;
    }
    this.#write(stream);
    if (this.isReading) {
      this.#read(stream);
    }
  }

  #write(stream: QuicStream): void {
    if (this.#isFinishing) {
      return;
    }
    this.offset += stream.write(this.#outgoing.subarray(this.offset));
    if (this.offset === this.#outgoing.length) {
      this.#isFinishing = true;
      stream.finish();
    }
  }

  #read(stream: QuicStream): void {
    const target = new Uint8Array(READ_BYTES);
    let result = stream.read(target);
    while (result.type === 'data') {
      this.#parts.push(target.slice(0, result.count));
      result = stream.read(target);
    }
    this.hasEnd = result.type === 'finished';
  }
}
