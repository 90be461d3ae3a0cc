import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError, type MeshErrorCode } from '../../../actors/errors.js';
import { MeshNode } from '../../../actors/mesh-node.js';
import type { NodeOptions } from '../../../actors/node-options.js';
import { VERSION } from '../../../actors/version.js';
import type { NodeId } from '../../../protocol/names.js';
import type { HostPorts } from '../../../runtime/host-ports.js';
import { World } from '../../../runtime/simulation/world.js';
import { MeshWorld } from '../../support/mesh-world.js';
import { FAR, HERE, NEAR, serviceName } from './node-parts.js';

const PORT = 2_222;
const place = (host: string) => ({ transport: 'tcp', host, portNumber: PORT }) as const;
const here: NodeOptions = { id: HERE, listeners: [{ address: place('here') }] };
const near: NodeOptions = { id: NEAR, peers: [{ address: place('here') }] };

/** Nodes on pretended hosts of their own. */
class Nodes {
  readonly world = new World({ seed: 'mesh node' });

  start(options: NodeOptions, host: string = options.id): MeshNode {
    return this.world.host(host).start((ports) => new MeshNode(options, ports));
  }

  within<T>(promise: Promise<T>): Promise<T> {
    return this.world.wait(promise, 60_000);
  }

  async fault(promise: Promise<unknown>): Promise<unknown> {
    return await this.within(
      promise.then(
        () => assert.fail('it went well'),
        (thrown: unknown) => thrown,
      ),
    );
  }
}

function assertNothingLeft(node: MeshNode): void {
  const { actors, asks, hearers } = node.system.counts();
  assert.deepEqual({ actors, asks, hearers }, { actors: 0, asks: 0, hearers: 0 });
}

describe('a node of the mesh', () => {
  it('is ready, runs, and is over when it is stopped, with nothing left', async () => {
    const nodes = new Nodes();
    const node = nodes.start({ ...here, controlServices: [{ service: serviceName('control') }] });
    assert.equal(node.id, HERE);
    await nodes.within(node.started);
    await nodes.within(node.started);
    const { connections, routes, knownCosts } = await nodes.within(node.view());
    assert.deepEqual([connections.size, routes.size, knownCosts.size], [0, 0, 0]);
    assert.deepEqual(
      (await nodes.within(node.adverts())).map(({ service }) => `${service}`),
      ['control'],
    );

    await nodes.within(nodes.world.host('here').stop());
    assert.deepEqual(await node.ended, { type: 'stopped' });
    assert.deepEqual(nodes.world.host('here').leftAtStop, []);
    assertNothingLeft(node);
  });

  it('knows its links and the services of others, and pings them', async () => {
    const nodes = new Nodes();
    const node = nodes.start(here);
    nodes.start({ ...near, controlServices: [{ service: serviceName('control') }] });
    await nodes.world.advance(5_000);
    const view = await nodes.within(node.view());
    assert.deepEqual([...view.connections], [[NEAR, 1]]);
    assert.deepEqual([...view.routes], [[NEAR, NEAR]]);
    const adverts = await nodes.within(node.adverts());
    assert.deepEqual(
      adverts.map(({ nodeId, service }) => `${nodeId} ${service}`),
      ['near control'],
    );

    const found = await nodes.within(node.ping(NEAR));
    assert.deepEqual([found.from, found.problem], [NEAR, undefined]);
    assert.ok(found.elapsedMs > 0);
    assert.equal((await nodes.within(node.ping(NEAR, 0))).problem, 'message expired');
    assert.equal((await nodes.within(node.ping(FAR))).problem, 'no route to node');
  });

  it('has one hub for all that happens', async () => {
    const nodes = new Nodes();
    const node = nodes.start(here);
    const topics: string[] = [];
    node.hub.read('news', ({ kind, subject }) => {
      if (kind === 'topic') {
        topics.push(subject);
      }
    });
    await nodes.within(node.started);
    assert.ok(topics.includes('listener.listening') && topics.at(-1) === 'node.started');
  });

  it('tells its version, and has the idle limit of the reference where it is given none', () => {
    const nodes = new Nodes();
    const limits = [undefined, 60_000].map((limitMs, at) => {
      const more = limitMs === undefined ? {} : { maxIdleConnectionTimeoutMs: limitMs };
      const { ports } = nodes.start({ id: HERE, ...more }, `host-${at}`);
      assert.equal(ports.version, VERSION);
      return ports.node.idleLimitMs;
    });
    assert.deepEqual(limits, [21_000, 60_000]);
  });

  it('that cannot start says which part could not and why, and leaves nothing', async () => {
    const nodes = new Nodes();
    const node = nodes.start({ ...here, listeners: [...(here.listeners ?? []), { address: place('here') }] });
    const fault = await nodes.fault(node.started);
    assert.ok(fault instanceof MeshError);
    assert.equal(fault.code, 'start-failed');
    const { part, address } = fault.data;
    assert.deepEqual([part, address], ['listener-2', place('here')]);
    const end = await node.ended;
    assert.ok(end.type === 'start-failed');
    assert.equal(fault.message, `listener-2: ${end.fault.text}`);
    assertNothingLeft(node);
    assert.deepEqual(nodes.world.host('here').leftOpen(), []);
  });

  it('that is stopped before it is ready never was', async () => {
    const nodes = new Nodes();
    const node = nodes.start(here);
    const { started } = node;
    const fault = nodes.fault(started);
    node.stop();
    const thrown = await fault;
    assert.ok(thrown instanceof MeshError);
    assert.deepEqual([thrown.code, thrown.data['type']], ['node-stopped', 'stopped']);
  });

  it('goes when its id was in the mesh before', async () => {
    const nodes = new Nodes();
    const first = nodes.start(here);
    nodes.start({ ...near, listeners: [{ address: place('near') }] });
    nodes.start({ id: FAR, peers: [{ address: place('near') }], listeners: [{ address: place('far') }] });
    await nodes.world.advance(20_000);
    const second = nodes.start({ id: HERE, peers: [{ address: place('far') }] }, 'elsewhere');
    assert.deepEqual(await nodes.within(second.ended), { type: 'duplicate' });
    assert.deepEqual([...(await nodes.within(first.view())).connections.keys()], [NEAR], 'the first one stays');
  });
});

