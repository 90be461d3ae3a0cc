import { RuntimeError } from '../errors.js';
import { RECEIVED, STATUS } from './abi.js';
import { QuicConnection } from './connection.js';
import type { SigningKey } from './engine.js';
import type { EngineInstance, Tenant } from './instance.js';
import { dialBlock, listenBlock } from './parameter-block.js';
import { type ConnectionSettings, type DialSettings, type ListenSettings, largestDatagram } from './settings.js';

/** What became of a received datagram. */
export type Received =
  /** It belongs to this connection, which now wants to be polled and transmitted. */
  | { readonly type: 'connection'; readonly connection: QuicConnection }
  /** It began this connection. */
  | { readonly type: 'accepted'; readonly connection: QuicConnection }
  /** It began none, and this answer should be sent back to where it came from. */
  | { readonly type: 'reply'; readonly datagram: Uint8Array }
  /** It was not for us, or not worth an answer. */
  | { readonly type: 'ignored' };

const IGNORED: Received = { type: 'ignored' };

/** Bytes. No datagram of UDP is longer. */
const DATAGRAM_MAX = 65_527;

/** What an endpoint tells besides the results of its methods. */
export interface EndpointListener {
  /**
   * The engine instance broke; these connections will say so at their next `poll`. Called once, in the middle of any
   * call of any endpoint of that instance: only note it.
   */
  failed?(connections: readonly QuicConnection[]): void;
  /** The endpoint is free: its last connection is gone, or it was freed. For the pool. */
  freed?(): void;
}

/** How an endpoint is born. */
interface Birth {
  readonly instance: EngineInstance;
  readonly settings: ConnectionSettings;
  readonly key: SigningKey | undefined;
  readonly block: (key: number) => Uint8Array;
  readonly listener: EndpointListener;
  /** Whether the endpoint ends with its only connection. */
  readonly isSingle: boolean;
}

/**
 * One end of QUIC in one engine instance: a listener with its connections, or the single connection of a dial.
 * Peers are numbers that the layer above gives out; the same number must always mean the same peer.
 */
export class QuicEndpoint implements Tenant {
  /** Id in its engine instance; not used again there before 2^31 others. */
  readonly id: number;
  readonly #instance: EngineInstance;
  readonly #key: number | undefined;
  readonly #largestDatagram: number;
  readonly #listener: EndpointListener;
  readonly #isSingle: boolean;
  /** Per connection, the answer to each datagram of it: made once, because datagrams are many. */
  readonly #arrivals = new Map<number, Received & { readonly type: 'connection' }>();
  #isFree = false;

  private constructor({ instance, settings, key, block, listener, isSingle }: Birth) {
    this.#instance = instance;
    this.#listener = listener;
    this.#isSingle = isSingle;
    this.#largestDatagram = largestDatagram(settings);
    this.#key = key === undefined ? undefined : instance.addKey(key);
    try {
      this.id = this.#create(block(this.#key ?? 0));
    } catch (thrown) {
      this.#forgetKey();
      throw thrown;
    }
    instance.admit(this);
  }

  /** A listener. Throws `invalid-use` for settings out of their range, `engine-fault` in a dead instance. */
  static listening(instance: EngineInstance, settings: ListenSettings, listener: EndpointListener = {}): QuicEndpoint {
    const { key } = settings.identity;
    const block = (id: number) => listenBlock(settings, id);
    return new QuicEndpoint({ instance, settings, key, block, listener, isSingle: false });
  }

  /** A dialler, for one connection; it frees itself when that is gone. Throws as `listening`. */
  static dialling(instance: EngineInstance, settings: DialSettings, listener: EndpointListener = {}): QuicEndpoint {
    const key = settings.identity?.key;
    const block = (id: number) => dialBlock(settings, id);
    return new QuicEndpoint({ instance, settings, key, block, listener, isSingle: true });
  }

