import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plan, refuses } from './plan-of.js';

describe('the plan of a link', () => {
  it('has the costs and the allowed peers of a listener', async () => {
    const { node } = await plan(
      '--tcp-listener',
      '2222',
      'bindaddr=[::1]',
      'cost=1.5',
      'nodecost={"b":2}',
      'allowedpeers=b',
    );

    assert.deepEqual(node.listeners, [
      {
        address: { transport: 'tcp', host: '::1', portNumber: 2222 },
        cost: 1.5,
        nodeCosts: { b: 2 },
        allowedPeers: ['b'],
      },
    ]);
  });

  it('has the address and the patience of a peer', async () => {
    const { node } = await plan('--tcp-peer', 'address=:2222', 'redial=no', 'allowedpeers=[]');

    assert.deepEqual(node.peers, [
      { address: { transport: 'tcp', host: 'localhost', portNumber: 2222 }, cost: 1, allowedPeers: [], redial: false },
    ]);
  });

  it('listens everywhere with an empty address', async () => {
    const { node } = await plan('--tcp-listener', '0', 'bindaddr=');

    assert.deepEqual(node.listeners?.[0]?.address, { transport: 'tcp', host: '0.0.0.0', portNumber: 0 });
  });

  it('costs a finite number more than 0', async () => {
    for (const cost of ['0', '-1', 'inf', 'nan']) {
      await refuses(
        ['--tcp-peer', 'b:1', `cost=${cost}`],
        'connection cost must be positive',
        'argument 3, --tcp-peer, cost',
      );
    }
    await refuses(
      ['--tcp-listener', '0', 'nodecost={"b":0}'],
      'connection cost must be positive for b',
      'argument 3, --tcp-listener, nodecost',
    );
  });

  it('has a port that there is', async () => {
    await refuses(
      ['--tcp-listener', '65536'],
      'listen tcp: address 65536: invalid port',
      'argument 2, --tcp-listener, port',
    );
    await refuses(
      ['--tcp-listener', 'port=-1'],
      'listen tcp: address -1: invalid port',
      'argument 2, --tcp-listener, port',
    );
    await refuses(['--tcp-peer', 'b:0'], 'address b:0: invalid port', 'argument 2, --tcp-peer, address');
  });

  it('has an address with a port', async () => {
    await refuses(['--tcp-peer', 'b'], 'address b: missing port in address', 'argument 2, --tcp-peer, address');
  });

  it('knows no TLS configuration yet', async () => {
    await refuses(['--tcp-peer', 'b:1', 'tls=x'], 'unknown TLS config x', 'argument 3, --tcp-peer, tls');
    await refuses(['--tcp-listener', '0', 'tls=x'], 'unknown TLS config x', 'argument 3, --tcp-listener, tls');
  });
});
