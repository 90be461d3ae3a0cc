import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineOf, meshOf } from './mesh-lines.js';
import { dialTo, digestOf, StreamService } from './stream-ends.js';

const MIB = 1_048_576;

describe('a stream whose way is lost', () => {
  it('goes on over another one when a relay dies', async () => {
    // n0 and n3 are joined by n1 and, at a higher cost, by n2.
    const links = [
      [1, 0],
      [3, 1],
      [2, 0],
      [3, 2],
    ] as const;
    const mesh = await meshOf(links, 4, { cost: (at) => (at < 2 ? 1 : 2) });
    const { world } = mesh;
    const service = new StreamService(mesh.node('n3'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n3', 'svc');
    await world.advance(50);
    end.sendAll(30 * MIB);
    await world.until(() => service.end.received > MIB, 10_000);
    mesh.crash('n1');
    const [crashedMs, before] = [world.nowMs, service.end.received];
    await world.until(() => service.end.received > before + MIB, 60_000);
    assert.ok(world.nowMs - crashedMs < 2_000, `it stood still for ${world.nowMs - crashedMs} ms`);

    await world.until(() => service.end.news.includes('ended'), 60_000);
    assert.equal(service.end.digest, digestOf(30 * MIB));
    mesh.assertHealthy();
  });

  it('goes on as soon as the only relay is back', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(50);
    end.sendAll(5 * MIB);
    await world.until(() => service.end.received > MIB, 10_000);
    mesh.crash('n1');
    await world.advance(8_000);
    mesh.start('n1');
    const routed = (): boolean => mesh.isRouted('n0', 'n2') && mesh.isRouted('n2', 'n0');
    await world.until(routed, 30_000);
    const [routedMs, before] = [world.nowMs, service.end.received];
    await world.until(() => service.end.received > before, 60_000);
    assert.ok(world.nowMs - routedMs < 300, `it stood still for ${world.nowMs - routedMs} ms`);

    await world.until(() => service.end.news.includes('ended'), 60_000);
    assert.equal(service.end.digest, digestOf(5 * MIB));
  });

  it('sends at once what was written while there was none, in both directions', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(2_000);
    world.network.reset('n0', 'n1');
    await world.advance(1);
    service.end.say('from the acceptor');
    end.say('from the dialler');
    const startMs = world.nowMs;
    await world.until(() => service.end.text !== '' && end.text !== '', 60_000);

    assert.ok(world.nowMs - startMs < 1_000, `it took ${world.nowMs - startMs} ms`);
    mesh.assertHealthy();
  });

  it('ends on both sides when the only relay stays away', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(50);
    mesh.crash('n1');
    const isOver = await world.until(() => end.isClosed && service.end.isClosed, 31_000);

    assert.equal(isOver, true);
    assert.deepEqual([end.news, service.end.news], [['closed timeout'], ['closed timeout']]);
    await world.advance(4_000);
    await mesh.lower();
  });
});

describe('a stream whose other end is gone', () => {
  it('is lost in seconds when the other process has died: its node knows the service no more', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(50);
    mesh.crash('n2');
    mesh.start('n2');
    await world.advance(3_000);
    end.say('are you there?');
    await world.until(() => end.isClosed, 31_000);
    assert.deepEqual(end.news, ['closed service-unknown']);

    const again = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const dialler = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(50);
    mesh.crash('n0');
    mesh.start('n0');
    await world.advance(3_000);
    again.end.say('are you there?');
    await world.until(() => again.end.isClosed, 31_000);
    assert.deepEqual([again.end.news, dialler.news], [['closed peer-gone'], []]);
    assert.deepEqual(service.end.news, []);
  });

  it('ends in order on our side, and is lost on the other, when a listener is closed', async () => {
    const mesh = await lineOf(1);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n1'), 'svc', { advertise: true });
    await world.advance(500);
    assert.equal((await world.wait(mesh.node('n0').adverts(), 1_000)).length, 1);
    const end = await dialTo(world, mesh.node('n0'), 'n1', 'svc');
    await world.advance(50);
    let isFree = false;
    service.close(() => {
      isFree = true;
    });
    await world.advance(500);

    assert.equal(isFree, true);
    assert.equal((await world.wait(mesh.node('n0').adverts(), 1_000)).length, 0);
    assert.equal(end.isClosed, true);
    assert.equal(service.end.isClosed, true);
    const again = new StreamService(mesh.node('n1'), 'svc');
    await world.advance(1);
    assert.deepEqual(again.news, ['open']);
    await mesh.lower();
  });

  it('ends when the other node stops in order, at the latest at its idle limit', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(50);
    await mesh.stop('n2');
    assert.equal(service.end.isClosed, true);
    await world.until(() => end.isClosed, 31_000);
    assert.equal(end.isClosed, true);
    mesh.assertHealthy();
  });
});