  /** Connections that are not gone. */
  get connections(): readonly QuicConnection[] {
    return [...this.#arrivals.values()].map((arrival) => arrival.connection);
  }

  /** Why the instance is dead; `undefined` while it lives. */
  get fault(): string | undefined {
    return this.#instance.fault;
  }

  /** Accepted connections that are still in their handshake. */
  get halfOpen(): number {
    const status = this.#instance.call((engine) => engine.endpoint_counts(this.id), STATUS.notFound);
    return status < 0 ? 0 : (this.#instance.numbers[1] ?? 0);
  }

  /** Begins a handshake with `peer`. Throws `invalid-use` on a listener and on a second call. */
  connect(peer: number): QuicConnection {
    const now = this.#instance.host.monotonicMicros();
    const result = this.#instance.call((engine) => engine.endpoint_connect(this.id, now, peer), STATUS.notFound);
    if (result < 0) {
      const code = this.#instance.fault === undefined ? 'invalid-use' : 'engine-fault';
      throw new RuntimeError(code, 'This endpoint can dial nobody (any more)', { data: { status: result } });
    }
    return this.#add(result, peer).connection;
  }

  /** Handles one datagram from `peer`. The bytes are copied; they are the caller's again afterwards. */
  receive(peer: number, datagram: Uint8Array): Received {
    if (datagram.length === 0 || datagram.length > DATAGRAM_MAX || this.#instance.fault !== undefined) {
      return IGNORED;
    }
    const instance = this.#instance;
    instance.input.set(datagram);
    const now = instance.host.monotonicMicros();
    const kind = instance.call((engine) => engine.endpoint_receive(this.id, now, peer, datagram.length), 0);
    const number = instance.numbers[0] ?? 0;
    switch (kind) {
      case RECEIVED.connection:
        return this.#arrivals.get(number) ?? IGNORED;
      case RECEIVED.accepted:
        return { type: 'accepted', connection: this.#add(number, peer).connection };
      case RECEIVED.reply:
        return { type: 'reply', datagram: instance.output.slice(0, number) };
      default:
        return IGNORED;
    }
  }

  /** Forgets everything at once, without a word to any peer. May be called more than once. */
  free(): void {
    if (this.#isFree) {
      return;
    }
    this.#isFree = true;
    for (const connection of this.connections) {
      connection.abandon();
    }
    this.#instance.call((engine) => engine.endpoint_free(this.id), 0);
    this.#forgetKey();
    this.#instance.dismiss(this);
    this.#listener.freed?.();
  }

  /** For tests only: breaks the engine instance, as a bug in it would. */
  provokeFault(): void {
    this.#instance.provokeTrap();
  }

  /** For the instance. */
  instanceFailed(reason: string): void {
    const { connections } = this;
    for (const connection of connections) {
      connection.instanceFailed(reason);
    }
    this.#listener.failed?.(connections);
  }

  #create(block: Uint8Array): number {
    const instance = this.#instance;
    const result =
      block.length > instance.input.length
        ? STATUS.invalidParameters
        : instance.call((engine) => {
            instance.input.set(block);
            return engine.endpoint_new(block.length);
          }, STATUS.notFound);
    if (result >= 0) {
      return result;
    }
    const code = instance.fault === undefined ? 'invalid-use' : 'engine-fault';
    throw new RuntimeError(code, 'The stream engine refused the settings of an endpoint', { data: { status: result } });
  }

  #forgetKey(): void {
    if (this.#key !== undefined) {
      this.#instance.removeKey(this.#key);
    }
  }

  #add(id: number, peer: number): Received & { readonly type: 'connection' } {
    const place = {
      instance: this.#instance,
      endpoint: this.id,
      largestDatagram: this.#largestDatagram,
      gone: (connection: QuicConnection) => this.#gone(connection),
    };
    const arrival = { type: 'connection', connection: new QuicConnection(place, id, peer) } as const;
    this.#arrivals.set(id, arrival);
    return arrival;
  }

  #gone(connection: QuicConnection): void {
    this.#arrivals.delete(connection.id);
    if (this.#isSingle) {
      this.free();
    }
  }
}
