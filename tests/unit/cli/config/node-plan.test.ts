import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodePlanOf } from '../../../../cli/config/node-plan.js';
import { plan, refuses } from './plan-of.js';

describe('who a node is', () => {
  it('is the host name where nothing is said', () => {
    assert.deepEqual(nodePlanOf(undefined, 'Host_1 é'), { id: 'Host_1 é', dataDir: '/tmp/receptor' });
  });

  it('is the host name also for an empty id', async () => {
    assert.equal((await plan('--node', 'id=')).node.id, 'machine');
  });

  it('has an absolute data directory', async () => {
    assert.equal((await plan('--node', 'datadir=units')).node.dataDir, `${process.cwd()}/units`);
    assert.equal((await plan('--node', 'datadir=')).node.dataDir, '/tmp/receptor');
  });

  it('has an idle limit in milliseconds', async () => {
    assert.equal((await plan('--node', 'maxidleconnectiontimeout=1m30s')).node.maxIdleConnectionTimeoutMs, 90_000);
    assert.equal((await plan('--node', 'maxidleconnectiontimeout=21s')).node.maxIdleConnectionTimeoutMs, 21_000);
    assert.equal((await plan('--node')).node.maxIdleConnectionTimeoutMs, undefined);
  });

  it('is not a name that the reference refuses', async () => {
    const allowed = 'node id can only contain a-z, A-Z, 0-9 or special characters . - _ @ : but received: ';
    await refuses(['--node', 'a b'], `${allowed}a b`, 'argument 2, --node, id');
    await refuses(['--node', 'a/b'], `${allowed}a/b`, 'argument 2, --node, id');
    await refuses(['--node', 'LocalHost'], 'node ID "localhost" is reserved', 'argument 2, --node, id');
    await refuses(['--node', 'a'.repeat(256)], 'node id is too long', 'argument 2, --node, id');
  });

  it('is not called localhost by its host', () => {
    for (const name of ['localhost', 'LOCALHOST', 'localhost.localdomain']) {
      assert.throws(() => nodePlanOf(undefined, name), /no node ID specified and local host name is localhost/);
    }
    assert.throws(() => nodePlanOf(undefined, ''), /the host name cannot be the id of a node/);
  });

  it('has no idle limit that is no duration, or too short', async () => {
    const place = 'argument 2, --node, maxidleconnectiontimeout';
    const notParsed =
      "failed to parse MaxIdleConnectionTimeout from configuration file -- valid examples include '1.5h', '30m', '30m10s'";
    await refuses(['--node', 'maxidleconnectiontimeout=abc'], notParsed, place);
    await refuses(['--node', 'maxidleconnectiontimeout=30'], notParsed, place);
    await refuses(
      ['--node', 'maxidleconnectiontimeout=20s'],
      'user defined maxIdleConnectionTimeout [20000000000] is less than the default default timeout [21000000000]',
      place,
    );
  });
});
