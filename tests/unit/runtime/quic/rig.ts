import { createHash } from 'node:crypto';
import type { QuicConnection } from '../../../../runtime/quic/connection.js';
import { DatagramSlab } from '../../../../runtime/quic/datagram-slab.js';
import { QuicEndpoint } from '../../../../runtime/quic/endpoint.js';
import type { ConnectionEvent, EngineHost, Identity } from '../../../../runtime/quic/engine.js';
import { EngineInstance } from '../../../../runtime/quic/instance.js';
import { nodeEngineHost } from '../../../../runtime/quic/node-host.js';
import { ed25519KeyFromSeed } from '../../../../runtime/quic/node-keys.js';
import { selfSignedIdentity } from '../../../../runtime/quic/self-signed.js';
import type { DialSettings, ListenSettings } from '../../../../runtime/quic/settings.js';
import { seededRandom } from '../../../../runtime/random.js';
import { type LinkOptions, PretendedLink, type Side } from './link.js';

export interface RigOptions extends LinkOptions {
  readonly seed?: string;
}

/** 2026-06-01. */
const WALL_START_MS = 1_780_272_000_000;

/** Pump rounds that a run may take: a run that never comes to rest must fail, not hang. */
const ROUNDS_MAX = 2_000_000;

export const PROTOCOL = 'rig';

/** What a test does with a connection whenever it was pumped. */
export type Application = (end: End, events: readonly ConnectionEvent[]) => void;

/** One end of a connection with its history. */
export class End {
  readonly connection: QuicConnection;
  readonly events: ConnectionEvent[] = [];
  application: Application;
  readonly endpoint: QuicEndpoint;
  readonly instance: EngineInstance;
  readonly side: Side;

  constructor(place: Place, connection: QuicConnection, application: Application) {
    this.side = place.side;
    this.endpoint = place.endpoint;
    this.instance = place.instance;
    this.connection = connection;
    this.application = application;
  }

  /** The event of this type that came first, if one came. */
  event<T extends ConnectionEvent['type']>(type: T): Extract<ConnectionEvent, { type: T }> | undefined {
    return this.events.find((event): event is Extract<ConnectionEvent, { type: T }> => event.type === type);
  }

  has(type: ConnectionEvent['type']): boolean {
    return this.event(type) !== undefined;
  }
}

interface Place {
  readonly side: Side;
  readonly endpoint: QuicEndpoint;
  readonly instance: EngineInstance;
}

/** Two nodes with an engine each, and a link between them on one virtual timeline. */
export class Rig {
  now = 0;
  readonly link: PretendedLink;
  readonly instances: Readonly<Record<Side, EngineInstance>>;
  readonly hosts: Readonly<Record<Side, EngineHost>>;
  readonly ends: End[] = [];
  readonly #slab = new DatagramSlab({ capacity: 131_072, headroom: 38 });
  #listener: (Place & { readonly application: Application }) | undefined;
  #rounds = 0;

  constructor({ seed = 'rig', ...link }: RigOptions = {}) {
    this.link = new PretendedLink(link, seededRandom(`${seed}/link`));
    const clock = { monotonicMs: () => this.now / 1000, wallMs: () => WALL_START_MS + this.now / 1000 };
    this.hosts = {
      dialler: nodeEngineHost(clock, seededRandom(`${seed}/dialler`)),
      listener: nodeEngineHost(clock, seededRandom(`${seed}/listener`)),
    };
    this.instances = {
      dialler: new EngineInstance(this.hosts.dialler),
      listener: new EngineInstance(this.hosts.listener),
    };
  }

  /** Opens the listener; each connection that it accepts gets the application. */
  listen(application: Application, settings: Partial<ListenSettings> = {}): QuicEndpoint {
    const instance = this.instances.listener;
    const defaults = { protocols: [PROTOCOL], identity: testIdentity() };
    const endpoint = QuicEndpoint.listening(instance, { ...defaults, ...settings });
    this.#listener = { side: 'listener', endpoint, instance, application };
    return endpoint;
  }

