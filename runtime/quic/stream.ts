import { RuntimeError } from '../errors.js';
import { type EngineExports, FINISHED, STATUS, wideNumber } from './abi.js';
import { requireCode } from './code.js';
import type { ReadResult } from './engine.js';
import type { EngineInstance } from './instance.js';

const BLOCKED: ReadResult = { type: 'blocked' };
const END: ReadResult = { type: 'finished' };

/** Where a stream is found in its instance. */
export interface StreamPlace {
  readonly instance: EngineInstance;
  readonly endpoint: number;
  readonly connection: number;
  readonly stream: number;
}

/** The life of one direction of a stream, as far as we have seen or made it end. */
type Sending = 'open' | 'ended' | 'stopped';

/**
 * One bidirectional stream. Comes from `openStream` or `acceptStream` of an approved connection.
 * On a connection that is gone every operation does nothing: writes take 0 bytes, reads are blocked.
 */
export class QuicStream {
  /** The QUIC stream id: 0 is the first one of the dialler. */
  readonly id: number;
  readonly #place: StreamPlace;
  #sending: Sending = 'open';
  #received: ReadResult | undefined;
  #hasStopped = false;

  constructor(place: StreamPlace) {
    this.id = place.stream;
    this.#place = place;
  }

  /**
   * Offers bytes and returns how many were taken. Less than offered means blocked: wait for `writable`.
   * 0 too when the peer has asked us to stop, which the event `stopped` says. Throws `invalid-use` after `finish` or
   * `reset`.
   */
  write(bytes: Uint8Array): number {
    this.#requireSending();
    const { instance } = this.#place;
    let taken = 0;
    while (taken < bytes.length && this.#sending === 'open') {
      const { input } = instance;
      const part = bytes.subarray(taken, taken + input.length);
      input.set(part);
      const count = this.#call((engine, at) => engine.stream_write(at.endpoint, at.connection, at.stream, part.length));
      if (count > 0) {
        taken += count;
      }
      if (count === STATUS.stopped || count === STATUS.closedStream) {
        this.#sending = 'stopped';
      }
      if (count < part.length) {
        break;
      }
    }
    return taken;
  }

  /** Ends our direction after what was written. The event `finished` tells when all of it was acknowledged. */
  finish(): void {
    this.#requireSending();
    this.#sending = 'ended';
    this.#call((engine, at) => engine.stream_finish(at.endpoint, at.connection, at.stream));
  }

  /** Gives up our direction at once; the peer reads `reset` with this code (0 to 2^32 - 1). */
  reset(code: number): void {
    requireCode(code);
    this.#sending = 'ended';
    this.#call((engine, at) => engine.stream_reset(at.endpoint, at.connection, at.stream, code));
  }

  /** Reads no more: drops what is there and asks the peer to stop sending, with this code (0 to 2^32 - 1). */
  stopSending(code: number): void {
    requireCode(code);
    this.#hasStopped = true;
    this.#call((engine, at) => engine.stream_stop_sending(at.endpoint, at.connection, at.stream, code));
  }

  /** Reads in order into `target`, which must not be empty. The end and a reset are told again by every later read. */
  read(target: Uint8Array): ReadResult {
    if (target.length === 0 || this.#hasStopped) {
      throw new RuntimeError('invalid-use', 'Read into an empty target, or after stopSending', {
        data: { stream: this.id },
      });
    }
    if (this.#received !== undefined) {
      return this.#received;
    }
    const { instance } = this.#place;
    const capacity = Math.min(target.length, instance.output.length);
    const result = this.#call((engine, at) => engine.stream_read(at.endpoint, at.connection, at.stream, capacity));
    if (result < 0) {
      return this.#readStatus(result);
    }
    const count = result & ~FINISHED;
    if ((result & FINISHED) !== 0) {
      this.#received = END;
    }
    if (count === 0) {
      return END;
    }
    target.set(instance.output.subarray(0, count));
    return { type: 'data', count };
  }

  #readStatus(status: number): ReadResult {
    if (status === STATUS.reset) {
      this.#received = { type: 'reset', code: wideNumber(this.#place.instance.numbers, 0) };
      return this.#received;
    }
    return BLOCKED;
  }

  #requireSending(): void {
    if (this.#sending === 'ended') {
      throw new RuntimeError('invalid-use', 'Our direction of this stream has ended', { data: { stream: this.id } });
    }
  }

  #call(work: (engine: EngineExports, at: StreamPlace) => number): number {
    return this.#place.instance.call((engine) => work(engine, this.#place), STATUS.notFound);
  }
}
