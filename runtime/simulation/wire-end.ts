import type { Session, SessionFault, SessionHandler } from '../ports.js';
import { Ring } from '../ring.js';
import type { DeathOptions, Station } from './station.js';
import type { Parcel, WirePath } from './wire-path.js';

/** What one end may have under way before `send` says wait. */
const WINDOW_BYTES = 1_048_576;

/** What is left of a session in which one side does not listen any more. */
const RESET: SessionFault = { code: 'ECONNRESET', text: 'read ECONNRESET' };

interface EndOptions {
  readonly station: Station;
  readonly path: WirePath;
  readonly over: () => void;
}

/** What an end still has to tell its owner. */
type News = Parcel | { readonly type: 'closed' };

/**
 * One end of a pretended stream session; behaves as a TCP socket that allows half-open connections. A close looks to
 * the other side like an end, and a side that goes on sending is then reset. Who has heard the end and has ended too is
 * closed in order.
 */
export class WireEnd implements Session {
  readonly kind = 'stream';
  readonly local: string;
  readonly remote: string;
  peer: WireEnd | undefined;
  readonly #options: EndOptions;
  readonly #unread = new Ring<News>(4);
  #handler: SessionHandler | undefined;
  #isOver = false;
  #isPaused = false;
  #isHandOverDue = false;
  #hasEnded = false;
  #hasHeardEnd = false;
  #backlogBytes = 0;
  #isBlocked = false;

  constructor(options: EndOptions, local: string, remote: string) {
    this.#options = options;
    this.local = local;
    this.remote = remote;
  }

  get host(): string {
    return this.#options.station.host;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get backlogBytes(): number {
    return this.#backlogBytes;
  }

  attach(handler: SessionHandler): void {
    this.#handler = handler;
    this.#handOverSoon();
  }

  send(parts: readonly Uint8Array[]): boolean {
    if (this.#isOver || this.#hasEnded) {
      return true;
    }
    const bytes = joined(parts);
    if (bytes.length > 0) {
      this.#backlogBytes += bytes.length;
      this.#options.path.send({ type: 'bytes', bytes });
    }
    this.#isBlocked = this.#backlogBytes >= WINDOW_BYTES;
    return !this.#isBlocked;
  }

  end(): void {
    if (!this.#isOver && !this.#hasEnded) {
      this.#hasEnded = true;
      this.#options.path.send({ type: 'ended' });
      this.#closeIfBothEnded();
    }
  }

  close(): void {
    if (!this.#isOver) {
      this.end();
      this.#finish();
    }
  }

  abort(): void {
    if (!this.#isOver) {
      this.#options.path.send({ type: 'reset' });
      this.#finish();
    }
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#handOverSoon();
  }

  /** This end's process is gone. */
  die({ isSilent }: DeathOptions): void {
    if (isSilent) {
      this.#finish();
    } else {
      this.close();
    }
  }

  /** Something came from the other end. To bytes for nobody the answer is a reset. */
  hear(parcel: Parcel): void {
    if (!this.#isOver) {
      this.#unread.push(parcel);
      this.#handOverSoon();
    } else if (parcel.type === 'bytes') {
      this.#options.path.send({ type: 'reset' });
    }
  }

  /** The other end has read this much of what was sent here. */
  taken(bytes: number): void {
    this.#backlogBytes -= bytes;
    if (this.#isBlocked && this.#backlogBytes < WINDOW_BYTES / 2) {
      this.#isBlocked = false;
      this.#options.station.deliver(() => this.#handler?.drained());
    }
  }

  #closeIfBothEnded(): void {
    if (this.#hasEnded && this.#hasHeardEnd) {
      this.#unread.push({ type: 'closed' });
      this.#handOverSoon();
    }
  }

  #finish(): void {
    this.#isOver = true;
    this.#handler = undefined;
    this.#unread.clear();
    this.#options.over();
  }

  #handOverSoon(): void {
    if (!this.#isHandOverDue) {
      this.#isHandOverDue = true;
      this.#options.station.deliver(() => this.#handOver());
    }
  }

  #handOver(): void {
    this.#isHandOverDue = false;
    while (!this.#isPaused && this.#handler !== undefined) {
      const news = this.#unread.shift();
      if (news === undefined) {
        return;
      }
      this.#give(this.#handler, news);
    }
  }

  #give(handler: SessionHandler, news: News): void {
    switch (news.type) {
      case 'bytes':
        this.peer?.taken(news.bytes.length);
        handler.bytes(news.bytes);
        break;
      case 'ended':
        this.#hasHeardEnd = true;
        this.#closeIfBothEnded();
        handler.ended();
        break;
      case 'reset':
        this.#finish();
        handler.closed(RESET);
        break;
      case 'closed':
        this.#finish();
        handler.closed(undefined);
        break;
    }
  }
}

/** A copy: what is sent may be reused by nobody, but what arrives belongs to the receiver. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
