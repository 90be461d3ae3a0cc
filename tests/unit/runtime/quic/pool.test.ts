import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatagramSlab } from '../../../../runtime/quic/datagram-slab.js';
import type { QuicEndpoint } from '../../../../runtime/quic/endpoint.js';
import { type Dial, EnginePool, type PoolLimits } from '../../../../runtime/quic/pool.js';
import { PROTOCOL, Rig, testIdentity } from './rig.js';

const settings = { protocols: [PROTOCOL] };

function poolOf(limits: PoolLimits = {}): EnginePool {
  return new EnginePool(new Rig().hosts.dialler, limits);
}

function dials(pool: EnginePool, count: number): Dial[] {
  return Array.from({ length: count }, (_, index) => pool.dial(settings, index + 1));
}

/** Sends everything from the connection to the endpoint, and says how many datagrams that were. */
function pass(from: Dial['connection'], to: QuicEndpoint, peer: number): number {
  const slab = new DatagramSlab();
  from.transmit(slab);
  for (let index = 0; index < slab.count; index += 1) {
    to.receive(peer, slab.datagram(index));
  }
  return slab.count;
}

describe('EnginePool', () => {
  it('opens an instance only when the others are full', () => {
    const pool = poolOf({ dialsPerInstance: 3 });

    const counts = [1, 2, 3, 4, 5, 6, 7].map((peer) => {
      pool.dial(settings, peer);
      return pool.counts.dialInstances;
    });

    assert.deepEqual(counts, [1, 1, 1, 2, 2, 2, 3]);
    assert.equal(pool.counts.dials, 7);
  });

  it('puts 64 dials into an instance by default', () => {
    const pool = poolOf();
    dials(pool, 64);
    const before = pool.counts.dialInstances;

    pool.dial(settings, 65);

    assert.deepEqual([before, pool.counts.dialInstances], [1, 2]);
  });

  it('fills the place of a dial that is gone', () => {
    const pool = poolOf({ dialsPerInstance: 2 });
    const [first] = dials(pool, 4);

    first?.connection.abandon();
    pool.dial(settings, 9);

    assert.deepEqual([pool.counts.dialInstances, pool.counts.dials], [2, 4]);
  });

  it('keeps one idle instance and drops the others', () => {
    const pool = poolOf({ dialsPerInstance: 1 });

    for (const { connection } of dials(pool, 4)) {
      connection.abandon();
    }

    assert.deepEqual([pool.counts.dialInstances, pool.counts.dials], [1, 0]);
  });

  it('drops even the last idle instance when it has grown large', () => {
    const pool = poolOf({ idleMemoryBytes: 1 });
    const [dial] = dials(pool, 1);

    dial?.connection.abandon();

    assert.deepEqual([pool.counts.dialInstances, pool.counts.memoryBytes], [0, 0]);
  });

  it('frees the endpoint of a dial with its connection', () => {
    const pool = poolOf();
    const [dial] = dials(pool, 1);

    dial?.connection.close(0, '');
    dial?.connection.abandon();
    dial?.endpoint.free();

    assert.equal(pool.counts.dials, 0);
    assert.deepEqual(dial?.endpoint.connections, []);
  });

  it('gives each listener an instance of its own, until it is freed', () => {
    const pool = poolOf();
    const listeners = [1, 2].map(() => pool.listen({ ...settings, identity: testIdentity() }));
    const before = pool.counts.listeners;

    listeners[0]?.free();

    assert.deepEqual([before, pool.counts.listeners, pool.counts.dialInstances], [2, 1, 0]);
  });

  it('has no trace of a dial or a listener whose settings are refused', () => {
    const pool = poolOf();

    assert.throws(() => pool.dial({ protocols: [''] }, 1), { code: 'invalid-use' });
    assert.throws(() => pool.listen({ protocols: [''], identity: testIdentity() }), { code: 'invalid-use' });

    assert.deepEqual([pool.counts.dials, pool.counts.listeners], [0, 0]);
    assert.doesNotThrow(() => pool.dial(settings, 1));
  });

  it('isolates a fault to the dials of one instance, and tells each of them once', () => {
    const pool = poolOf({ dialsPerInstance: 2 });
    const told: number[] = [];
    const all = [1, 2, 3].map((peer) =>
      pool.dial(settings, peer, { failed: (connections) => told.push(...connections.map((one) => one.peer)) }),
    );
    const [first, second, third] = all;
    assert.ok(first && second && third);

    first.endpoint.provokeFault();
    const events = all.map((dial) => dial.connection.poll().map((event) => event.type));
    const later = all.map((dial) => dial.connection.poll().length);

    assert.deepEqual(told, [1, 2]);
    assert.deepEqual(events, [['lost', 'drained'], ['lost', 'drained'], []]);
    assert.deepEqual(later, [0, 0, 0]);
    assert.deepEqual([pool.counts.dialInstances, pool.counts.dials], [1, 1]);
    assert.ok(third.connection.transmit(new DatagramSlab()) === false && third.connection.phase === 'handshaking');
  });

  it('gives no new dial to a dead instance', () => {
    const pool = poolOf();
    const [dial] = dials(pool, 1);
    dial?.endpoint.provokeFault();

    const next = pool.dial(settings, 2);

    assert.equal(next.endpoint.fault, undefined);
    assert.equal(next.connection.phase, 'handshaking');
  });

  it('tells a listener of its fault, and keeps other listeners whole', () => {
    const pool = poolOf();
    const dialler = poolOf();
    const broken: (readonly unknown[])[] = [];
    const identity = testIdentity();
    const first = pool.listen({ ...settings, identity }, { failed: (connections) => broken.push(connections) });
    const second = pool.listen({ ...settings, identity });
    for (const [index, listener] of [first, second].entries()) {
      pass(dialler.dial(settings, index + 1).connection, listener, index + 1);
    }

    first.provokeFault();

    assert.equal(broken.length, 1);
    assert.deepEqual(broken[0], first.connections);
    assert.deepEqual(
      first.connections[0]?.poll().map((event) => event.type),
      ['lost', 'drained'],
    );
    assert.equal(second.connections[0]?.phase, 'handshaking');
    assert.deepEqual(second.connections[0]?.poll(), []);
    first.free();
    assert.equal(pool.counts.listeners, 1);
  });

  it('runs ten thousand dials through a handful of instances', () => {
    const pool = poolOf();
    let most = 0;
    let open: Dial[] = [];
    for (let peer = 1; peer <= 10_000; peer += 1) {
      open.push(pool.dial(settings, peer));
      most = Math.max(most, pool.counts.dialInstances);
      if (open.length === 100) {
        for (const { connection } of open) {
          connection.abandon();
        }
        open = [];
      }
    }

    assert.equal(most, 2);
    assert.ok(pool.counts.memoryBytes < 16 * 1_048_576, `${pool.counts.memoryBytes}`);
  });
});
