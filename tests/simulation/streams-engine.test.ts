import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MeshNode } from '../../actors/mesh-node.js';
import type { QuicEndpoint } from '../../runtime/quic/endpoint.js';
import type { World } from '../../runtime/simulation/world.js';
import { lineOf, type WatchedMesh } from './mesh-lines.js';
import { dial, dialTo, digestOf, type StreamEnd, StreamService } from './stream-ends.js';

/** Breaks the engine instance that the next dial of this node would use, as a bug in it would. */
function breakDials(node: MeshNode): void {
  const { endpoint } = node.ports.streamKit.pool.dial({ protocols: ['x'] }, 1);
  endpoint.provokeFault();
}

/** Keeps hold of the endpoints of the listeners that this node opens from now on. */
function endpointsOf(node: MeshNode): QuicEndpoint[] {
  const { pool } = node.ports.streamKit;
  const listen = pool.listen.bind(pool);
  const endpoints: QuicEndpoint[] = [];
  pool.listen = (settings, listener) => {
    const endpoint = listen(settings, listener);
    endpoints.push(endpoint);
    return endpoint;
  };
  return endpoints;
}

async function dials(world: World, node: MeshNode, count: number): Promise<readonly StreamEnd[]> {
  const dialled = Array.from({ length: count }, () => dial(node, 'n1', 'svc'));
  await world.until(() => dialled.every(({ end, fault }) => (end ?? fault) !== undefined), 60_000);
  return dialled.flatMap(({ end }) => end ?? []);
}

async function served(more: Parameters<typeof lineOf>[1] = {}): Promise<readonly [WatchedMesh, StreamService]> {
  const mesh = await lineOf(1, more);
  const service = new StreamService(mesh.node('n1'), 'svc', { isEcho: true });
  await mesh.world.advance(1);
  return [mesh, service];
}

describe('the engine pool of a node', () => {
  it('gives each 64 dials an instance, and lets go of those that are empty', async () => {
    const [mesh, service] = await served();
    const { world } = mesh;
    const ends = await dials(world, mesh.node('n0'), 300);
    assert.equal(ends.length, 300);
    assert.deepEqual(
      { ...mesh.node('n0').ports.streamKit.pool.counts, memoryBytes: 0 },
      {
        dialInstances: 5,
        listeners: 0,
        dials: 300,
        memoryBytes: 0,
      },
    );
    await world.advance(100);
    assert.equal(service.ends.length, 300);

    for (const end of ends) {
      end.sendAll(1_000);
    }
    await world.until(() => ends.every(({ isClosed }) => isClosed), 30_000);
    assert.ok(ends.every(({ digest }) => digest === digestOf(1_000)));
    await world.advance(10_000);
    const counts = mesh.node('n0').ports.streamKit.pool.counts;
    assert.deepEqual([counts.dialInstances, counts.dials], [1, 0]);
    assert.equal(mesh.node('n0').ports.forwarder.services.size, 2, 'ephemeral services are left');
    assert.equal(mesh.node('n0').ports.streamKit.nursery.size, 0);
    await mesh.lower();
  });
});

