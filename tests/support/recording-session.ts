import type { Session, SessionFault, SessionHandler } from '../../runtime/ports.js';

export interface RecordingOptions {
  readonly kind?: 'stream' | 'message';
  readonly name?: string;
}

/**
 * A session that the test holds by its other end: it remembers what its owner did, and says what the test wants said.
 * Nothing happens by itself. Obeys the order that `SessionHandler` promises.
 */
export class RecordingSession implements Session {
  readonly kind: 'stream' | 'message';
  readonly local: string;
  readonly remote: string;
  /** One entry for each call of `send`. */
  readonly sends: (readonly Uint8Array[])[] = [];
  /** What the owner did besides sending, in order: `attach`, `end`, `close`, `abort`, `pause`, `resume`. */
  readonly acts: string[] = [];
  backlogBytes = 0;
  /** What `send` answers: false says that the backlog is full. */
  hasRoom = true;
  #handler: SessionHandler | undefined;
  #isOver = false;

  constructor(options: RecordingOptions = {}) {
    const { kind = 'stream', name = 'session' } = options;
    this.kind = kind;
    this.local = `${name}-here`;
    this.remote = `${name}-there`;
  }

  /** True once either side has closed it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** All that was sent, as text of one byte a letter. */
  get text(): string {
    return this.sends.flat().map(textOf).join('');
  }

  /** Each part that was sent, as text. */
  get parts(): readonly string[] {
    return this.sends.flat().map(textOf);
  }

  attach(handler: SessionHandler): void {
    this.acts.push('attach');
    this.#handler = handler;
  }

  send(parts: readonly Uint8Array[]): boolean {
    if (!this.#isOver) {
      this.sends.push(parts);
    }
    return this.#isOver || this.hasRoom;
  }

  end(): void {
    this.acts.push('end');
  }

  close(): void {
    this.#leave('close');
  }

  abort(): void {
    this.#leave('abort');
  }

  pause(): void {
    this.acts.push('pause');
  }

  resume(): void {
    this.acts.push('resume');
  }

  /** The far side sends this. */
  hear(bytes: Uint8Array | string): void {
    this.#handler?.bytes(typeof bytes === 'string' ? bytesOf(bytes) : bytes);
  }

  /** There is room again. */
  drain(): void {
    this.hasRoom = true;
    this.#handler?.drained();
  }

  /** The far side sends no more. */
  hearEnd(): void {
    this.#handler?.ended();
  }

  /** It is over, not by the owner. */
  break(fault?: SessionFault): void {
    const handler = this.#handler;
    this.#isOver = true;
    this.#handler = undefined;
    handler?.closed(fault);
  }

  #leave(act: string): void {
    if (!this.#isOver) {
      this.acts.push(act);
      this.#isOver = true;
      this.#handler = undefined;
    }
  }
}

/** What a session's owner heard, as lines: `bytes abc`, `drained`, `ended`, `closed`, `closed ECONNRESET`. */
export class RecordingHandler implements SessionHandler {
  readonly heard: string[] = [];

  /** All bytes that came, as one text. */
  get text(): string {
    return this.heard
      .filter((line) => line.startsWith('bytes '))
      .map((line) => line.slice('bytes '.length))
      .join('');
  }

  /** What was heard besides bytes. */
  get news(): readonly string[] {
    return this.heard.filter((line) => !line.startsWith('bytes '));
  }

  bytes(chunk: Uint8Array): void {
    this.heard.push(`bytes ${textOf(chunk)}`);
  }

  drained(): void {
    this.heard.push('drained');
  }

  ended(): void {
    this.heard.push('ended');
  }

  closed(fault: SessionFault | undefined): void {
    this.heard.push(fault === undefined ? 'closed' : `closed ${fault.code}`);
  }
}

/** Two sessions that are each other's far side. What one sends, the other hears when the test calls `pass`. */
export function recordingPair(options: RecordingOptions = {}): {
  readonly here: RecordingSession;
  readonly there: RecordingSession;
  pass(): void;
} {
  const { name = 'pair' } = options;
  const here = new RecordingSession({ ...options, name: `${name}-a` });
  const there = new RecordingSession({ ...options, name: `${name}-b` });
  const ways = [
    { from: here, to: there, sent: 0, acts: 0 },
    { from: there, to: here, sent: 0, acts: 0 },
  ];
  const pass = (): void => {
    for (const way of ways) {
      const { from, to } = way;
      for (const part of from.sends.slice(way.sent).flat()) {
        to.hear(part.slice());
      }
      way.sent = from.sends.length;
      for (const act of from.acts.slice(way.acts)) {
        if (act === 'end' || act === 'close') {
          to.hearEnd();
        } else if (act === 'abort') {
          to.break({ code: 'ECONNRESET', text: 'read ECONNRESET' });
        }
      }
      way.acts = from.acts.length;
    }
  };
  return { here, there, pass };
}

/** Text of one byte a letter, and back. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
