import { LineCutter } from '../../protocol/control/lines.js';
import { readGreeting } from '../../protocol/control/reply-reader.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import { decodeText, encodeText } from '../../protocol/text.js';
import type { Clock, Timer } from '../../runtime/clock.js';
import type { DialHandler, Session, SessionFault } from '../../runtime/ports.js';

/** The reference's limit for the greeting (control-and-work 1.2). */
const GREETING_WITHIN_MS = 5_000;

/** Every node has its control service under this name on the mesh, or cannot be given work. */
const CONTROL_SERVICE = 'control' as ServiceName; // seven letters: a fit name

/** Why a node cannot be worked with now, or ever. */
export interface FarLoss {
  /** `untrusted`: it is not who it should be, or its certificates are too large; trying again does not help. */
  readonly kind: 'lost' | 'untrusted';
  readonly fault: SessionFault;
}

/** What the owner of a session with another node's control service hears. Nothing comes after `lost`. */
export interface FarHandler {
  /** It has greeted us, and takes commands. */
  ready(): void;
  /** A line, without its newline. */
  line(line: Uint8Array): void;
  /** Once `readRaw` was called: what comes instead of lines. */
  bytes(chunk: Uint8Array): void;
  /** It takes more bytes now. */
  drained(): void;
  /** It sends no more. */
  ended(): void;
  lost(loss: FarLoss): void;
}

export interface FarPorts {
  readonly streams: {
    dial(target: { readonly node: NodeId; readonly service: ServiceName }, handler: DialHandler): () => void;
  };
  readonly clock: Clock;
}

/** A control session with another node, as its client: dials, checks the greeting, cuts lines (control-and-work 1.2). */
export class FarSession {
  readonly #node: NodeId;
  readonly #handler: FarHandler;
  readonly #cutter = new LineCutter();
  readonly #giveUpDial: () => void;
  readonly #clock: Clock;
  #session: Session | undefined;
  /** `open`: the other node takes our end of the session for the end of a unit's input. */
  #input: 'none' | 'open' = 'none';
  #state: 'dialing' | 'greeting' | 'lines' | 'raw' | 'over' = 'dialing';
  #greetingTimer: Timer | undefined;

  constructor({ streams, clock }: FarPorts, node: NodeId, handler: FarHandler) {
    this.#node = node;
    this.#handler = handler;
    this.#clock = clock;
    this.#giveUpDial = streams.dial(
      { node, service: CONTROL_SERVICE },
      { opened: (session) => this.#opened(session), failed: (fault) => this.#lose(fault) },
    );
  }

  sendText(text: string): void {
    this.#session?.send([encodeText(text)]);
  }

  /** False: wait for `drained`. */
  sendBytes(bytes: Uint8Array): boolean {
    return this.#session?.send([bytes]) ?? true;
  }

  /** From now on the end of what we send is the end of a unit's input: it must come from `end` and from nothing else. */
  openInput(): void {
    this.#input = 'open';
  }

  /** There is no unit after all. */
  forgetInput(): void {
    this.#input = 'none';
  }

  /** We send no more, and have sent everything. */
  end(): void {
    this.#input = 'none';
    this.#session?.end();
  }

  /** From the next byte on there are no lines. */
  readRaw(): void {
    this.#state = 'raw';
  }

  pause(): void {
    this.#session?.pause();
  }

  resume(): void {
    this.#session?.resume();
  }

  close(): void {
    if (this.#state === 'over') {
      return;
    }
    this.#state = 'over';
    this.#greetingTimer?.cancel();
    if (this.#session === undefined) {
      this.#giveUpDial();
    } else if (this.#input === 'open') {
      // A close in order would end the input, and the other node would run the work on half of it.
      this.#session.abort();
    } else {
      this.#session.close();
    }
  }

  #opened(session: Session): void {
    if (this.#state === 'over') {
      session.abort();
      return;
    }
    this.#session = session;
    this.#state = 'greeting';
    this.#greetingTimer = this.#clock.setTimer(GREETING_WITHIN_MS, () => this.#lose(NO_GREETING));
    session.attach({
      bytes: (chunk) => this.#take(chunk),
      drained: () => this.#unlessOver(() => this.#handler.drained()),
      ended: () => this.#unlessOver(() => this.#handler.ended()),
      closed: (fault) => this.#lose(fault ?? CLOSED),
    });
  }

  #take(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && this.#state !== 'over') {
      at = this.#state === 'raw' ? this.#takeRaw(chunk, at) : this.#takeLine(chunk, at);
    }
  }

  #takeRaw(chunk: Uint8Array, at: number): number {
    this.#handler.bytes(at === 0 ? chunk : chunk.subarray(at));
    return chunk.length;
  }

  #takeLine(chunk: Uint8Array, at: number): number {
    const step = this.#cutter.take(chunk, at);
    if (step.type === 'more') {
      return chunk.length;
    }
    if (step.type === 'too-long') {
      this.#lose({ code: 'line-too-long', text: 'the other node sends a line without end' });
      return chunk.length;
    }
    if (this.#state === 'greeting') {
      this.#checkGreeting(step.line);
    } else {
      this.#handler.line(step.line);
    }
    return step.next;
  }

  #checkGreeting(line: Uint8Array): void {
    const greeting = readGreeting(line);
    if (greeting.type === 'reply' && greeting.value === this.#node) {
      this.#greetingTimer?.cancel();
      this.#state = 'lines';
      this.#handler.ready();
    } else {
      const text = `expected the greeting of ${this.#node}, got: ${decodeText(line).slice(0, 200)}`;
      this.#lose({ code: 'wrong-greeting', text });
    }
  }

  #lose(fault: SessionFault): void {
    if (this.#state !== 'over') {
      this.close();
      this.#handler.lost({ kind: isUntrusted(fault) ? 'untrusted' : 'lost', fault });
    }
  }

  #unlessOver(tell: () => void): void {
    if (this.#state !== 'over') {
      tell();
    }
  }
}

/** The reference looks for the same words, and gives up (control-and-work 3.5, upstream news 1.3). */
function isUntrusted({ text }: SessionFault): boolean {
  return text.includes('CRYPTO_ERROR') || text.includes(CRYPTO_BUFFER_EXCEEDED);
}

export const CRYPTO_BUFFER_EXCEEDED = 'CRYPTO_BUFFER_EXCEEDED';

const NO_GREETING: SessionFault = { code: 'timeout', text: `no greeting within ${GREETING_WITHIN_MS / 1_000} s` };
const CLOSED: SessionFault = { code: 'closed', text: 'the other node closed the connection' };
