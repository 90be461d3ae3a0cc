import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../../actors/errors.js';
import type { StreamBirth } from '../../../../actors/streams/stream-birth.js';
import { StreamListenerPort } from '../../../../actors/streams/stream-listener-port.js';
import { composeDatagram } from '../../../../protocol/netceptor/datagram.js';
import { DatagramSlab } from '../../../../runtime/quic/datagram-slab.js';
import type { QuicEndpoint } from '../../../../runtime/quic/endpoint.js';
import { nodeEngineHost } from '../../../../runtime/quic/node-host.js';
import { EnginePool } from '../../../../runtime/quic/pool.js';
import { seededRandom } from '../../../../runtime/random.js';
import { ManualHost } from '../../../support/manual-host.js';
import { HERE, NEAR, NodeParts, serviceName } from '../node-parts.js';
import { serverProfile } from '../security/profiles.js';

const PROTOCOLS = ['receptor-mesh'];

class Bench {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly near = this.parts.neighbour(NEAR);
  readonly births: StreamBirth[] = [];
  readonly endpoints: QuicEndpoint[] = [];
  readonly #dials = new EnginePool(nodeEngineHost(this.parts.clock, seededRandom('dials')));
  hasRoom = true;
  readonly port: StreamListenerPort;

  /** The number of the endpoint that got each datagram. */
  readonly doors: number[] = [];
  /** What each of them shows. */
  readonly identities: unknown[] = [];
  /** Of the profile `s`, as it is now. */
  certificate = new Uint8Array(0);

  constructor(tls?: string) {
    this.renew();
    this.parts.forwarder.setRoutes(new Map([[NEAR, NEAR]]));
    const { pool } = this.parts.streamKit;
    const listen = pool.listen.bind(pool);
    pool.listen = (settings, listener) => {
      const endpoint = listen(settings, listener);
      const receive = endpoint.receive.bind(endpoint);
      const door = this.endpoints.length;
      endpoint.receive = (peer, datagram) => {
        this.doors.push(door);
        return receive(peer, datagram);
      };
      this.identities.push(settings.identity.chain[0]);
      this.endpoints.push(endpoint);
      return endpoint;
    };
    const user = { opened: () => undefined, failed: () => undefined };
    this.port = new StreamListenerPort(
      this.parts.streamKit,
      { service: serviceName('svc'), ...named(tls) },
      user,
      (birth) => {
        if (this.hasRoom) {
          this.parts.streamKit.nursery.add(birth);
          this.births.push(birth);
        }
        return this.hasRoom;
      },
    );
  }

  /** A datagram comes from a service of the neighbour. */
  hear(datagram: Uint8Array, fromService = 'dial'): void {
    const { names } = this.parts;
    const ends = { source: names.hashOf(NEAR), destination: names.hashOf(HERE) };
    const services = { sourceService: serviceName(fromService), destinationService: serviceName('svc') };
    const packet = composeDatagram({ hops: 3, ...ends, ...services }, datagram);
    this.port.packet(packet, 0, packet.length);
    this.host.run();
  }

  /** The profile `s` gets another certificate. */
  renew(): void {
    const profile = serverProfile({ clients: 'anybody' }, { nodeIds: [HERE] });
    this.certificate = new Uint8Array(profile.credentials.chain[0]?.raw ?? []);
    this.parts.streamKit.security.replace({ servers: new Map([['s', profile]]), clients: new Map() });
  }

  /** The stream of a birth begins and is over. */
  end(at: number): void {
    const path = this.births[at]?.begin({
      event: () => undefined,
      pumped: () => undefined,
      unreachable: () => undefined,
    });
    assert.ok(path !== undefined && 'abandon' in path);
    path.abandon();
    this.births[at]?.end();
  }

  /** The first datagram of a dial. */
  initial(): Uint8Array {
    const slab = new DatagramSlab();
    this.#dials.dial({ protocols: PROTOCOLS }, 1).connection.transmit(slab);
    return slab.datagram(0);
  }
}

function named(tls: string | undefined): { readonly tls?: string } {
  return tls === undefined ? {} : { tls };
}

