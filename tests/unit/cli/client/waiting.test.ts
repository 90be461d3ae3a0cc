import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientContext } from '../../../../cli/client/context.js';
import { watchForWay } from '../../../../cli/client/waiting.js';
import { answering, ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

const REMOTE =
  '{"Detail":"Waiting","ExtraData":{"Expiration":"0001-01-01T00:00:00Z","LocalCancelled":false,"LocalReleased":false,"RemoteNode":"nowhere","RemoteParams":{},"RemoteStarted":false,"RemoteUnitID":"","RemoteWorkType":"cat","SignWork":false,"TLSClient":""},"State":0,"StateName":"Pending","StdoutSize":0,"WorkType":"remote"}';
const LOCAL = '{"Detail":"Waiting","ExtraData":null,"State":0,"StateName":"Pending","StdoutSize":0,"WorkType":"cat"}';
const MISSING = '{"NodeID":"alpha","RoutingTable":{"beta":"beta"}}';
const NOTE =
  'waiting: there is no way to "nowhere" yet (unit u1; Ctrl-C leaves it there, --ttl limits how long it waits)\n';

function stage(unit: string, status = MISSING) {
  const node = new ScriptedNode(answering({ 'work status u1': `${unit}\n`, status: `${status}\n` }));
  const host = new FakeHost(node);
  return { node, host, context: new ClientContext(host, { output: 'table', timeout: 5 }) };
}

describe('a unit that is waited for', () => {
  it('is said to wait when there is no way to its node, once, after two seconds', async () => {
    const { host, context } = stage(REMOTE);

    watchForWay(context, { unitId: 'u1' }, assert.ifError);
    await host.settled(context.pause(1_999));
    const early = host.stderr.text;
    await host.settled(context.pause(20_000));

    assert.deepEqual([early, host.stderr.text], ['', NOTE]);
  });

  const silent: readonly (readonly [why: string, unit: string, status?: string])[] = [
    ['there is a way', REMOTE, '{"NodeID":"alpha","RoutingTable":{"nowhere":"beta"}}'],
    ['it is to run at the node itself', REMOTE, '{"NodeID":"nowhere","RoutingTable":null}'],
    ['it runs already', REMOTE.replace('"State":0', '"State":1')],
    ['it is for no other node', LOCAL],
  ];
  for (const [why, unit, status] of silent) {
    it(`is not spoken of when ${why}`, async () => {
      const { node, host, context } = stage(unit, status);

      watchForWay(context, { unitId: 'u1' }, assert.ifError);
      await host.settled(context.pause(20_000));

      assert.equal(host.stderr.text, '');
      assert.ok(node.asked.length > 0);
    });
  }

  it('is said to be silent when the node does not tell why', async () => {
    const { host, context } = stage('ERROR: not now');

    watchForWay(context, { unitId: 'u1' }, assert.ifError);
    await host.settled(context.pause(20_000));

    assert.equal(host.stderr.text, 'nothing has come yet; asked why, the node says: not now\n');
  });

  it('tells whoever watches when the note cannot be written', async () => {
    const { host, context } = stage(REMOTE);
    const failures: unknown[] = [];
    host.stderr.write = () => Promise.reject(new Error('nobody reads'));

    watchForWay(context, { unitId: 'u1' }, (thrown) => failures.push(thrown));
    await host.settled(context.pause(20_000));

    assert.deepEqual(failures, [new Error('nobody reads')]);
  });

  it('is not asked about any more when the waiting is over', async () => {
    const { node, host, context } = stage(REMOTE);

    watchForWay(context, { unitId: 'u1' }, assert.ifError)();
    await host.settled(context.pause(20_000));

    assert.deepEqual(node.asked, []);
  });
});
