import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatagramSlab } from '../../runtime/quic/datagram-slab.js';
import type { QuicEndpoint } from '../../runtime/quic/endpoint.js';
import { type Random, seededRandom } from '../../runtime/random.js';
import { openInitial, sealInitial } from '../unit/runtime/quic/initial-packet.js';
import { approving, type End, Rig } from '../unit/runtime/quic/rig.js';
import { digest, pattern, Transfer } from '../unit/runtime/quic/transfer.js';

/** Linear memory that hostile datagrams may cost: half-open handshakes up to their bound, and nothing that grows on. */
const GROWTH_MAX = 24 * 1_048_576;

/** Datagrams of a whole connection, both directions, to be mutated. */
function recorded(): Uint8Array[] {
  const rig = new Rig();
  const datagrams: Uint8Array[] = [];
  const forward = rig.send.bind(rig);
  rig.send = (from, peer, datagram) => {
    datagrams.push(datagram);
    forward(from, peer, datagram);
  };
  const client = new Transfer({ opens: true, outgoing: pattern(20_000) });
  const server = new Transfer({ opens: false, outgoing: pattern(20_000) });
  rig.listen(server.application);
  rig.dial(client.application);
  rig.run(() => client.hasEnd && server.hasEnd);
  return datagrams;
}

function randomBytes(random: Random, most: number): Uint8Array {
  return random.fill(new Uint8Array(random.below(most)));
}

/** One to eight bytes changed, or cut, or lengthened. */
function mutated(random: Random, datagram: Uint8Array): Uint8Array {
  const copy = datagram.slice(0, random.unit() < 0.2 ? random.below(datagram.length) : datagram.length);
  for (let change = random.below(8); change >= 0 && copy.length > 0; change -= 1) {
    copy[random.below(random.unit() < 0.5 ? Math.min(40, copy.length) : copy.length)] = random.below(256);
  }
  return random.unit() < 0.1 ? Buffer.concat([copy, randomBytes(random, 100)]) : copy;
}

/** Nothing but chance, a mutated datagram, or one that is only out of place. */
function hostile(random: Random, sample: Uint8Array): Uint8Array {
  const kind = random.unit();
  if (kind < 0.3) {
    return randomBytes(random, 1_500);
  }
  return kind < 0.9 ? mutated(random, sample) : sample;
}

/** Lets the connections of an endpoint act on what they got, and throws away what they answer. */
function pumpAll(endpoint: QuicEndpoint, slab: DatagramSlab): void {
  for (const connection of endpoint.connections) {
    connection.poll();
    while (connection.transmit(slab)) {
      slab.clear();
    }
    slab.clear();
  }
}

describe('hostile datagrams', () => {
  it('of a hundred thousand, random or mutated, break nothing and cost bounded memory', () => {
    const rig = new Rig();
    const random = seededRandom('garbage');
    const samples = recorded();
    const listener = rig.listen(approving);
    const dialled = rig.dial(approving);
    const slab = new DatagramSlab();
    const before = rig.instances.listener.memoryBytes;

    for (let round = 0; round < 100_000; round += 1) {
      const sample = samples[random.below(samples.length)] ?? new Uint8Array();
      const datagram = hostile(random, sample);
      listener.receive(random.below(1_000), datagram);
      dialled.endpoint.receive(1, datagram);
      if (round % 1_000 === 0) {
        rig.now += 100_000;
        pumpAll(listener, slab);
      }
    }

    assert.equal(rig.instances.listener.fault, undefined);
    assert.equal(rig.instances.dialler.fault, undefined);
    assert.ok(listener.connections.length > 0, 'some were good enough to begin a handshake');
    assert.ok(
      rig.instances.listener.memoryBytes - before < GROWTH_MAX,
      `${rig.instances.listener.memoryBytes - before}`,
    );
  });

  it('of a flood of greetings hold no more than the bound of handshakes', () => {
    const rig = new Rig();
    const random = seededRandom('flood');
    const [greeting = new Uint8Array()] = recorded();
    const packet = openInitial(greeting);
    const listener = rig.listen(approving);
    const before = rig.instances.listener.memoryBytes;
    let accepted = 0;

    for (let peer = 1; peer <= 5_000; peer += 1) {
      const destination = random.fill(new Uint8Array(8));
      const received = listener.receive(peer, sealInitial({ ...packet, destination }));
      accepted += received.type === 'accepted' ? 1 : 0;
    }

    assert.deepEqual([accepted, listener.halfOpen], [256, 256]);
    assert.ok(
      rig.instances.listener.memoryBytes - before < GROWTH_MAX,
      `${rig.instances.listener.memoryBytes - before}`,
    );
  });

  it('that are rightly sealed Initials with random frames break nothing and leave nothing behind', () => {
    const rig = new Rig();
    const random = seededRandom('sealed');
    const [greeting = new Uint8Array()] = recorded();
    const listener = rig.listen(approving);
    const slab = new DatagramSlab();
    const whole = openInitial(greeting).payload;

    for (let round = 0; round < 5_000; round += 1) {
      const payload = random.unit() < 0.5 ? randomBytes(random, 600) : mutated(random, whole.slice(0, 600));
      const destination = random.fill(new Uint8Array(8 + random.below(13)));
      const source = random.fill(new Uint8Array(random.below(21)));
      listener.receive(round, sealInitial({ destination, source, number: random.below(100), payload }));
      if (round % 100 === 0) {
        rig.now += 5_000_000;
        for (const connection of listener.connections) {
          connection.handleTimeout();
        }
        pumpAll(listener, slab);
      }
    }
    rig.now += 60_000_000;
    for (const connection of listener.connections) {
      connection.handleTimeout();
    }
    pumpAll(listener, slab);
    rig.now += 60_000_000;
    for (const connection of listener.connections) {
      connection.handleTimeout();
    }
    pumpAll(listener, slab);

    assert.equal(rig.instances.listener.fault, undefined);
    assert.equal(listener.connections.length, 0);
  });

  it('in between do not disturb a transfer', () => {
    const random = seededRandom('in between');
    const rig = new Rig();
    const forward = rig.send.bind(rig);
    rig.send = (from, peer, datagram) => {
      forward(from, peer, mutated(random, datagram));
      forward(from, peer, datagram);
      forward(from, peer, randomBytes(random, 1_300));
    };
    const [up, down] = [pattern(200_000, 1), pattern(200_000, 2)];
    const client = new Transfer({ opens: true, outgoing: up });
    const server = new Transfer({ opens: false, outgoing: down });
    rig.listen(server.application);
    const dialled: End = rig.dial(client.application);

    assert.ok(rig.run(() => client.hasEnd && server.hasEnd && dialled.has('finished')));

    assert.equal(digest(server.received), digest(up));
    assert.equal(digest(client.received), digest(down));
  });
});