/** A datagram of a QUIC version that nobody speaks: it is answered by the list of those that we speak. */
function unknownVersion(): Uint8Array {
  const datagram = new Uint8Array(1_200).fill(1);
  datagram.set([0xc0, 0x0a, 0x0b, 0x0c, 0x0d, 8, 1, 2, 3, 4, 5, 6, 7, 8, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
  return datagram;
}

describe('the port of a stream listener', () => {
  it('makes a birth of each new connection, and gives later packets to it', () => {
    const at = new Bench();
    const initial = at.initial();
    at.hear(initial);
    at.hear(initial);

    assert.equal(at.births.length, 1);
    assert.equal(at.port.size, 1);
    assert.equal(at.births[0]?.names.remote, 'near:dial');
    assert.equal(at.births[0]?.names.local, 'here:svc');
    assert.equal(at.births[0]?.refusalOf([]), undefined);
  });

  it('answers nothing to garbage, and remembers nobody who sends it', () => {
    const at = new Bench();
    for (const datagram of [new Uint8Array(0), new Uint8Array([1]), new Uint8Array(1_200).fill(7)]) {
      at.hear(datagram);
    }
    assert.deepEqual(at.near.sends, []);
    assert.equal(at.port.size, 0);
  });

  it('answers a version that it does not speak, and still knows the connections of who asked', () => {
    const at = new Bench();
    at.hear(at.initial());
    at.births[0]?.begin({ event: () => undefined, pumped: () => undefined, unreachable: () => undefined });
    at.hear(unknownVersion());
    assert.equal(at.near.sends.flat().length, 1);
    at.hear(unknownVersion());
    at.hear(at.initial());

    assert.equal(at.births.length, 2, 'one more connection of the same peer');
    assert.equal(at.endpoints[0]?.connections[0]?.peer, at.endpoints[0]?.connections[1]?.peer);
  });

  it('drops an arrival for which there is no room, without a word', () => {
    const at = new Bench();
    at.hasRoom = false;
    at.hear(at.initial());
    assert.equal(at.port.size, 0);
    assert.equal(at.endpoints[0]?.connections.length, 0);
  });

  it('tells the streams of a dialler that is gone, and of no other', () => {
    const at = new Bench();
    const faults: string[] = [];
    for (const service of ['one', 'other']) {
      at.hear(at.initial(), service);
      at.births.at(-1)?.begin({
        event: () => undefined,
        pumped: () => undefined,
        unreachable: ({ code }) => void faults.push(`${service} ${code}`),
      });
    }
    const notice = { fromNode: HERE, fromService: 'svc', toNode: NEAR, toService: 'one' };
    at.port.unreachable({ ...notice, problem: 'message expired' });
    assert.deepEqual(faults, []);
    at.port.unreachable({ ...notice, problem: 'service unknown' });
    assert.deepEqual(faults, ['one peer-gone']);
  });

  it('forgets a connection whose birth has ended', () => {
    const at = new Bench();
    at.hear(at.initial());
    at.births[0]?.end();
    at.births[0]?.end();
    assert.equal(at.port.size, 0);
  });

  it('goes on with another engine when its own breaks, but does not make one for each packet', () => {
    const at = new Bench();
    at.hear(at.initial());
    const events: string[] = [];
    const path = at.births[0]?.begin({
      event: ({ type }) => void events.push(type),
      pumped: () => undefined,
      unreachable: () => undefined,
    });
    assert.ok(path !== undefined);
    at.host.advance(2_000);
    at.endpoints[0]?.provokeFault();
    at.hear(at.initial());
    at.hear(at.initial());
    assert.equal(at.endpoints.length, 2);
    assert.equal(at.births.length, 3);
    assert.ok(events.includes('lost') && events.includes('drained'), 'the streams of the broken one say so');

    at.endpoints[1]?.provokeFault();
    at.hear(at.initial());
    assert.equal(at.endpoints.length, 2, 'it was made a moment ago');
    at.host.advance(1_000);
    at.hear(at.initial());
    assert.equal(at.endpoints.length, 3);
    at.births[0]?.end();
    assert.ok(at.parts.streamKit.pool.counts.listeners <= 3);
  });

  it('takes new streams in by a renewed certificate, while the old ones go on by theirs', () => {
    const at = new Bench('s');
    const [old, young] = [at.initial(), at.initial()];
    const earlier = at.certificate;
    at.hear(old, 'old');
    at.renew();
    at.hear(young, 'young');
    at.hear(old, 'old');
    at.hear(young, 'young');

    assert.deepEqual(at.doors, [0, 1, 0, 1]);
    assert.deepEqual(at.identities, [earlier, at.certificate]);
    assert.deepEqual(
      at.endpoints.map(({ connections }) => connections.length),
      [1, 1],
    );
  });

  it('opens no new stream by the way of an old one, whose certificate counts no more', () => {
    const at = new Bench('s');
    at.hear(at.initial(), 'same');
    at.renew();
    at.hear(at.initial(), 'same');

    assert.equal(at.births.length, 1);
    assert.deepEqual(
      at.endpoints.map(({ connections }) => connections.length),
      [1, 0],
    );
  });

  it('keeps the old door of a peer until its last stream is over, and then frees it', () => {
    const at = new Bench('s');
    const [first, second] = [at.initial(), at.initial()];
    at.hear(first, 'same');
    at.hear(second, 'same');
    at.renew();
    at.hear(at.initial(), 'other');

    at.end(0);
    at.hear(second, 'same');
    assert.deepEqual(at.doors, [0, 0, 1, 0], 'the packets of the other one still come to the old door');
    assert.equal(at.parts.streamKit.pool.counts.listeners, 2);
    at.end(1);
    assert.equal(at.parts.streamKit.pool.counts.listeners, 1);
  });

  it('stays as it is when a renewed certificate cannot be used', () => {
    const at = new Bench('s');
    const { pool } = at.parts.streamKit;
    const { listen } = pool;
    at.renew();
    pool.listen = () => {
      throw new Error('no');
    };
    for (let packet = 0; packet < 3; packet += 1) {
      assert.throws(() => at.hear(at.initial()), /^Error: no$/);
    }
    pool.listen = listen;
    at.hear(at.initial());

    assert.equal(pool.counts.listeners, 1, 'the former one is free: nobody came by it');
    assert.equal(at.births.length, 1);
  });

  it('opens no other door for a certificate that has not changed, nor for a name that is gone', () => {
    const at = new Bench('s');
    at.hear(at.initial(), 'one');
    at.parts.streamKit.security.replace({ servers: new Map(), clients: new Map() });
    at.hear(at.initial(), 'two');

    assert.deepEqual([at.endpoints.length, at.births.length], [1, 2]);
  });

  it('is not made for a TLS name that nobody has defined', () => {
    assert.throws(
      () => new Bench('x'),
      (thrown) => thrown instanceof MeshError && thrown.message === 'unknown TLS config x',
    );
  });

  it('leaves nothing behind when it is closed, not even who was not begun', () => {
    const at = new Bench();
    at.hear(at.initial());
    at.hear(at.initial());
    at.port.close();

    assert.equal(at.parts.streamKit.nursery.size, 0);
    assert.equal(at.parts.streamKit.pool.counts.listeners, 0);
    assert.equal(at.endpoints[0]?.connections.length, 0);
  });
});
