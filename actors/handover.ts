import type { Session } from '../runtime/ports.js';
import type { Owned } from '../runtime/scope.js';
import type { Self } from '../runtime/self.js';

/** What waits to be taken over: more means that somebody gives and nobody takes. */
const WAITING_MAX = 10_000;

/** A key that stands for nothing: whoever takes it finds that the thing is gone. */
const NOTHING = 0;

/**
 * Passes sessions from one actor to another while their messages stay plain data: the giver puts one here and sends the
 * key; the taker takes it and has to close it from then on. Until then it is the giver's, and ends with its life.
 */
export class Handover {
  readonly #waiting = new Map<number, { readonly session: Session; owned: Owned | undefined }>();
  #next = NOTHING + 1;

  /** Sessions that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Always gives a key. A session that finds no room, or whose giver is at its end, is closed; its key means nothing. */
  put(giver: Pick<Self<never>, 'own'>, session: Session): number {
    if (this.#waiting.size >= WAITING_MAX) {
      session.abort();
      return NOTHING;
    }
    const key = this.#next;
    this.#next += 1;
    const waiting: { readonly session: Session; owned: Owned | undefined } = { session, owned: undefined };
    this.#waiting.set(key, waiting);
    // A giver that is being closed closes it within this call.
    waiting.owned = giver.own('session to hand over', () => this.take(key)?.abort());
    return key;
  }

  /** `undefined` when it was taken before, or closed. */
  take(key: number): Session | undefined {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    waiting?.owned?.release();
    return waiting?.session;
  }
}