describe('a broken engine instance', () => {
  it('takes only its own dials with it; the next dial has another', async () => {
    const [mesh, service] = await served();
    const { world } = mesh;
    const node = mesh.node('n0');
    const before = await dials(world, node, 64);
    const after = await dials(world, node, 3);
    await world.advance(100);
    breakDials(node);
    await world.advance(100);
    assert.deepEqual(
      before.filter(({ isClosed }) => isClosed),
      [],
    );
    assert.deepEqual(
      after.map(({ news }) => news),
      new Array(3).fill(['closed engine-fault']),
    );

    for (const end of before) {
      end.sendAll(100);
    }
    const next = await dialTo(world, node, 'n1', 'svc');
    next.sendAll(100);
    await world.until(() => [...before, next].every(({ isClosed }) => isClosed), 30_000);
    assert.ok([...before, next].every(({ digest }) => digest === digestOf(100)));
    await world.advance(40_000);
    assert.equal(service.ends.filter(({ isClosed }) => !isClosed).length, 0);
    await mesh.lower();
  });

  it('fails a dial that is under way', async () => {
    const [mesh] = await served();
    const dialled = dial(mesh.node('n0'), 'n1', 'svc');
    await mesh.world.advance(1);
    breakDials(mesh.node('n0'));
    await mesh.world.advance(10);

    assert.equal(dialled.fault?.code, 'engine-fault');
    await mesh.lower();
  });

  it('takes the streams of its listener with it, and the listener goes on with another', async () => {
    const mesh = await lineOf(1);
    const { world } = mesh;
    const endpoints = endpointsOf(mesh.node('n1'));
    const service = new StreamService(mesh.node('n1'), 'svc', { isEcho: true });
    const other = new StreamService(mesh.node('n1'), 'other', { isEcho: true });
    await world.advance(1);
    const lost = await dialTo(world, mesh.node('n0'), 'n1', 'svc');
    const kept = await dialTo(world, mesh.node('n0'), 'n1', 'other');
    await world.advance(100);
    endpoints[0]?.provokeFault();
    await world.advance(2_000);
    assert.deepEqual(service.end.news, ['closed engine-fault']);

    const next = await dialTo(world, mesh.node('n0'), 'n1', 'svc');
    for (const end of [next, kept]) {
      end.sendAll(100);
    }
    await world.until(() => next.isClosed && kept.isClosed, 30_000);
    assert.deepEqual([next.digest, kept.digest], [digestOf(100), digestOf(100)]);
    await world.advance(4_000);
    assert.deepEqual(other.end.news, ['ended', 'closed']);
    // Its sign of life after 15 s is answered by nobody for another 30 s.
    await world.until(() => lost.isClosed, 46_000);
    assert.equal(lost.isClosed, true);
    assert.equal(mesh.node('n1').ports.streamKit.pool.counts.listeners, 2);
    await mesh.lower();
  });
});

describe('a connection whose stream has ended in both directions', () => {
  it('is closed at once by a dialler of our kind, and soon after by an acceptor', async () => {
    const [mesh, service] = await served();
    const { world } = mesh;
    const end = await dialTo(world, mesh.node('n0'), 'n1', 'svc');
    end.sendAll(10);
    await world.until(() => end.isClosed, 5_000);
    await world.until(() => service.end.isClosed, 5_000);
    await world.advance(4_000);

    assert.equal(mesh.node('n0').ports.streamKit.pool.counts.dials, 0);
    assert.equal(streamActors(mesh.node('n0')) + streamActors(mesh.node('n1')), 0);
    await mesh.lower();
  });

  it('is kept for half a minute for a foreign reader, which would lose what it has not read yet', async () => {
    const [mesh, service] = await served();
    const { world } = mesh;
    const node = mesh.node('n0');
    asForeign(node);
    const end = await dialTo(world, node, 'n1', 'svc');
    end.sendAll(10);
    await world.until(() => end.isClosed && service.end.isClosed, 5_000);
    assert.deepEqual(
      [end.news, service.end.news],
      [
        ['ended', 'closed'],
        ['ended', 'closed'],
      ],
    );
    await world.advance(20_000);
    assert.equal(node.ports.streamKit.pool.counts.dials, 1);
    await world.advance(20_000);
    assert.equal(node.ports.streamKit.pool.counts.dials, 0);
    assert.equal(streamActors(mesh.node('n1')), 0);
    await mesh.lower();
  });
});

/** Dials from now on as a Go node does: it offers one protocol only. */
function asForeign(node: MeshNode): void {
  const { pool } = node.ports.streamKit;
  const dialAsKin = pool.dial.bind(pool);
  pool.dial = (settings, peer, listener) => dialAsKin({ ...settings, protocols: ['netceptor'] }, peer, listener);
}

function streamActors(node: MeshNode): number {
  return Array.from(node.system.cells()).filter(({ definition }) => definition.kind === 'stream').length;
}
