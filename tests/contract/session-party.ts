import { createHash } from 'node:crypto';
import type { Session, SessionFault, SessionHandler } from '../../runtime/ports.js';

/** Bytes that are sent with one call where much is to be sent. */
const PART_BYTES = 65_536;

/** Text is kept up to this length; of what comes after it only the digest. */
const TEXT_BYTES_MAX = 10_000;

/** The bytes of a transfer: the same for everybody who asks with the same key, and different at each place. */
export function pattern(key: number, start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    bytes[at] = (Math.imul(start + at + key, 0x9e3779b1) >>> 13) & 0xff;
  }
  return bytes;
}

export function digestOf(key: number, length: number): string {
  const hash = createHash('sha256');
  for (let at = 0; at < length; at += PART_BYTES) {
    hash.update(pattern(key, at, Math.min(PART_BYTES, length - at)));
  }
  return hash.digest('hex');
}

/** The owner of one end of a session: remembers what it heard, and whether the session broke the promised order. */
export class Party implements SessionHandler {
  readonly session: Session;
  /** `ended`, `closed`, `closed CODE`, in order. */
  readonly news: string[] = [];
  /** What must never happen, in words. */
  readonly faults: string[] = [];
  received = 0;
  /** Times that it was told that there is room again. */
  drains = 0;
  /** Bytes of the transfer that the session has taken. */
  sent = 0;
  /** True from a `send` that said wait to the word that there is room again. */
  isBlocked = false;
  readonly #hash = createHash('sha256');
  #text = '';
  #key = 0;
  #toSend = 0;
  #whenSent: () => void = () => undefined;
  #hasLeft = false;

  constructor(session: Session) {
    this.session = session;
  }

  /** All that came, as text; for short ones. */
  get text(): string {
    return this.#text;
  }

  get digest(): string {
    return this.#hash.copy().digest('hex');
  }

  get isEnded(): boolean {
    return this.news.includes('ended');
  }

  get isClosed(): boolean {
    return this.news.some((line) => line.startsWith('closed'));
  }

  attach(): this {
    this.session.attach(this);
    return this;
  }

  say(...texts: readonly string[]): boolean {
    return this.session.send(texts.map((text) => new TextEncoder().encode(text)));
  }

  /** Sends so many bytes of the pattern, as fast as it is allowed to, then does `whenSent`. */
  sendAll(key: number, length: number, whenSent: () => void = () => undefined): void {
    this.#key = key;
    this.#toSend = length;
    this.#whenSent = whenSent;
    this.#pump();
  }

  /** From here on it must hear nothing more. */
  close(): void {
    this.#hasLeft = true;
    this.session.close();
  }

  /** From here on it must hear nothing more. */
  abort(): void {
    this.#hasLeft = true;
    this.session.abort();
  }

  bytes(chunk: Uint8Array): void {
    this.#hear('bytes', this.isEnded);
    if (chunk.length === 0) {
      this.faults.push('it heard of no bytes');
    }
    this.received += chunk.length;
    this.#hash.update(chunk);
    if (this.received <= TEXT_BYTES_MAX) {
      this.#text += new TextDecoder().decode(chunk);
    }
    // They are the receiver's: whoever else still looks at them would now see these.
    chunk.fill(0x21);
  }

  drained(): void {
    this.#hear('drained', !this.isBlocked);
    this.drains += 1;
    this.isBlocked = false;
    this.#pump();
  }

  ended(): void {
    this.#hear('ended', this.isEnded);
    this.news.push('ended');
  }

  closed(fault: SessionFault | undefined): void {
    this.#hear('closed', false);
    this.news.push(fault === undefined ? 'closed' : `closed ${fault.code}`);
    if (fault?.text === '') {
      this.faults.push('it was closed with a fault without a text');
    }
  }

  #hear(what: string, isWrong: boolean): void {
    if (this.#hasLeft || this.isClosed || isWrong) {
      this.faults.push(`it heard ${what} after ${this.#hasLeft ? 'it had left' : this.news.join(', ')}`);
    }
  }

  #pump(): void {
    while (this.sent < this.#toSend && !this.isBlocked) {
      const part = pattern(this.#key, this.sent, Math.min(PART_BYTES, this.#toSend - this.sent));
      this.sent += part.length;
      this.isBlocked = !this.session.send([part]);
    }
    if (this.sent === this.#toSend) {
      const whenSent = this.#whenSent;
      this.#whenSent = () => undefined;
      whenSent();
    }
  }
}
