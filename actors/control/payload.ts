import { errorLine } from '../../protocol/control/reply.js';
import { submittedLine } from '../../protocol/control/work-reply.js';
import { describe } from '../../runtime/errors.js';
import type { Session } from '../../runtime/ports.js';
import type { CreatedUnit } from './work-desk.js';

/** Standard input on its way from a client to a unit. */
export interface PayloadTask {
  /** Settles with the line for the client; never rejects. */
  readonly settled: Promise<string>;
  /**
   * No more will come, for this reason. Input that came to its end before is whole: it is still stored, and the unit
   * started, as the reference does when a client has said all and leaves.
   */
  cut(reason: string): void;
}

/**
 * Stores everything that the client sends, up to its end, as the unit's standard input, and starts the unit. One chunk
 * is on its way to the disk at a time; meanwhile the client is not read. A session that breaks before its end fails the
 * unit: it must not run on half of its input.
 */
export function receivePayload(session: Session, unit: CreatedUnit): PayloadTask {
  const receiving = new Receiving(unit);
  session.attach({
    bytes: (chunk) => {
      session.pause();
      receiving.take(chunk, () => session.resume());
    },
    drained: () => undefined,
    ended: () => receiving.ended(),
    closed: (fault) => receiving.cut(`Error reading input data: ${fault?.text ?? 'the connection was closed'}`),
  });
  return receiving;
}

class Receiving implements PayloadTask {
  readonly settled: Promise<string>;
  readonly #unit: CreatedUnit;
  #settle: (line: string) => void = () => undefined;
  #state: 'open' | 'ended' | 'failed' = 'open';
  /** What was taken in so far is stored. */
  #tail: Promise<void> = Promise.resolve();

  constructor(unit: CreatedUnit) {
    this.#unit = unit;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  take(chunk: Uint8Array, stored: () => void): void {
    this.#tail = this.#tail.then(() => this.#store(chunk)).then(stored);
  }

  ended(): void {
    if (this.#state === 'open') {
      this.#state = 'ended';
      this.#tail = this.#tail.then(() => this.#start()).catch((thrown: unknown) => this.#fail(describe(thrown)));
    }
  }

  cut(reason: string): void {
    if (this.#state === 'open') {
      this.#fail(reason);
    }
  }

  async #store(chunk: Uint8Array): Promise<void> {
    if (this.#state === 'failed') {
      return;
    }
    try {
      await this.#unit.input.write(chunk);
    } catch (thrown) {
      this.#fail(`Error storing input data: ${describe(thrown)}`);
    }
  }

  async #start(): Promise<void> {
    if (this.#state === 'failed') {
      return;
    }
    const started = await this.#unit.input.end();
    this.#settle(started.ok ? submittedLine(this.#unit.unitId, started.value) : errorLine(started.refusal));
  }

  /** The first reason counts. */
  #fail(reason: string): void {
    if (this.#state !== 'failed') {
      this.#state = 'failed';
      this.#unit.input.fail(reason);
      this.#settle(errorLine(reason));
    }
  }
}
