import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CALM } from '../../runtime/simulation/faults.js';
import { lineOf } from './mesh-lines.js';
import { dial, dialTo, digestOf, StreamService } from './stream-ends.js';

const MIB = 1_048_576;

describe('a stream over the mesh', () => {
  for (const hops of [0, 1, 2, 4]) {
    it(`carries bytes both ways over ${hops} hops, each direction to an end of its own, and is closed then`, async () => {
      const mesh = await lineOf(hops);
      const { world } = mesh;
      const service = new StreamService(mesh.node(`n${hops}`), 'svc');
      await world.advance(1);
      const end = await dialTo(world, mesh.node('n0'), `n${hops}`, 'svc');
      end.say('question');
      end.session.end();
      await world.advance(200);
      assert.equal(service.end.text, 'question');
      assert.deepEqual(service.end.news, ['ended']);

      service.end.say('answer after the end');
      service.end.session.end();
      await world.advance(200);
      assert.equal(end.text, 'answer after the end');
      assert.deepEqual(end.news, ['ended', 'closed']);
      await world.advance(4_000);
      assert.deepEqual(service.end.news, ['ended', 'closed']);
      await mesh.lower();
    });
  }

  it('shows both ends by name', async () => {
    const mesh = await lineOf(1);
    const service = new StreamService(mesh.node('n1'), 'svc');
    await mesh.world.advance(1);
    const { session } = await dialTo(mesh.world, mesh.node('n0'), 'n1', 'svc');
    await mesh.world.advance(100);

    assert.equal(session.remote, 'n1:svc');
    assert.match(session.local, /^n0:\w{8}$/);
    assert.deepEqual([service.end.session.local, service.end.session.remote], ['n1:svc', session.local]);
  });

  it('has its first byte seen by nobody, and is there for the acceptor before the dialler says anything', async () => {
    const mesh = await lineOf(1);
    const service = new StreamService(mesh.node('n1'), 'svc');
    await mesh.world.advance(1);
    await dialTo(mesh.world, mesh.node('n0'), 'n1', 'svc');
    await mesh.world.advance(100);

    assert.equal(service.ends.length, 1);
    assert.equal(service.end.received, 0);
  });

  it('carries megabytes in both directions at once over two hops, and loses none', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(50);
    end.sendAll(3 * MIB);
    service.end.sendAll(2 * MIB);
    await world.until(() => end.isClosed && service.end.isClosed, 60_000);

    assert.deepEqual([service.end.received, end.received], [3 * MIB, 2 * MIB]);
    assert.deepEqual([service.end.digest, end.digest], [digestOf(3 * MIB), digestOf(2 * MIB)]);
    await mesh.lower();
  });

  it('arrives whole over links that lose, delay, repeat and reorder', async () => {
    const faults = { ...CALM, delayMs: 5, jitterMs: 20, loss: 0.02, repeat: 0.01, reorder: 0.02, reorderMs: 20 };
    const mesh = await lineOf(2, { transport: 'udp', faults });
    const { world } = mesh;
    new StreamService(mesh.node('n2'), 'svc', { isEcho: true });
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    end.sendAll(300_000);
    await world.until(() => end.isClosed, 300_000);

    assert.deepEqual([end.received, end.digest], [300_000, digestOf(300_000)]);
    mesh.assertHealthy();
  });

  it('tells two runs of one seed alike, byte for byte', async () => {
    const story = async (): Promise<string> => {
      const mesh = await lineOf(2, { seed: 'told twice', faults: { ...CALM, jitterMs: 5, loss: 0.01 } });
      new StreamService(mesh.node('n2'), 'svc', { isEcho: true });
      await mesh.world.advance(1);
      const end = await dialTo(mesh.world, mesh.node('n0'), 'n2', 'svc');
      end.sendAll(100_000);
      await mesh.world.until(() => end.isClosed, 60_000);
      assert.equal(end.digest, digestOf(100_000));
      return mesh.world.trace.hash;
    };

    assert.equal(await story(), await story());
  });
});

