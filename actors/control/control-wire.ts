import { LineBudget } from '../../protocol/control/line-budget.js';
import { CONTROL_LINE_BYTES_MAX, LineCutter } from '../../protocol/control/lines.js';
import { encodeText } from '../../protocol/text.js';
import type { Session, SessionFault, SessionHandler } from '../../runtime/ports.js';

/** What a session of the control service reads. */
export interface WireReader {
  /** A line, without its newline. */
  line(line: Uint8Array): void;
  /** The line is longer than any may be. */
  lineTooLong(): void;
  /** The client sends no more. */
  ended(): void;
  /** The session is over, whatever was going on. */
  closed(fault: SessionFault | undefined): void;
}

const NOTHING = new Uint8Array(0);

/**
 * One control session as lines. A line is read only when it is asked for, and nothing beyond it: what follows may be a
 * payload or belong to a bridge (control-and-work 1.2). While nobody asks, the client is not read, apart from what one
 * read of the socket has brought. Nor is it while it does not read what it was sent: its answers would pile up here.
 */
export class ControlWire implements SessionHandler {
  readonly #session: Session;
  readonly #reader: WireReader;
  readonly #cutter: LineCutter;
  #rest: Uint8Array = NOTHING;
  #inner: SessionHandler | undefined;
  #isAsked = false;
  #isFull = false;
  #hasEnded = false;

  /** `budget` is what all the sessions of a node may hold of unfinished long lines. */
  constructor(session: Session, reader: WireReader, budget: LineBudget = new LineBudget()) {
    this.#cutter = new LineCutter(CONTROL_LINE_BYTES_MAX, budget);
    this.#session = session;
    this.#reader = reader;
  }

  get remote(): string {
    return this.#session.remote;
  }

  /** Begins to read. `handler` is this wire, as the session is to see it. */
  attach(handler: SessionHandler = this): void {
    this.#session.attach(handler);
    this.#session.pause();
  }

  /** Asks for the next line, or the end. */
  readLine(): void {
    this.#isAsked = true;
    this.#cut();
  }

  send(text: string): void {
    this.#isFull = !this.#session.send([encodeText(text)]);
  }

  /**
   * From now on everything but the end of the session goes to whoever attaches to the returned session, beginning with
   * what has been read beyond the last line.
   */
  takeOver(): Session {
    const session = this.#session;
    return {
      kind: 'stream',
      local: session.local,
      remote: session.remote,
      get backlogBytes() {
        return session.backlogBytes;
      },
      attach: (handler) => this.#giveTo(handler),
      send: (parts) => session.send(parts),
      end: () => session.end(),
      close: () => session.close(),
      abort: () => session.abort(),
      pause: () => session.pause(),
      resume: () => session.resume(),
    };
  }

  /** Lines are read again, by this wire, beginning with what came meanwhile. */
  takeBack(rest: Uint8Array): void {
    this.#inner = undefined;
    this.#rest = rest;
    this.#session.pause();
  }

  close(): void {
    this.#cutter.drop();
    this.#session.close();
  }

  bytes(chunk: Uint8Array): void {
    if (this.#inner !== undefined) {
      this.#inner.bytes(chunk);
      return;
    }
    this.#rest = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk);
    this.#cut();
  }

  drained(): void {
    this.#isFull = false;
    if (this.#inner !== undefined) {
      this.#inner.drained();
      return;
    }
    this.#cut();
  }

  ended(): void {
    this.#hasEnded = true;
    if (this.#inner !== undefined) {
      this.#inner.ended();
      return;
    }
    this.#cut();
  }

  closed(fault: SessionFault | undefined): void {
    this.#cutter.drop();
    this.#inner?.closed(fault);
    this.#reader.closed(fault);
  }

  /** Looks for a line in what was read; reads on only while somebody waits for one, and there is room for an answer. */
  #cut(): void {
    if (!this.#isAsked || this.#isFull) {
      this.#session.pause();
      return;
    }
    const step = this.#cutter.take(this.#rest, 0);
    if (step.type === 'line') {
      this.#rest = this.#rest.subarray(step.next);
      this.#answer(() => this.#reader.line(step.line));
    } else if (step.type === 'too-long') {
      this.#rest = NOTHING;
      this.#answer(() => this.#reader.lineTooLong());
    } else {
      this.#rest = NOTHING;
      this.#needMore();
    }
  }

  /** At the end a last line without a newline is still a line. */
  #needMore(): void {
    if (!this.#hasEnded) {
      this.#session.resume();
      return;
    }
    const last = this.#cutter.takeRest();
    this.#answer(() => (last.length > 0 ? this.#reader.line(last) : this.#reader.ended()));
  }

  #answer(tell: () => void): void {
    this.#isAsked = false;
    this.#session.pause();
    tell();
  }

  #giveTo(handler: SessionHandler): void {
    this.#inner = handler;
    const rest = this.#rest;
    this.#rest = NOTHING;
    if (rest.length > 0) {
      handler.bytes(rest);
    }
    if (this.#hasEnded) {
      handler.ended();
    } else {
      this.#session.resume();
    }
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
