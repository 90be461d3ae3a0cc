import { parseServiceName, type ServiceName } from '../../protocol/names.js';
import { payloadStart, sourceHi, sourceLo, sourceService } from '../../protocol/netceptor/datagram.js';
import { PROBLEM, type Unreachable } from '../../protocol/netceptor/unreachable.js';
import type { QuicConnection } from '../../runtime/quic/connection.js';
import type { QuicEndpoint } from '../../runtime/quic/endpoint.js';
import type { Identity } from '../../runtime/quic/engine.js';
import type { ServiceHandler } from '../mesh/service-table.js';
import { INSECURE_COMMON_NAME } from './insecure-trust.js';
import { PeerNumbers } from './peer-numbers.js';
import type { BirthEvents, StreamBirth, StreamUser } from './stream-birth.js';
import { PEER_GONE } from './stream-faults.js';
import { PROTOCOLS, type StreamKit } from './stream-kit.js';
import { StreamPath } from './stream-path.js';

/** A new engine for a listener whose engine broke: not for each packet, should it break at once again. */
const RENEW_PAUSE_MS = 1_000;

/** One stream that arrived and is not over. */
interface Arrival {
  readonly path: StreamPath;
  /** As it waits for the stream actor that will lead its life. */
  birth: StreamBirth | undefined;
  /** Set when that actor has begun. */
  events: BirthEvents | undefined;
}

/** The packets of a service that takes streams in: tells connections apart, and finds new ones. */
export class StreamListenerPort implements ServiceHandler {
  readonly #kit: StreamKit;
  readonly #service: ServiceName;
  readonly #identity: Identity;
  readonly #peers = new PeerNumbers();
  readonly #arrivals = new Map<QuicConnection, Arrival>();
  readonly #arrived: (birth: StreamBirth) => boolean;
  readonly #user: StreamUser;
  #endpoint: QuicEndpoint;
  #endpointMs: number;
  /** Endpoints whose engine broke, with connections that have not said so yet. */
  #broken: QuicEndpoint[] = [];

  /** `arrived` takes a birth to an actor; false when there is no room for one. */
  constructor(kit: StreamKit, service: ServiceName, user: StreamUser, arrived: (birth: StreamBirth) => boolean) {
    this.#kit = kit;
    this.#service = service;
    this.#user = user;
    this.#arrived = arrived;
    this.#identity = kit.crypto.identity(INSECURE_COMMON_NAME);
    this.#endpoint = this.#listen();
    this.#endpointMs = kit.clock.monotonicMs();
  }

  /** Streams that are not over. */
  get size(): number {
    return this.#arrivals.size;
  }

  packet(bytes: Uint8Array, start: number, end: number): void {
    const from = parseServiceName(sourceService(bytes, start));
    const node = this.#kit.names.nameOf(sourceHi(bytes, start), sourceLo(bytes, start));
    if (!from.ok || node === undefined) {
      return;
    }
    if (this.#endpoint.fault !== undefined) {
      this.#renew();
    }
    const peer = this.#peers.numberOf(bytes, start);
    const received = this.#endpoint.receive(peer, bytes.subarray(payloadStart(start), end));
    switch (received.type) {
      case 'connection':
        this.#wake(received.connection);
        break;
      case 'accepted':
        this.#accept(received.connection, bytes, start, `${node}:${from.value}`);
        break;
      case 'reply':
        this.#kit.forwarder.send({
          toNode: node,
          toService: from.value,
          fromService: this.#service,
          payload: received.datagram,
        });
        this.#peers.releaseUnused(peer);
        break;
      case 'ignored':
        this.#peers.releaseUnused(peer);
        break;
      default:
        received satisfies never;
    }
  }

  /** A dialler that is gone: its ephemeral service does not answer any more. */
  unreachable(notice: Unreachable): void {
    if (notice.problem !== PROBLEM.serviceUnknown) {
      return;
    }
    for (const arrival of this.#arrivals.values()) {
      if (arrival.path.leadsTo(this.#kit.names.hashOf(notice.toNode), notice.toService)) {
        arrival.events?.unreachable(PEER_GONE);
      }
    }
  }

  /** Takes no more, and forgets all connections without a word. */
  close(): void {
    for (const { birth } of this.#arrivals.values()) {
      if (birth !== undefined) {
        this.#kit.nursery.drop(birth);
      }
    }
    for (const endpoint of [...this.#broken, this.#endpoint]) {
      endpoint.free();
    }
  }

  #listen(): QuicEndpoint {
    const settings = { protocols: PROTOCOLS, identity: this.#identity };
    return this.#kit.pool.listen(settings, { failed: (connections) => this.#failed(connections) });
  }

  /** A broken engine is never entered again: another one takes its place. Its streams are lost, each says so itself. */
  #renew(): void {
    const nowMs = this.#kit.clock.monotonicMs();
    if (nowMs - this.#endpointMs >= RENEW_PAUSE_MS) {
      this.#broken.push(this.#endpoint);
      this.#endpoint = this.#listen();
      this.#endpointMs = nowMs;
      this.#tidy();
    }
  }

  #tidy(): void {
    const isEmpty = ({ connections }: QuicEndpoint): boolean => connections.length === 0;
    for (const endpoint of this.#broken.filter(isEmpty)) {
      endpoint.free();
    }
    this.#broken = this.#broken.filter((endpoint) => !isEmpty(endpoint));
  }

  #accept(connection: QuicConnection, bytes: Uint8Array, start: number, remote: string): void {
    const from = parseServiceName(sourceService(bytes, start));
    if (!from.ok) {
      connection.abandon();
      return;
    }
    const relay = {
      event: (event: Parameters<BirthEvents['event']>[0]) => arrival.events?.event(event),
      pumped: () => arrival.events?.pumped(),
    };
    const destination = { hi: sourceHi(bytes, start), lo: sourceLo(bytes, start) };
    const ends = { destination, destinationService: from.value, sourceService: this.#service };
    const path = new StreamPath(this.#kit, connection, ends, relay);
    const arrival: Arrival = { path, birth: undefined, events: undefined };
    arrival.birth = this.#birth(connection, arrival, remote);
    this.#arrivals.set(connection, arrival);
    this.#peers.use(connection.peer);
    if (!this.#arrived(arrival.birth)) {
      arrival.path.abandon();
      this.#forget(connection);
    }
  }

  #birth(connection: QuicConnection, arrival: Arrival, remote: string): StreamBirth {
    return {
      role: 'acceptor',
      names: { local: `${this.#kit.self}:${this.#service}`, remote },
      user: this.#user,
      giveUp: undefined,
      begin: (events) => {
        arrival.birth = undefined;
        arrival.events = events;
        return arrival.path;
      },
      // Without a TLS profile a listener asks no client for a certificate.
      refusalOf: () => undefined,
      end: () => this.#forget(connection),
    };
  }

  #wake(connection: QuicConnection): void {
    const arrival = this.#arrivals.get(connection);
    if (arrival?.events !== undefined) {
      arrival.path.mark();
    }
  }

  #failed(connections: readonly QuicConnection[]): void {
    for (const connection of connections) {
      this.#wake(connection);
    }
  }

  #forget(connection: QuicConnection): void {
    if (this.#arrivals.delete(connection)) {
      this.#peers.release(connection.peer);
      this.#tidy();
    }
  }
}
