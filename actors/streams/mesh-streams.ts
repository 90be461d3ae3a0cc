import type { Address } from '../../runtime/address.js';
import type { Message } from '../../runtime/message.js';
import type { DialHandler, Session, SessionFault } from '../../runtime/ports.js';
import type { OwnService } from '../mesh/directory-vocabulary.js';
import { dialBirth, type StreamTarget } from './dial-birth.js';
import { ABORTED } from './stream-faults.js';
import type { StreamKit } from './stream-kit.js';

/** A place in the mesh where streams arrive. */
export interface StreamPlace extends OwnService {
  /** Tell the mesh that the service is here. */
  readonly advertise: boolean;
  /** The `tls-server` to take streams in with; without it everybody may come. */
  readonly tls?: string;
}

/** Who takes the streams of a service. */
export interface StreamListenHandler {
  opened(): void;
  accepted(session: Session): void;
  failed(fault: SessionFault): void;
}

/** A listen on its way to the actor that does it. */
export interface PlannedListen {
  readonly place: StreamPlace;
  readonly handler: StreamListenHandler;
  /** Set by the actor once it lives; before, closing means not to begin. */
  close: ((done: () => void) => void) | undefined;
}

/** Streams over the mesh, with the same face as sockets: what services and commands dial and listen with. */
export class MeshStreams {
  readonly #kit: StreamKit;
  readonly #send: (to: Address, message: Message) => unknown;
  readonly #actor: Address;
  readonly #listens = new Map<number, PlannedListen>();
  #next = 1;

  /** `actor` is the address of the streams actor, `send` the way to it. */
  constructor(kit: StreamKit, actor: Address, send: (to: Address, message: Message) => unknown) {
    this.#kit = kit;
    this.#actor = actor;
    this.#send = send;
  }

  /**
   * Dials; one function of `handler` is called, unless the returned function gives up first. A session that was opened
   * is its new owner's: giving up does nothing to it any more.
   */
  dial(target: StreamTarget, handler: DialHandler): () => void {
    let isWanted = true;
    const birth = dialBirth(this.#kit, target, {
      opened: (session) => {
        if (isWanted) {
          isWanted = false;
          handler.opened(session);
        } else {
          session.abort();
        }
      },
      failed: (fault) => {
        if (isWanted) {
          isWanted = false;
          handler.failed(fault);
        }
      },
    });
    const key = this.#kit.nursery.add(birth);
    if (this.#send(this.#actor, { type: 'dial.wanted', key } as Message) !== 'taken') {
      this.#kit.nursery.take(key);
      this.#kit.turn.mark('pump', { endTurn: () => birth.user.failed(ABORTED) });
    }
    return () => {
      if (isWanted) {
        isWanted = false;
        birth.giveUp?.();
      }
    };
  }

  /** Takes streams in for a service until the returned function is called. */
  listen(place: StreamPlace, handler: StreamListenHandler): (done: () => void) => void {
    const planned: PlannedListen = { place, handler, close: undefined };
    const key = this.#next;
    this.#next += 1;
    this.#listens.set(key, planned);
    this.#send(this.#actor, { type: 'listen.wanted', key } as Message);
    return (done) => {
      this.#listens.delete(key);
      if (planned.close === undefined) {
        done();
      } else {
        planned.close(done);
      }
    };
  }

  /** For the actor: the listen that the key stands for, if it is still wanted. */
  takeListen(key: number): PlannedListen | undefined {
    const planned = this.#listens.get(key);
    this.#listens.delete(key);
    return planned;
  }
}