const PAIR = { seed: 1, size: 2, links: [[1, 0]] } as const;

/** A test for `rejects`: a `MeshError` of this code whose text matches. */
const meshError =
  (code: MeshErrorCode, text: RegExp) =>
  (thrown: unknown): boolean => {
    assert.ok(thrown instanceof MeshError, `${thrown}`);
    assert.equal(thrown.code, code);
    assert.match(thrown.message, text);
    return true;
  };

describe('a node', () => {
  it('pings by a plain text, and itself by localhost', async () => {
    const mesh = new MeshWorld(PAIR);
    await mesh.world.advance(10_000);

    const there = await mesh.world.wait(mesh.node('n1').ping('n0'), 15_000);
    const here = await mesh.world.wait(mesh.node('n1').ping('localhost'), 15_000);
    const nowhere = await mesh.world.wait(mesh.node('n1').ping('nobody'), 15_000);

    assert.deepEqual([there.from, there.problem], ['n0', undefined]);
    assert.deepEqual([here.from, here.problem], ['n1', undefined]);
    assert.deepEqual([nowhere.from, nowhere.problem], ['n1', 'no route to node']);
  });

  it('refuses what is no id and no number of hops', async () => {
    const node = new MeshWorld(PAIR).node('n1');
    const noText = 7 as unknown as string; // plain JavaScript has no types

    for (const target of ['', 'a\nb', 'x'.repeat(256), noText]) {
      await assert.rejects(node.ping(target), meshError('invalid-argument', /^target: /));
    }
    for (const hops of [-1, 256, 1.5, Number.NaN]) {
      await assert.rejects(node.ping('n0', hops), meshError('invalid-argument', /^hops: /));
    }
  });

  it('answers every question with node-stopped once it is over', async () => {
    const mesh = new MeshWorld(PAIR);
    await mesh.world.advance(10_000);
    const node = mesh.node('n1');
    await mesh.stop('n1');

    for (const question of [() => node.view(), () => node.adverts(), () => node.ping('n0')]) {
      await assert.rejects(question(), meshError('node-stopped', /./));
    }
  });

  it('tells why it could not start where a part fails instead of saying that it cannot', async () => {
    const listeners = [{ address: { transport: 'tcp', host: 'a', portNumber: 1 } }] as const;
    const { world, node } = startedOver({ listeners }, (ports) => ({
      ...ports,
      sessions: {
        ...ports.sessions,
        listen: () => {
          throw new RangeError('the port must be a number below 65536');
        },
      },
    }));

    await assert.rejects(world.wait(node.started, 60_000), meshError('start-failed', /must be a number below 65536/));
  });

  it('tells that it was stopped before it was ready', async () => {
    const { world, node } = startedOver({}, (ports) => ports);

    const started = node.started;
    const stopped = node.stop();

    await assert.rejects(world.wait(started, 60_000), meshError('node-stopped', /stopped before it was ready/));
    await world.wait(stopped, 60_000);
    assert.deepEqual(await node.ended, { type: 'stopped' });
  });
});

function startedOver(options: Partial<NodeOptions>, change: (ports: HostPorts) => HostPorts) {
  const world = new World({ seed: 1 });
  const node = world.host('a').start((ports) => new MeshNode({ id: 'a' as NodeId, ...options }, change(ports)));
  return { world, node };
}
