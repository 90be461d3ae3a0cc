import { RuntimeError } from '../../runtime/errors.js';
import type { Session, SessionFault, SessionHandler } from '../../runtime/ports.js';
import type { QuicStream } from '../../runtime/quic/stream.js';
import { Ring } from '../../runtime/ring.js';

/** Bytes read out of the engine at a time. */
const READ_BYTES = 65_536;

/** Bytes that `send` takes before it says wait; what the engine holds unacknowledged comes on top. */
const PENDING_BYTES = 262_144;

/** What the stream asks of whoever looks after the connection. */
export interface StreamOwner {
  /** There is something to pump. */
  wake(): void;
  /** Both directions have ended, and the other end has acknowledged all that we sent. */
  bothEnded(): void;
  /** The user wants no more; what was sent is still to arrive. */
  closeWanted(): void;
  /** After `closeWanted`: all that was sent has arrived. The other end may still be sending. */
  flushed(): void;
  /** The user wants no more, at once. */
  abortWanted(): void;
}

/** A stream of the mesh as a session: the same face as a socket. Reading and writing happen in the pump. */
export class MeshStream implements Session {
  readonly kind = 'stream';
  readonly local: string;
  readonly remote: string;
  readonly #stream: QuicStream;
  readonly #owner: StreamOwner;
  readonly #pending = new Ring<Uint8Array>(4);
  #handler: SessionHandler | undefined;
  #pendingBytes = 0;
  #isBlocked = false;
  #isPaused = false;
  #reading: 'open' | 'ended' | 'over' = 'open';
  #writing: 'open' | 'ending' | 'ended' | 'acknowledged' = 'open';
  #user: 'there' | 'gone' = 'there';

  constructor(stream: QuicStream, owner: StreamOwner, names: { readonly local: string; readonly remote: string }) {
    this.#stream = stream;
    this.#owner = owner;
    this.local = names.local;
    this.remote = names.remote;
  }

  get backlogBytes(): number {
    return this.#pendingBytes;
  }

  attach(handler: SessionHandler): void {
    if (this.#handler !== undefined) {
      throw new RuntimeError('invalid-use', 'a stream is attached once');
    }
    this.#handler = handler;
    this.#owner.wake();
  }

  send(parts: readonly Uint8Array[]): boolean {
    if (this.#writing !== 'open' || this.#user === 'gone') {
      return true;
    }
    for (const part of parts) {
      this.#pending.push(part);
      this.#pendingBytes += part.length;
    }
    this.#isBlocked = this.#pendingBytes >= PENDING_BYTES;
    this.#owner.wake();
    return !this.#isBlocked;
  }

  end(): void {
    if (this.#writing === 'open') {
      this.#writing = 'ending';
      this.#owner.wake();
    }
  }

  close(): void {
    if (this.#user === 'there') {
      this.#user = 'gone';
      this.end();
      this.#owner.closeWanted();
      this.#tellEnd();
    }
  }

  abort(): void {
    if (this.#user === 'there') {
      this.#user = 'gone';
      this.#owner.abortWanted();
    }
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#owner.wake();
  }

  /** The pump's turn: hands over what came, and gives the engine what waits. */
  pump(): void {
    this.#read();
    this.#write();
  }

  /** Everything that we sent has arrived. */
  acknowledged(): void {
    this.#writing = 'acknowledged';
    this.#tellEnd();
  }

  /** The other end reads no more: what we would send is dropped, and nobody waits for it. */
  peerStopped(): void {
    this.#pending.clear();
    this.#pendingBytes = 0;
    if (this.#isBlocked) {
      this.#isBlocked = false;
      this.#handler?.drained();
    }
    this.acknowledged();
  }

  /** The connection is over. What came before is handed over first, even to a user who had paused. */
  over(fault: SessionFault | undefined): void {
    this.#isPaused = false;
    this.#read();
    const isCutShort = this.#reading === 'open' && fault === undefined;
    this.#reading = 'over';
    this.#pending.clear();
    if (this.#user === 'there') {
      this.#user = 'gone';
      this.#handler?.closed(isCutShort ? CUT_SHORT : fault);
    }
  }

  #read(): void {
    while (this.#reading === 'open' && !this.#isPaused && this.#handler !== undefined) {
      const target = new Uint8Array(READ_BYTES);
      const result = this.#stream.read(target);
      if (result.type === 'blocked') {
        return;
      }
      if (result.type === 'data') {
        this.#give(target, result.count);
      } else {
        this.#reading = 'ended';
        this.#readEnded(result.type === 'reset' ? result.code : undefined);
      }
    }
  }

  /** A large read is handed over as it is; a small one in bytes of its own, so that it does not hold 64 KiB. */
  #give(target: Uint8Array, count: number): void {
    if (this.#user === 'there') {
      this.#handler?.bytes(count * 2 > READ_BYTES ? target.subarray(0, count) : target.slice(0, count));
    }
  }

  #readEnded(resetCode: number | undefined): void {
    if (resetCode !== undefined) {
      this.over({ code: 'reset', text: `the other end gave up its direction (code ${resetCode})` });
      this.#owner.abortWanted();
      return;
    }
    if (this.#user === 'there') {
      this.#handler?.ended();
    }
    this.#tellEnd();
  }

  #write(): void {
    for (let part = this.#pending.peek(); part !== undefined; part = this.#pending.peek()) {
      const taken = this.#stream.write(part);
      this.#pendingBytes -= taken;
      if (taken < part.length) {
        this.#pending.replaceFirst(part.subarray(taken));
        break;
      }
      this.#pending.shift();
    }
    if (this.#pending.size === 0 && this.#writing === 'ending') {
      this.#writing = 'ended';
      this.#stream.finish();
    }
    if (this.#isBlocked && this.#pendingBytes < PENDING_BYTES / 2) {
      this.#isBlocked = false;
      this.#handler?.drained();
    }
  }

  #tellEnd(): void {
    if (this.#writing !== 'acknowledged') {
      return;
    }
    if (this.#reading === 'ended') {
      this.#owner.bothEnded();
    } else if (this.#user === 'gone') {
      this.#owner.flushed();
    }
  }
}

/** The connection was closed in order before the other end had ended its direction. */
const CUT_SHORT: SessionFault = { code: 'closed-early', text: 'the other end closed before its last byte' };
