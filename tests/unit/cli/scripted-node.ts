import type {
  DialHandler,
  Session,
  SessionAddress,
  SessionFault,
  SessionHandler,
  SessionPort,
} from '../../../runtime/ports.js';

/** What a scripted node does with a line of a client. */
export type Script = (line: string, session: ScriptedSession) => void;

const NEWLINE = 0x0a;

/** A session whose far side is a script. What it says arrives as from a socket: later, and not while paused. */
export class ScriptedSession implements Session {
  readonly kind = 'stream';
  readonly local = 'client';
  readonly remote = 'node';
  readonly backlogBytes = 0;
  /** `bytes` that came instead of a command, up to the client's end. */
  payload: Uint8Array | undefined;
  readonly acts: string[] = [];
  readonly #script: Script;
  #handler: SessionHandler | undefined;
  #isPaused = false;
  #isOver = false;
  #waiting: ((handler: SessionHandler) => void)[] = [];
  #line: number[] = [];
  #onPayload: ((payload: Uint8Array) => void) | undefined;

  constructor(script: Script) {
    this.#script = script;
  }

  /** Says something to the client. */
  say(text: string | Uint8Array): this {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    return this.#later((handler) => handler.bytes(new Uint8Array(bytes)));
  }

  /** Says no more. */
  sayEnd(): this {
    return this.#later((handler) => handler.ended());
  }

  /** Is gone. */
  vanish(fault?: SessionFault): this {
    return this.#later((handler) => {
      this.#isOver = true;
      handler.closed(fault);
    });
  }

  /** From now on the client sends a payload; `received` hears all of it at its end. */
  takePayload(received: (payload: Uint8Array) => void): void {
    this.payload = new Uint8Array(0);
    this.#onPayload = received;
  }

  attach(handler: SessionHandler): void {
    this.#handler = handler;
    this.#flush();
  }

  send(parts: readonly Uint8Array[]): boolean {
    for (const part of parts) {
      this.#take(part);
    }
    return true;
  }

  end(): void {
    this.acts.push('end');
    const { payload } = this;
    this.payload = undefined;
    if (payload !== undefined) {
      this.#onPayload?.(payload);
    }
  }

  close(): void {
    this.acts.push('close');
    this.#isOver = true;
  }

  abort(): void {
    this.acts.push('abort');
    this.#isOver = true;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#flush();
  }

  #take(part: Uint8Array): void {
    if (this.payload !== undefined) {
      this.payload = Buffer.concat([this.payload, part]);
      return;
    }
    for (const byte of part) {
      if (byte === NEWLINE) {
        const line = Buffer.from(this.#line.splice(0)).toString();
        this.#script(line, this);
      } else {
        this.#line.push(byte);
      }
    }
  }

  #later(tell: (handler: SessionHandler) => void): this {
    this.#waiting.push(tell);
    this.#flush();
    return this;
  }

  #flush(): void {
    queueMicrotask(() => {
      const handler = this.#handler;
      if (handler === undefined || this.#isPaused || this.#isOver) {
        return;
      }
      const tell = this.#waiting.shift();
      if (tell !== undefined) {
        tell(handler);
        this.#flush();
      }
    });
  }
}

export interface ScriptedNodeOptions {
  /** The first words; the greeting of `alpha` where nothing is said. */
  readonly greeting?: string;
}

/** A control service that answers as a script says, and remembers what it was asked. */
export class ScriptedNode {
  readonly asked: string[] = [];
  readonly sessions: ScriptedSession[] = [];
  readonly dialed: SessionAddress[] = [];
  /** What the next dials meet instead of a node; `nothing` is a place where nobody ever answers. */
  readonly faults: (SessionFault | 'nothing')[] = [];
  readonly port: SessionPort;

  constructor(script: Script, options: ScriptedNodeOptions = {}) {
    const { greeting = 'Receptor Control, node alpha\n' } = options;
    this.port = {
      dial: (address, handler) => this.#dial(address, handler, { script, greeting }),
      listen: () => () => undefined,
    };
  }

  #dial(
    address: SessionAddress,
    handler: DialHandler,
    { script, greeting }: { readonly script: Script; readonly greeting: string },
  ): () => void {
    this.dialed.push(address);
    const fault = this.faults.shift();
    const session = new ScriptedSession((line, own) => {
      this.asked.push(line);
      script(line, own);
    });
    queueMicrotask(() => {
      if (fault === undefined) {
        this.sessions.push(session);
        session.say(greeting);
        handler.opened(session);
      } else if (fault !== 'nothing') {
        handler.failed(fault);
      }
    });
    return () => undefined;
  }
}

/** A script that answers each command by its words; a command without an answer is an unknown one. */
export function answering(answers: Readonly<Record<string, string>>): Script {
  return (line, session) => {
    const command = wordsOf(line);
    session.say(answers[command] ?? `ERROR: Unknown command, ${command}\n`);
  };
}

/** A JSON command as words: `work status a1`, `ping b`. */
export function wordsOf(line: string): string {
  if (!line.startsWith('{')) {
    return line;
  }
  const { command, subcommand, target, node, service, unitid, startpos, tls } = JSON.parse(line);
  const words = [command, subcommand, target, node, service, unitid, startpos, tls];
  return words.filter((word) => word !== undefined).join(' ');
}
