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
      {
        address: { transport: 'tcp', host: 'localhost', portNumber: 2222 },
        way: { security: 'none' },
        cost: 1,
        allowedPeers: [],
        redial: false,
      },
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

  it('is over UDP or a WebSocket, where it is told so', async () => {
    const { node } = await plan(
      ...['--udp-listener', '1', '--ws-listener', '2', 'path=/mesh'],
      ...['--udp-peer', 'b:3', '--ws-peer', 'ws://c/', 'extraheader=X-Token: secret'],
    );

    assert.deepEqual(
      node.listeners?.map(({ address }) => address),
      [
        { transport: 'udp', host: '0.0.0.0', portNumber: 1 },
        { transport: 'ws', host: '0.0.0.0', portNumber: 2, path: '/mesh' },
      ],
    );
    assert.deepEqual(
      node.peers?.map(({ address }) => address),
      [
        { transport: 'udp', host: 'b', portNumber: 3 },
        { transport: 'ws', host: 'c', portNumber: 80, path: '/' },
      ],
    );
    assert.deepEqual(node.peers?.[1]?.way?.headers?.reveal(), [['X-Token', 'secret']]);
    assert.equal(JSON.stringify(node.peers).includes('secret'), false);
  });

  it('is secured by the names of TLS configurations', async () => {
    const { node } = await plan(
      ...['--tls-server', 'name=s', 'cert=c', 'key=k', '--tls-client', 'name=c', 'cert=c', 'key=k'],
      ...['--tcp-listener', '1', 'tls=s', '--tcp-peer', 'b:1', 'tls=c'],
      ...['--ws-peer', 'wss://b/x', 'tls=c', '--ws-peer', 'wss://d'],
    );

    assert.equal(node.listeners?.[0]?.tls, 's');
    assert.deepEqual(
      node.peers?.map(({ way }) => way?.security),
      [{ tls: 'c' }, { tls: 'c' }, 'system'],
    );
  });

  it('refuses what no WebSocket can be', async () => {
    const peer = (text: string): readonly [string, string] => ['--ws-peer', text];
    const place = 'argument 2, --ws-peer, address';
    await refuses(peer('b:1'), 'address b:1: the scheme is neither ws nor wss', place);
    await refuses(peer('ws://u@b'), 'address ws://u@b: malformed URL', place);
    await refuses(peer('ws://b:0'), 'address ws://b:0: the port is a number from 1 to 65535', place);
    await refuses(
      [...peer('ws://b'), 'extraheader=nonsense'],
      'the extra header is no HTTP header',
      'argument 3, --ws-peer, extraheader',
    );
    await refuses(
      ['--ws-listener', '1', 'path=x'],
      'the path x does not begin with /',
      'argument 3, --ws-listener, path',
    );
  });

  it('refuses a TLS name that nobody has defined', async () => {
    await refuses(['--tcp-peer', 'b:1', 'tls=x'], 'unknown TLS config x', 'argument 3, --tcp-peer, tls');
    await refuses(['--tcp-listener', '0', 'tls=x'], 'unknown TLS config x', 'argument 3, --tcp-listener, tls');
  });
});
