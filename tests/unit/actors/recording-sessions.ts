import type { DialHandler, Listener, ListenHandler, SessionAddress, SessionFault } from '../../../runtime/ports.js';
import { RecordingSession } from '../../support/recording-session.js';

export const PLACE: SessionAddress = { transport: 'tcp', host: 'there', portNumber: 1 };
export const REFUSED: SessionFault = { code: 'ECONNREFUSED', text: 'connect ECONNREFUSED there:1' };

interface Dial {
  readonly address: SessionAddress;
  readonly handler: DialHandler;
}

interface Listen {
  readonly address: SessionAddress;
  readonly options: object;
  readonly handler: ListenHandler;
}

/** An outside in which the test says what becomes of each dial and of each place, and nothing happens by itself. */
export class RecordingSessions {
  readonly dials: Dial[] = [];
  readonly listens: Listen[] = [];
  readonly sessions: RecordingSession[] = [];
  /** Dials that wait, and places that are open or about to be. */
  readonly #open = new Set<object>();

  dial(address: SessionAddress, handler: DialHandler): () => void {
    const dial = { address, handler };
    this.dials.push(dial);
    this.#open.add(dial);
    return () => void this.#open.delete(dial);
  }

  listen(address: SessionAddress, options: object, handler: ListenHandler): (done: () => void) => void {
    const listen = { address, options, handler };
    this.listens.push(listen);
    this.#open.add(listen);
    return (done) => {
      this.#open.delete(listen);
      done();
    };
  }

  /** The newest dial succeeds. */
  open(): RecordingSession {
    const session = this.session();
    const dial = this.dials.at(-1);
    if (dial !== undefined && this.#open.delete(dial)) {
      dial.handler.opened(session);
    }
    return session;
  }

  /** The newest dial fails. */
  fail(fault: SessionFault = REFUSED): void {
    const dial = this.dials.at(-1);
    if (dial !== undefined && this.#open.delete(dial)) {
      dial.handler.failed(fault);
    }
  }

  /** The newest place is open. */
  opened(): void {
    const listen = this.listens.at(-1);
    if (listen !== undefined) {
      const listener: Listener = { address: listen.address, close: (done) => done() };
      listen.handler.opened(listener);
    }
  }

  /** Somebody comes to a place, the newest one unless told otherwise. */
  arrive(at = -1): RecordingSession {
    const session = this.session();
    this.listens.at(at)?.handler.accepted(session);
    return session;
  }

  /** The newest place cannot be opened, or breaks. */
  broken(fault: SessionFault = { code: 'EADDRINUSE', text: 'address already in use' }): void {
    this.listens.at(-1)?.handler.failed(fault);
  }

  /** A session that is counted among those that must not stay open. */
  session(name = `session-${this.sessions.length + 1}`): RecordingSession {
    const session = new RecordingSession({ name });
    this.sessions.push(session);
    return session;
  }

  leftOpen(): readonly string[] {
    const sessions = this.sessions.filter(({ isOver }) => !isOver).map(({ local }) => `session ${local}`);
    return [...sessions, ...Array.from(this.#open, () => 'a dial or a place')];
  }
}
