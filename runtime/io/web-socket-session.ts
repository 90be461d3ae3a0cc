import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Session, SessionFault, SessionHandler } from '../ports.js';
import { faultFrom, type SessionNames } from './socket.js';

/** Bytes. A larger message ends the session: no frame of ours or of the reference's comes near. */
export const WEB_SOCKET_MESSAGE_MAX = 1_048_576;

/** How long a closing session may take to say so. */
const LINGER_MS = 2_000;

/**
 * How long nothing may be sent before a ping is: boxes on the way cut connections that are silent for a minute or less.
 * The reference answers pings and never sends one.
 */
const PING_AFTER_MS = 20_000;

/** A close that says nothing of a fault (RFC 6455, 7.4.1), and what is seen when the other end just goes (1006). */
const ORDERLY: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006]);

const BINARY = { binary: true, compress: false } as const;

/** A session over an open WebSocket: one binary message for each message. */
export class WebSocketSession implements Session {
  readonly kind = 'message';
  readonly local: string;
  readonly remote: string;
  readonly peerCertificate: Uint8Array | undefined;
  readonly #socket: Socket;
  readonly #webSocket: WebSocket;
  #fault: SessionFault | undefined;
  #isOver = false;
  #isPaused = false;
  /** The code of a close that has been. */
  #closeCode: number | undefined;
  #handler: SessionHandler | undefined;
  /** Messages that came with one that made the owner pause. */
  readonly #unread: Uint8Array[] = [];
  readonly #ping: NodeJS.Timeout;
  #sent = 0;

  constructor(webSocket: WebSocket, socket: Socket, names: SessionNames) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.local = names.local;
    this.remote = names.remote;
    this.peerCertificate = names.peerCertificate;
    webSocket.pause();
    webSocket.on('error', (error) => {
      this.#fault ??= faultFrom(error);
    });
    this.#ping = setInterval(() => this.#pingIfQuiet(), PING_AFTER_MS);
    webSocket.once('close', (code) => {
      this.#closeCode = code;
    });
    // A WebSocket that is paused does not say that it is closed; its socket does.
    socket.once('close', () => clearInterval(this.#ping));
  }

  get backlogBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  attach(handler: SessionHandler): void {
    const webSocket = this.#webSocket;
    this.#handler = handler;
    webSocket.on('message', (data) => {
      const message = bytesOf(data);
      if (!this.#isOver && message.length > 0) {
        this.#unread.push(message);
        this.#handOver(handler);
      }
    });
    this.#socket.on('drain', () => {
      if (!this.#isOver) {
        handler.drained();
      }
    });
    const closed = (code: number): void => {
      if (!this.#isOver) {
        this.#isOver = true;
        handler.closed(this.#fault ?? closeFault(code));
      }
    };
    const closeCode = this.#closeCode;
    if (closeCode !== undefined) {
      queueMicrotask(() => closed(closeCode));
    } else {
      webSocket.once('close', closed);
      if (!this.#isPaused) {
        webSocket.resume();
      }
    }
  }

  send(parts: readonly Uint8Array[]): boolean {
    if (this.#isOver || this.#webSocket.readyState !== WebSocket.OPEN) {
      return true;
    }
    this.#sent += 1;
    this.#socket.cork();
    for (const part of parts) {
      // An empty message ends a node of the reference.
      if (part.length > 0) {
        this.#webSocket.send(part, BINARY);
      }
    }
    this.#socket.uncork();
    return !this.#socket.writableNeedDrain;
  }

  end(): void {
    this.close();
  }

  close(): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    const webSocket = this.#webSocket;
    if (webSocket.readyState === WebSocket.CLOSED) {
      return;
    }
    // What is still to be read must not keep the answer to our close from being seen.
    webSocket.resume();
    const timer = setTimeout(() => webSocket.terminate(), LINGER_MS);
    this.#socket.once('close', () => clearTimeout(timer));
    webSocket.close(1000);
  }

  abort(): void {
    this.#isOver = true;
    this.#webSocket.terminate();
  }

  pause(): void {
    this.#isPaused = true;
    if (!this.#isOver) {
      this.#webSocket.pause();
    }
  }

  resume(): void {
    this.#isPaused = false;
    // Before there is somebody to read, what came would be lost.
    const handler = this.#handler;
    if (!this.#isOver && handler !== undefined) {
      queueMicrotask(() => this.#handOver(handler));
      this.#webSocket.resume();
    }
  }

  #handOver(handler: SessionHandler): void {
    while (!this.#isOver && !this.#isPaused) {
      const message = this.#unread.shift();
      if (message === undefined) {
        return;
      }
      handler.bytes(message);
    }
  }

  #pingIfQuiet(): void {
    if (this.#sent === 0 && this.#webSocket.readyState === WebSocket.OPEN) {
      this.#webSocket.ping();
    }
    this.#sent = 0;
  }
}

function closeFault(code: number): SessionFault | undefined {
  return ORDERLY.has(code) ? undefined : { code: `ws-${code}`, text: `the WebSocket was closed with code ${code}` };
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (Array.isArray(data)) {
    return Buffer.concat(data);
  }
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
