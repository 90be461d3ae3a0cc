import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../../actors/errors.js';
import { createSimulatedNode, World } from '../../../../actors/testing/index.js';

const LISTENER = { address: { transport: 'tcp', host: 'alpha', portNumber: 27_199 } } as const;

describe('a node on a pretended host', () => {
  it('is one of a mesh that lives on virtual time, and comes back after a crash', async () => {
    const world = new World({ seed: 1 });
    createSimulatedNode(world.host('alpha'), { id: 'alpha', listeners: [LISTENER] });
    const beta = createSimulatedNode(world.host('beta'), { id: 'beta', peers: [LISTENER] });
    await world.wait(beta.started, 10_000);
    await world.advance(5_000);

    const first = await world.wait(beta.ping('alpha'), 10_000);
    world.host('alpha').crash();
    await world.advance(5_000);
    const between = await world.wait(beta.ping('alpha'), 10_000);
    createSimulatedNode(world.host('alpha'), { id: 'alpha', listeners: [LISTENER] });
    await world.advance(60_000);
    const second = await world.wait(beta.ping('alpha'), 10_000);
    await world.wait(world.host('beta').stop(), 10_000);

    assert.deepEqual([first.problem, between.problem, second.problem], [undefined, 'no route to node', undefined]);
    assert.deepEqual(await beta.ended, { type: 'stopped' });
    assert.deepEqual(world.host('beta').leftAtStop, []);
  });

  it('is refused where its options could not be right, and the host stays free', async () => {
    const world = new World({ seed: 1 });
    const host = world.host('alpha');

    assert.throws(() => createSimulatedNode(host, { id: '' }), MeshError);

    const node = createSimulatedNode(host, { id: 'alpha' });
    await world.wait(node.started, 10_000);
    assert.equal(host.isRunning, true);
  });
});