  /** Dials the listener. Every dial comes from a peer number of its own. */
  dial(application: Application, settings: Partial<DialSettings> = {}): End {
    const peer = this.ends.length + 1;
    const instance = this.instances.dialler;
    const endpoint = QuicEndpoint.dialling(instance, { protocols: [PROTOCOL], ...settings });
    const end = new End({ side: 'dialler', endpoint, instance }, endpoint.connect(peer), application);
    this.ends.push(end);
    this.pump(end);
    return end;
  }

  /** The listener's end of a dial. */
  accepted(dialled: End): End {
    const found = this.ends.find((end) => end.side === 'listener' && end.connection.peer === dialled.connection.peer);
    if (found === undefined) {
      throw new Error('the listener has not accepted this dial');
    }
    return found;
  }

  /** Lets time pass until `isDone`, or until `limit` microseconds from now have passed. Says whether it was done. */
  run(isDone: () => boolean, limit = 120_000_000): boolean {
    const end = this.now + limit;
    while (!isDone()) {
      this.#rounds += 1;
      if (this.#rounds > ROUNDS_MAX) {
        throw new Error('the rig does not come to rest');
      }
      const next = this.#nextMoment();
      if (next > end) {
        this.now = end;
        return isDone();
      }
      this.now = Math.max(this.now, next);
      this.#moment();
    }
    return true;
  }

  /** Lets this much virtual time pass. */
  pass(micros: number): void {
    this.run(() => false, micros);
  }

  /** Polls a connection, lets its application act, and puts what it sends on the link. */
  pump(end: End): void {
    const events = end.connection.poll();
    end.events.push(...events);
    end.application(end, events);
    let isMore = true;
    while (isMore) {
      isMore = end.connection.transmit(this.#slab);
      for (let index = 0; index < this.#slab.count; index += 1) {
        this.send(end.side, end.connection.peer, this.#slab.datagram(index));
      }
      this.#slab.clear();
    }
  }

  /** Puts a datagram on the link, as if `from` had sent it. */
  send(from: Side, peer: number, datagram: Uint8Array): void {
    this.link.send({ from, peer, datagram, now: this.now });
  }

  /** Hands a datagram to a side at once. */
  deliver(to: Side, peer: number, datagram: Uint8Array): void {
    const end = this.ends.find((candidate) => candidate.side === to && candidate.connection.peer === peer);
    const endpoint = to === 'listener' ? this.#listener?.endpoint : end?.endpoint;
    const received = endpoint?.receive(peer, datagram) ?? { type: 'ignored' };
    if (received.type === 'reply') {
      this.send(to, peer, received.datagram);
    }
    if (received.type === 'accepted' && this.#listener !== undefined) {
      const accepted = new End(this.#listener, received.connection, this.#listener.application);
      this.ends.push(accepted);
      this.pump(accepted);
    }
    if (received.type === 'connection') {
      const known = this.ends.find((candidate) => candidate.connection === received.connection);
      if (known !== undefined) {
        this.pump(known);
      }
    }
  }

  #nextMoment(): number {
    const moments = this.ends.map((end) => end.connection.timeoutAt() ?? Number.POSITIVE_INFINITY);
    return Math.min(this.link.nextAt, ...moments);
  }

  #moment(): void {
    let flight = this.link.take(this.now);
    while (flight !== undefined) {
      this.deliver(flight.to, flight.peer, flight.datagram);
      flight = this.link.take(this.now);
    }
    for (const end of [...this.ends]) {
      const at = end.connection.timeoutAt();
      if (at !== undefined && at <= this.now) {
        end.connection.handleTimeout();
        this.pump(end);
      }
    }
  }
}

/** An Ed25519 identity that is always the same for the same name. */
export function testIdentity(commonName = 'rig'): Identity {
  const seed = createHash('sha256').update(commonName).digest();
  return selfSignedIdentity({
    commonName,
    key: ed25519KeyFromSeed(new Uint8Array(seed)),
    serial: Uint8Array.of(1),
    notBeforeMs: WALL_START_MS,
    notAfterMs: WALL_START_MS + 86_400_000,
  });
}

/** Approves the peer as soon as the handshake is done, and nothing else. */
export const approving: Application = (end, events) => {
  if (events.some((event) => event.type === 'connected')) {
    end.connection.approve();
  }
};
