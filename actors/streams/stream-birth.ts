import type { Session, SessionFault } from '../../runtime/ports.js';
import type { PathEvents, StreamPath } from './stream-path.js';

/** Who gets the stream. Exactly one of the two is called. */
export interface StreamUser {
  opened(session: Session): void;
  failed(fault: SessionFault): void;
}

/** All that a stream actor needs to begin with, and that no message can carry. */
export interface StreamBirth {
  readonly role: 'dialler' | 'acceptor';
  /** Both ends as people read them: `node:service`. */
  readonly names: { readonly local: string; readonly remote: string };
  readonly user: StreamUser;
  /** Begins the connection, or takes the one that arrived; may fail at once. The path reports to `events`. */
  begin(events: BirthEvents): StreamPath | SessionFault;
  /** Says why the certificates that the other end showed are not good enough. */
  refusalOf(chain: readonly Uint8Array[]): string | undefined;
  /** Set by the life once it has begun: what gives up a dial that nobody waits for any more. */
  giveUp: (() => void) | undefined;
  /** Closes everything that `begin` opened, apart from the connection. */
  end(): void;
}

export interface BirthEvents extends PathEvents {
  /** The other node says that there is nobody. */
  unreachable(fault: SessionFault): void;
}

/** Births on their way to the actor that leads the life. */
export class StreamNursery {
  readonly #births = new Map<number, StreamBirth>();
  #next = 1;

  get size(): number {
    return this.#births.size;
  }

  add(birth: StreamBirth): number {
    const key = this.#next;
    this.#next += 1;
    this.#births.set(key, birth);
    return key;
  }

  /** A birth that nobody will take any more. */
  drop(birth: StreamBirth): void {
    for (const [key, waiting] of this.#births) {
      if (waiting === birth) {
        this.#births.delete(key);
      }
    }
  }

  take(key: number): StreamBirth | undefined {
    const birth = this.#births.get(key);
    this.#births.delete(key);
    return birth;
  }
}
