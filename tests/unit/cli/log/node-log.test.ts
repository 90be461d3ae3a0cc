import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshNode } from '../../../../actors/mesh-node.js';
import { dialFailed, nodeStarted, partFailed, routesChanged } from '../../../../actors/topics.js';
import type { LogLevel } from '../../../../cli/log/level.js';
import { LogWriter } from '../../../../cli/log/log-writer.js';
import { logNode } from '../../../../cli/log/node-log.js';
import { parseNodeId } from '../../../../protocol/names.js';
import { World } from '../../../../runtime/simulation/world.js';
import { partAddress } from './record-of.js';
import { FakeOutput } from './text-output.js';

const ADDRESS = { transport: 'tcp', host: 'beta', portNumber: 1 } as const;
const FAILED = { address: ADDRESS, fault: { code: 'ECONNREFUSED', text: 'x' }, willRetry: true };

/** A node on a pretended machine, with its log. */
async function stage(threshold: LogLevel = 'info') {
  const world = new World({ seed: 'node-log' });
  const id = parseNodeId('alpha');
  assert.ok(id.ok);
  const node = world.host('alpha').start((ports) => new MeshNode({ id: id.value, dataDir: '/data' }, ports));
  const output = new FakeOutput();
  const unlog = logNode(node, new LogWriter({ output, clock: world.clock, threshold }));
  await world.advance(100);
  await node.started;
  return { world, node, output, unlog };
}

describe('the log of a node', () => {
  it('tells what the catalogue says of each record', async () => {
    const { node, output } = await stage();

    node.system.publish(partAddress('dialer-1'), dialFailed, FAILED);

    assert.deepEqual(output.lines, [
      'WARNING Backend connection failed (will retry): dial tcp beta:1: connect: connection refused',
    ]);
  });

  it('says the same of the same part at debug only, for a few seconds', async () => {
    const { world, node, output } = await stage('debug');
    const levels = (): readonly string[] => output.lines.map((line) => line.split(' ')[0] ?? '');

    for (const part of ['dialer-1', 'dialer-1', 'dialer-2']) {
      node.system.publish(partAddress(part), dialFailed, FAILED);
    }
    assert.deepEqual(levels(), ['WARNING', 'DEBUG', 'WARNING']);

    await world.advance(5_000);
    node.system.publish(partAddress('dialer-1'), dialFailed, FAILED);

    assert.equal(levels().at(-1), 'WARNING');
  });

  it('leaves a part that fails at the start to the program', async () => {
    const { node, output } = await stage();
    const failed = { part: partAddress('listener-1'), address: undefined, fault: { code: 'x', text: 'broken' } };

    node.system.publish(partAddress('listener-1'), partFailed, failed);
    assert.deepEqual(output.lines, ['ERROR node/listener-1: broken']);

    const early = new World({ seed: 'early' });
    const id = parseNodeId('beta');
    assert.ok(id.ok);
    const starting = early.host('beta').start((ports) => new MeshNode({ id: id.value, dataDir: '/data' }, ports));
    const quiet = new FakeOutput();
    logNode(starting, new LogWriter({ output: quiet, clock: early.clock, threshold: 'debug' }));
    starting.system.publish(partAddress('listener-1'), partFailed, failed);

    assert.deepEqual(quiet.lines, []);
    assert.equal(nodeStarted.name, 'node.started');
  });

  it('shows the mesh when the routes have changed', async () => {
    const { world, node, output } = await stage();

    node.system.publish(partAddress('router'), routesChanged, { routes: new Map() });
    await world.advance(10);

    assert.deepEqual(output.lines, ['INFO Known Connections:', 'INFO Routing Table:']);
  });

  it('does not even ask for the mesh where nobody would read it', async () => {
    const { world, node, output } = await stage('warning');

    node.system.publish(partAddress('router'), routesChanged, { routes: new Map() });
    await world.advance(10);

    assert.equal(output.text, '');
  });

  it('ends when it is told to', async () => {
    const { node, output, unlog } = await stage();

    unlog();
    node.system.publish(partAddress('dialer-1'), dialFailed, FAILED);

    assert.equal(output.text, '');
    assert.equal(node.hub.readers, 0);
  });
});
