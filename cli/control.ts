// A client of the control socket (control-and-work 1.2): for our commands, and for whoever wants to ask a node from a
// program. One command at a time; each answer has a deadline.
import { ControlWire } from '../actors/control/control-wire.js';
import { type ReplyOutcome, readGreeting, readStreamStart } from '../protocol/control/reply-reader.js';
import { writeJson } from '../protocol/json/writer.js';
import { decodeText } from '../protocol/text.js';
import type { Clock, Timer } from '../runtime/clock.js';
import type { Session, SessionAddress, SessionFault, SessionPort } from '../runtime/ports.js';
import { dialControl, GreetingGuard } from './control-dial.js';
import { ControlError } from './control-error.js';
import { cleanText } from './log/line.js';
import { showAddress } from './log/network-text.js';

export interface ControlOptions {
  readonly sessions: SessionPort;
  readonly clock: Clock;
  /** How long a connection, the greeting, and each answer may take, in milliseconds. */
  readonly withinMs: number;
}

/** Characters of a foreign server's first words that are worth showing. */
const SHOWN_MAX = 60;

interface Waiting {
  readonly what: string;
  readonly resolve: (line: Uint8Array) => void;
  readonly reject: (error: ControlError) => void;
  readonly timer: Timer;
}

/** A session with a node. Every promise settles; it rejects with a `ControlError`. */
export class ControlClient {
  readonly #wire: ControlWire;
  readonly #options: ControlOptions;
  readonly #at: string;
  #nodeId = '';
  #waiting: Waiting | undefined;
  #broken: ControlError | undefined;

  private constructor(session: Session, address: SessionAddress, options: ControlOptions) {
    this.#options = options;
    this.#at = showAddress(address);
    this.#wire = new ControlWire(session, {
      line: (line) => this.#answer(line),
      lineTooLong: () => this.#break(new ControlError('garbled', `${this.#at} sends a line that does not end`)),
      ended: () => this.#break(this.#lost(undefined)),
      closed: (fault) => this.#break(this.#lost(fault)),
    });
    session.attach(new GreetingGuard(this.#wire, (beginning) => this.#break(notANode(this.#at, beginning))));
    session.pause();
  }

  /** Connects and reads the greeting. */
  static async open(address: SessionAddress, options: ControlOptions): Promise<ControlClient> {
    const client = new ControlClient(await dialControl(address, options), address, options);
    await client.#greeted();
    return client;
  }

  /** The id of the node that answers. */
  get nodeId(): string {
    return this.#nodeId;
  }

  /** Sends a command, a line without its newline, and reads the one line that answers it. */
  async ask(command: string, withinMs: number = this.#options.withinMs): Promise<Uint8Array> {
    this.#wire.send(`${command}\n`);
    return await this.#read('an answer', withinMs);
  }

  /** As `ask`, and reads the answer; a refusal rejects with code `refused` and the node's own text. */
  async askFor<T>(command: string, read: (line: Uint8Array) => ReplyOutcome<T>, withinMs?: number): Promise<T> {
    return meant(read(await this.ask(command, withinMs)), this.#at);
  }

  /** Reads one more line. */
  async readFor<T>(read: (line: Uint8Array) => ReplyOutcome<T>, withinMs: number = this.#options.withinMs): Promise<T> {
    return meant(read(await this.#read('an answer', withinMs)), this.#at);
  }

  /** From now on this client speaks with the control service of another node, through this one. */
  async connectTo(node: string, tlsClient = ''): Promise<void> {
    // In the JSON form a name with blanks stays a name.
    const fields = { command: 'connect', node, service: 'control', ...(tlsClient === '' ? {} : { tls: tlsClient }) };
    await this.askFor(writeJson(fields), (line) => readStreamStart(line, 'connect'));
    await this.#greeted();
  }

  /** The raw session from here on, beginning with what was read beyond the last line. Afterwards `resume` or `close`. */
  takeOver(): Session {
    return this.#wire.takeOver();
  }

  /** Lines again, beginning with `rest`, which came beyond the end of a stream. */
  resume(rest: Uint8Array): void {
    this.#wire.takeBack(rest);
  }

  close(): void {
    this.#break(new ControlError('lost', 'the connection was closed here'));
  }

  async #greeted(): Promise<void> {
    try {
      const line = await this.#read('a greeting', this.#options.withinMs);
      const greeting = readGreeting(line);
      if (greeting.type !== 'reply') {
        throw greeting.type === 'refused' ? new ControlError('refused', greeting.text) : notANode(this.#at, line);
      }
      this.#nodeId = greeting.value;
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  #read(what: string, withinMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) {
        reject(this.#broken);
        return;
      }
      const timer = this.#options.clock.setTimer(withinMs, () => this.#break(this.#late(what, withinMs)));
      this.#waiting = { what, resolve, reject, timer };
      this.#wire.readLine();
    });
  }

  #answer(line: Uint8Array): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.timer.cancel();
    waiting?.resolve(line);
  }

  #break(error: ControlError): void {
    this.#broken ??= error;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.timer.cancel();
    waiting?.reject(this.#broken);
    this.#wire.close();
  }

  #lost(fault: SessionFault | undefined): ControlError {
    const why = fault === undefined ? 'was closed by the other end' : `was lost: ${fault.text}`;
    const hint = 'did the node stop? Its log says why';
    return new ControlError('lost', `the connection to ${this.#at} ${why}`, hint);
  }

  #late(what: string, withinMs: number): ControlError {
    const seconds = withinMs / 1_000;
    return what === 'a greeting'
      ? new ControlError(
          'late',
          `${this.#at} took the connection but did not greet within ${seconds} s`,
          'is it another program, or a port with TLS?',
        )
      : new ControlError('late', `${this.#at} did not answer within ${seconds} s`, 'give it more time with --timeout');
  }
}

function notANode(at: string, beginning: Uint8Array): ControlError {
  const words = cleanText(decodeText(beginning.subarray(0, SHOWN_MAX)));
  return new ControlError(
    'not-a-node',
    `${at} is not the control service of a node: it says "${words}"`,
    'a port of a tcp-listener is for links only; clients need the "filename" or "tcplisten" of a control-service',
  );
}

function meant<T>(outcome: ReplyOutcome<T>, at: string): T {
  switch (outcome.type) {
    case 'reply':
      return outcome.value;
    case 'refused':
      throw new ControlError('refused', cleanText(outcome.text));
    case 'garbled':
      throw new ControlError('garbled', `${at} answers what makes no sense: ${cleanText(outcome.fault.detail)}`);
    default:
      return outcome satisfies never;
  }
}
