import { type NodeId, parseServiceName, type ServiceName } from '../../protocol/names.js';
import { payloadStart, sourceHi, sourceLo, sourceService } from '../../protocol/netceptor/datagram.js';
import { PROBLEM, type Unreachable } from '../../protocol/netceptor/unreachable.js';
import type { QuicConnection } from '../../runtime/quic/connection.js';
import type { QuicEndpoint } from '../../runtime/quic/endpoint.js';
import type { ServiceHandler } from '../mesh/service-table.js';
import type { NodeServerProfile } from '../security/security-profiles.js';
import { PeerNumbers } from './peer-numbers.js';
import type { BirthEvents, StreamBirth, StreamUser } from './stream-birth.js';
import { PEER_GONE } from './stream-faults.js';
import { PROTOCOLS, type StreamKit } from './stream-kit.js';
import { StreamPath } from './stream-path.js';
import { type ListenTrust, listenTrust } from './stream-trust.js';

/** Where streams are taken in. */
export interface ListenPlace {
  readonly service: ServiceName;
  readonly tls?: string;
}

/** Who comes, and by which door. */
interface Caller {
  readonly door: Door;
  readonly node: NodeId;
  readonly service: ServiceName;
}

/** A new engine for a listener whose engine broke: not for each packet, should it break at once again. */
const RENEW_PAUSE_MS = 1_000;

/** An endpoint and how those are judged who come to it. */
interface Door {
  readonly endpoint: QuicEndpoint;
  readonly trust: ListenTrust;
  readonly profile: NodeServerProfile | undefined;
  readonly openedMs: number;
}

/** One stream that arrived and is not over. */
interface Arrival {
  readonly path: StreamPath;
  readonly door: Door;
  /** As it waits for the stream actor that will lead its life. */
  birth: StreamBirth | undefined;
  /** Set when that actor has begun. */
  events: BirthEvents | undefined;
}

/**
 * The packets of a service that takes streams in: tells connections apart, and finds new ones. A new door is opened when
 * the engine of the last one broke, or when its certificate was renewed; streams that came in by a former one go on.
 */
export class StreamListenerPort implements ServiceHandler {
  readonly #kit: StreamKit;
  readonly #service: ServiceName;
  readonly #tls: string | undefined;
  readonly #peers = new PeerNumbers();
  readonly #arrivals = new Map<QuicConnection, Arrival>();
  readonly #arrived: (birth: StreamBirth) => boolean;
  readonly #user: StreamUser;
  /** By the number of the peer, all of whose connections came in by one door. */
  readonly #doors = new Map<number, Door>();
  #door: Door;
  /** Doors that are not opened any more, with connections that are not over. */
  #former: Door[] = [];

  /** `arrived` takes a birth to an actor; false when there is no room for one. Throws for an unknown TLS name. */
  constructor(kit: StreamKit, place: ListenPlace, user: StreamUser, arrived: (birth: StreamBirth) => boolean) {
    this.#kit = kit;
    this.#service = place.service;
    this.#tls = place.tls;
    this.#user = user;
    this.#arrived = arrived;
    this.#door = this.#open();
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
    this.#renewIfNeeded();
    const peer = this.#peers.numberOf(bytes, start);
    const known = this.#doors.get(peer);
    const door = known === undefined || known.endpoint.fault !== undefined ? this.#door : known;
    const received = door.endpoint.receive(peer, bytes.subarray(payloadStart(start), end));
    switch (received.type) {
      case 'connection':
        this.#wake(received.connection);
        break;
      case 'accepted':
        if (door === this.#door) {
          this.#accept(received.connection, { door, node, service: from.value });
        } else {
          received.connection.abandon(); // it came over an old stream's way: no new one is judged by an old profile
        }
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
    for (const { endpoint } of [...this.#former, this.#door]) {
      endpoint.free();
    }
  }

  #open(): Door {
    const { security, pool, clock } = this.#kit;
    const profile = this.#tls === undefined ? undefined : security.server(this.#tls);
    const trust = listenTrust(this.#kit, profile);
    const { identity, clientAuthentication } = trust;
    const settings = { protocols: PROTOCOLS, identity, clientAuthentication };
    const endpoint = pool.listen(settings, { failed: (connections) => this.#failed(connections) });
    return { endpoint, trust, profile, openedMs: clock.monotonicMs() };
  }

  /**
   * A broken engine is never entered again: another one takes its place. Its streams are lost, each says so itself.
   * A door with a certificate that was renewed takes no new streams, and those that it has taken go on.
   */
  #renewIfNeeded(): void {
    const { endpoint, profile, openedMs } = this.#door;
    const latest = this.#tls === undefined ? undefined : this.#kit.security.findServer(this.#tls);
    const isRenewed = latest !== undefined && latest !== profile;
    const isBroken = endpoint.fault !== undefined && this.#kit.clock.monotonicMs() - openedMs >= RENEW_PAUSE_MS;
    if (isRenewed || isBroken) {
      const opened = this.#open();
      this.#former.push(this.#door);
      this.#door = opened;
      this.#tidy();
    }
  }

  #tidy(): void {
    const isEmpty = ({ endpoint }: Door): boolean => endpoint.connections.length === 0;
    for (const { endpoint } of this.#former.filter(isEmpty)) {
      endpoint.free();
    }
    this.#former = this.#former.filter((door) => !isEmpty(door));
  }

  #accept(connection: QuicConnection, from: Caller): void {
    const relay = {
      event: (event: Parameters<BirthEvents['event']>[0]) => arrival.events?.event(event),
      pumped: () => arrival.events?.pumped(),
    };
    const destination = this.#kit.names.hashOf(from.node);
    const ends = { destination, destinationService: from.service, sourceService: this.#service };
    const path = new StreamPath(this.#kit, connection, ends, relay);
    const arrival: Arrival = { path, door: from.door, birth: undefined, events: undefined };
    arrival.birth = this.#birth(connection, arrival, from);
    this.#arrivals.set(connection, arrival);
    this.#peers.use(connection.peer);
    this.#doors.set(connection.peer, from.door);
    if (!this.#arrived(arrival.birth)) {
      arrival.path.abandon();
      this.#forget(connection);
    }
  }

  #birth(connection: QuicConnection, arrival: Arrival, { node, service }: Caller): StreamBirth {
    return {
      role: 'acceptor',
      names: { local: `${this.#kit.self}:${this.#service}`, remote: `${node}:${service}` },
      user: this.#user,
      giveUp: undefined,
      begin: (events) => {
        arrival.birth = undefined;
        arrival.events = events;
        return arrival.path;
      },
      refusalOf: (chain) => arrival.door.trust.refusalOf(chain, node),
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
      if (!this.#peers.release(connection.peer)) {
        this.#doors.delete(connection.peer);
      }
      this.#tidy();
    }
  }
}
