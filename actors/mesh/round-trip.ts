import { decodeLinkProbe, encodeLinkProbe, type LinkProbe } from '../../protocol/netceptor/link-probe.js';
import type { Clock } from '../../runtime/clock.js';

/** Questions for a sign of life, and what their answers tell of the way there and back. */
export class RoundTrip {
  readonly #clock: Clock;
  #token = 0;
  #sentMs = 0;
  #lastMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of the last question that was answered, in milliseconds. */
  get lastMs(): number | undefined {
    return this.#lastMs;
  }

  /** The next question. */
  ask(): Uint8Array {
    this.#token = (this.#token + 1) >>> 0;
    this.#sentMs = this.#clock.monotonicMs();
    return encodeLinkProbe({ type: 'probe', token: this.#token });
  }

  /** Takes a message; returns the answer to a question, or false for what is neither a question nor an answer. */
  take(message: Uint8Array): Uint8Array | boolean {
    const decoded = decodeLinkProbe(message);
    if (!decoded.ok) {
      return false;
    }
    if (decoded.value.type === 'probe') {
      return encodeLinkProbe({ type: 'answer', token: decoded.value.token });
    }
    this.#measure(decoded.value);
    return true;
  }

  /** An answer to an older question says nothing of the way now. */
  #measure(answer: LinkProbe): void {
    if (answer.token === this.#token) {
      this.#lastMs = this.#clock.monotonicMs() - this.#sentMs;
    }
  }
}