describe('back-pressure on a stream', () => {
  it('stops a writer whose reader does not read, within bounds, and lets it go on later', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n2', 'svc');
    await world.advance(50);
    service.end.session.pause();
    end.sendAll(20 * MIB);
    await world.advance(20_000);

    const [sent, received] = [end.sent, service.end.received];
    assert.ok(sent < 4 * MIB, `the writer could send ${sent} bytes`);
    assert.equal(received, 0);
    await world.advance(60_000);
    assert.deepEqual([end.sent, service.end.received], [sent, received], 'nothing moves while nobody reads');

    service.end.session.resume();
    await world.until(() => service.end.news.includes('ended'), 120_000);
    assert.deepEqual([service.end.received, service.end.digest], [20 * MIB, digestOf(20 * MIB)]);
    mesh.assertHealthy();
  });

  it('works in both directions at once', async () => {
    const mesh = await lineOf(1);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n1'), 'svc');
    await world.advance(1);
    const end = await dialTo(world, mesh.node('n0'), 'n1', 'svc');
    await world.advance(50);
    end.session.pause();
    service.end.session.pause();
    end.sendAll(8 * MIB);
    service.end.sendAll(8 * MIB);
    await world.advance(10_000);
    assert.ok(end.sent < 4 * MIB && service.end.sent < 4 * MIB, `${end.sent} and ${service.end.sent}`);

    end.session.resume();
    service.end.session.resume();
    await world.until(() => end.isClosed && service.end.isClosed, 60_000);
    assert.deepEqual([end.digest, service.end.digest], [digestOf(8 * MIB), digestOf(8 * MIB)]);
  });

  it('leaves other streams alone', async () => {
    const mesh = await lineOf(1);
    const { world } = mesh;
    const service = new StreamService(mesh.node('n1'), 'svc');
    await world.advance(1);
    const slow = await dialTo(world, mesh.node('n0'), 'n1', 'svc');
    await world.advance(50);
    service.end.session.pause();
    slow.sendAll(8 * MIB);
    const quick = await dialTo(world, mesh.node('n0'), 'n1', 'svc');
    await world.advance(50);
    quick.sendAll(MIB);
    await world.until(() => service.end.news.includes('ended'), 10_000);

    assert.equal(service.end.digest, digestOf(MIB));
  });
});

describe('a dial', () => {
  it('fails at once when nobody knows the way, and when the service is unknown', async () => {
    const mesh = await lineOf(2);
    const { world } = mesh;
    const [nowhere, nothing] = [dial(mesh.node('n0'), 'nowhere', 'svc'), dial(mesh.node('n0'), 'n2', 'nosvc')];
    await world.advance(20);

    assert.deepEqual(nowhere.fault, { code: 'no-route', text: 'no route to node' });
    assert.deepEqual(nothing.fault, { code: 'service-unknown', text: 'context canceled' });
    await mesh.lower();
  });

  it('to ourselves fails in the words of the reference when the service is unknown', async () => {
    const mesh = await lineOf(1);
    const nothing = dial(mesh.node('n0'), 'n0', 'nosvc');
    await mesh.world.advance(5);

    assert.deepEqual(nothing.fault, { code: 'service-unknown', text: 'service unknown' });
    mesh.assertHealthy();
  });

  it('that is given up comes to nothing, on either side', async () => {
    const mesh = await lineOf(2, { faults: { ...CALM, delayMs: 100 } });
    const { world } = mesh;
    const service = new StreamService(mesh.node('n2'), 'svc');
    await world.advance(1);
    for (const waitMs of [0, 1, 100, 250, 399]) {
      const dialled = dial(mesh.node('n0'), 'n2', 'svc');
      await world.advance(waitMs);
      dialled.giveUp();
      await world.advance(20_000);
      assert.deepEqual([dialled.end, dialled.fault], [undefined, undefined], `given up after ${waitMs} ms`);
    }
    assert.ok(service.ends.every(({ isClosed }) => isClosed));
    await mesh.lower();
  });

  it('is not given up any more once it has succeeded', async () => {
    const mesh = await lineOf(1);
    const service = new StreamService(mesh.node('n1'), 'svc');
    await mesh.world.advance(1);
    const dialled = dial(mesh.node('n0'), 'n1', 'svc');
    await mesh.world.advance(100);
    dialled.giveUp();
    dialled.end?.say('still here');
    await mesh.world.advance(100);

    assert.equal(service.end.text, 'still here');
    assert.deepEqual(dialled.end?.news, []);
  });

  it('without an answer ends after fifteen seconds', async () => {
    const mesh = await lineOf(2, { transport: 'udp' });
    new StreamService(mesh.node('n2'), 'svc');
    await mesh.world.advance(1);
    // The far node is deaf, and nobody has noticed it yet.
    mesh.world.network.cut('n1', 'n2');
    const dialled = dial(mesh.node('n0'), 'n2', 'svc');
    await mesh.world.advance(1_000);
    mesh.world.network.heal('n1', 'n2');
    mesh.world.network.cut('n2', 'n1');
    await mesh.world.advance(14_500);

    assert.equal(dialled.fault?.code, 'timeout');
  });
});
