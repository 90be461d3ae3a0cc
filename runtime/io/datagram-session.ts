import type { Session, SessionFault, SessionHandler } from '../ports.js';

/** The most that one UDP datagram carries over IPv4. */
export const DATAGRAM_BYTES_MAX = 65_507;

/** Unsent bytes before `send` says wait. */
const BACKLOG_BYTES_MAX = 262_144;

/** What is kept for an owner that does not read, as the kernel does by default; more is lost, as datagrams are. */
const UNREAD_BYTES_MAX = 212_992;

export interface DatagramWay {
  readonly local: string;
  readonly remote: string;
  /** Hands one datagram to the kernel; `sent` is called when it was taken or refused. */
  transmit(message: Uint8Array, sent: (error: Error | null) => void): void;
  /** Nobody sends or hears any more. */
  over(): void;
}

/**
 * One UDP association: each message is one datagram, which may be lost, come twice or be overtaken. An error of the
 * socket (a refusal that came back) ends it; a datagram that is too large, or that the kernel has no room for, is lost.
 */
export class DatagramSession implements Session {
  readonly kind = 'message';
  readonly local: string;
  readonly remote: string;
  readonly #way: DatagramWay;
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #handler: SessionHandler | undefined;
  #fault: SessionFault | undefined;
  #isOver = false;
  #isPaused = false;
  #backlogBytes = 0;
  #isFull = false;

  constructor(way: DatagramWay) {
    this.#way = way;
    this.local = way.local;
    this.remote = way.remote;
  }

  get backlogBytes(): number {
    return this.#backlogBytes;
  }

  attach(handler: SessionHandler): void {
    if (!this.#isOver) {
      this.#handler = handler;
      queueMicrotask(() => this.#handOver());
    } else if (this.#fault !== undefined) {
      const fault = this.#fault;
      queueMicrotask(() => handler.closed(fault));
    }
  }

  send(parts: readonly Uint8Array[]): boolean {
    for (const part of parts) {
      // An empty datagram ends a node of the reference; the other end of a limit is the kernel's.
      if (part.length > 0 && part.length <= DATAGRAM_BYTES_MAX && !this.#isOver) {
        this.#transmit(part);
      }
    }
    this.#isFull = !this.#isOver && this.#backlogBytes > BACKLOG_BYTES_MAX;
    return !this.#isFull;
  }

  end(): void {
    this.close();
  }

  close(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#handler = undefined;
      this.#unread.length = 0;
      this.#way.over();
    }
  }

  abort(): void {
    this.close();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    queueMicrotask(() => this.#handOver());
  }

  /** A datagram came. */
  hear(message: Uint8Array): void {
    if (message.length === 0 || this.#isOver || this.#unreadBytes + message.length > UNREAD_BYTES_MAX) {
      return;
    }
    this.#unread.push(message);
    this.#unreadBytes += message.length;
    this.#handOver();
  }

  /** The socket below broke. Who is attached later is told then. */
  fail(fault: SessionFault): void {
    const handler = this.#handler;
    if (!this.#isOver) {
      this.#fault = handler === undefined ? fault : undefined;
      this.close();
      handler?.closed(fault);
    }
  }

  #transmit(part: Uint8Array): void {
    this.#backlogBytes += part.length;
    this.#way.transmit(part, (error) => {
      this.#backlogBytes -= part.length;
      if (error !== null && !isPassing(error)) {
        this.fail({ code: codeIn(error), text: error.message });
      } else if (this.#isFull && this.#backlogBytes <= BACKLOG_BYTES_MAX / 2) {
        this.#isFull = false;
        this.#handler?.drained();
      }
    });
  }

  #handOver(): void {
    while (!this.#isPaused && this.#handler !== undefined) {
      const message = this.#unread.shift();
      if (message === undefined) {
        return;
      }
      this.#unreadBytes -= message.length;
      this.#handler.bytes(message);
    }
  }
}

/** Errors that cost one datagram and say nothing of the next. */
const PASSING = new Set(['EMSGSIZE', 'ENOBUFS', 'EAGAIN']);

const isPassing = (error: Error): boolean => PASSING.has(codeIn(error));

const codeIn = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : 'datagram');
