import { Server, type Socket } from 'node:net';
import type { Session, SessionFault, SessionHandler } from '../ports.js';

/** What the kernel and Node may hold of unsent bytes before `send` says wait: keeps a fast sender from filling memory. */
export const SEND_BUFFER_BYTES = 1_048_576;

/** How long a closing session may take to hand its last bytes to the kernel. */
const LINGER_MS = 2_000;

/** Options for sockets that become sessions. */
export const SOCKET_OPTIONS = { allowHalfOpen: true, writableHighWaterMark: SEND_BUFFER_BYTES } as const;

/** A fault from whatever Node reports. */
export function faultFrom(error: Error): SessionFault {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'session-error';
  return { code, text: error.message };
}

/** The TCP socket below a secured one: only it can be reset. */
export const carriers = new WeakMap<Socket, Socket>();

/** Both ends as people read them, and what the far one has shown of itself. */
export interface SessionNames {
  readonly local: string;
  readonly remote: string;
  readonly peerCertificate?: Uint8Array | undefined;
}

/** A session over a connected byte-stream socket: TCP, TLS or Unix. */
export class SocketSession implements Session {
  readonly kind = 'stream';
  readonly local: string;
  readonly remote: string;
  readonly peerCertificate: Uint8Array | undefined;
  readonly #socket: Socket;
  #fault: SessionFault | undefined;
  #isOver = false;
  #isPaused = false;
  #isAttached = false;

  constructor(socket: Socket, names: SessionNames) {
    this.#socket = socket;
    this.local = names.local;
    this.remote = names.remote;
    this.peerCertificate = names.peerCertificate;
    socket.pause();
    // From the first moment on: an error without a listener would end the process.
    socket.on('error', (error) => {
      this.#fault ??= faultFrom(error);
    });
  }

  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  attach(handler: SessionHandler): void {
    const socket = this.#socket;
    this.#isAttached = true;
    socket.on('data', (chunk: Buffer) => {
      if (!this.#isOver) {
        handler.bytes(chunk);
      }
    });
    socket.on('drain', () => {
      if (!this.#isOver) {
        handler.drained();
      }
    });
    socket.on('end', () => {
      if (!this.#isOver) {
        handler.ended();
      }
    });
    const closed = (): void => {
      if (!this.#isOver) {
        this.#isOver = true;
        // Who is attached in the moment of the error comes before the event that tells of it.
        handler.closed(this.#fault ?? (socket.errored === null ? undefined : faultFrom(socket.errored)));
      }
    };
    if (socket.destroyed) {
      queueMicrotask(closed);
    } else {
      socket.once('close', closed);
      if (!this.#isPaused) {
        socket.resume();
      }
    }
  }

  send(parts: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    if (this.#isOver || !socket.writable) {
      return true;
    }
    socket.cork();
    for (const part of parts) {
      socket.write(part);
    }
    socket.uncork();
    return !socket.writableNeedDrain;
  }

  end(): void {
    if (this.#socket.writable) {
      this.#socket.end();
    }
  }

  close(): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    const socket = this.#socket;
    if (socket.destroyed) {
      return;
    }
    // Unread bytes would turn the close into a reset and take the last words with it.
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.end(() => socket.destroySoon());
  }

  abort(): void {
    this.#isOver = true;
    const carrier = carriers.get(this.#socket) ?? this.#socket;
    if (!carrier.pending && carrier.remoteAddress !== undefined) {
      carrier.resetAndDestroy();
    }
    this.#socket.destroy();
  }

  pause(): void {
    this.#isPaused = true;
    if (!this.#isOver) {
      this.#socket.pause();
    }
  }

  resume(): void {
    this.#isPaused = false;
    // Before there is somebody to read, what came would be lost.
    if (!this.#isOver && this.#isAttached) {
      this.#socket.resume();
    }
  }
}

/** A server whose connections come as sockets fit for sessions. */
export function sessionServer(): Server {
  return new Server({ allowHalfOpen: true, pauseOnConnect: true, highWaterMark: SEND_BUFFER_BYTES });
}
