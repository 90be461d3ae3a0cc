import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CreateNodeOptions, checkedOptions } from '../../../actors/checked-options.js';
import { MeshError } from '../../../actors/errors.js';
import { compilePattern } from '../../../actors/pattern.js';
import { Secret } from '../../../runtime/secret.js';

const TCP = { transport: 'tcp', host: 'nowhere.invalid', portNumber: 2_222 } as const;
const PEER = { address: TCP };
const SOCKET = { address: { transport: 'unix', path: '/tmp/a.sock' } } as const;
const ECHO = { workType: 'echo', command: 'echo' };

const WS = { transport: 'ws', host: 'nowhere.invalid', portNumber: 80, path: '/mesh' } as const;
const TLS = { cert: '/cert', key: '/key' };
const NAMED = { tlsServers: [{ ...TLS, name: 's' }], tlsClients: [{ ...TLS, name: 'c' }] };
const PIN = 'ab'.repeat(32);
const PROXY = { host: 'out', portNumber: 3_128, credentials: new Secret('user:word') };

/** A peer over a WebSocket, unless another address is given. */
const over = (way: unknown, address: object = WS): object => ({ ...NAMED, peers: [{ address, way }] });

/** Everything that may be said, and all of it good. */
const FULL: CreateNodeOptions = {
  id: 'alpha',
  maxIdleConnectionTimeoutMs: 21_000,
  dataDir: '/data',
  tlsServers: [
    { ...TLS, name: 's', requireClientCert: true, clientCas: '/cas', pinnedClientCert: [PIN], minTls13: false },
  ],
  tlsClients: [
    {
      ...TLS,
      name: 'c',
      rootCas: '/roots',
      insecureSkipVerify: false,
      pinnedServerCert: [],
      skipReceptorNamesCheck: true,
    },
  ],
  listeners: [
    { address: { ...TCP, portNumber: 0 }, cost: 2, nodeCosts: { beta: 2.5 }, allowedPeers: ['beta'] },
    { address: WS, tls: 's' },
    { address: { transport: 'unix', path: '/tmp/mesh' } },
  ],
  peers: [
    { ...PEER, redial: false },
    { address: { ...TCP, transport: 'udp' }, way: { security: 'none' } },
    { address: TCP, way: { security: { tls: 'c' }, proxy: { host: 'out', portNumber: 1 } } },
    { address: WS, way: { security: 'system', proxy: PROXY, headers: new Secret([['X-A', 'b c']]) } },
  ],
  controlServices: [
    { service: 'control', tls: 's', sockets: [SOCKET, { address: TCP, mode: 0o660, tls: 's' }] },
    { sockets: [SOCKET] },
    { sockets: [SOCKET] },
  ],
  workCommands: [ECHO, { workType: 'cat', command: '/bin/cat', params: '-n "a b"', allowRuntimeParams: true }],
};

/** What is not said by the options of a node, as plain JavaScript may say it. */
const REFUSED: readonly (readonly [field: string, options: object | undefined])[] = [
  ['options', undefined],
  ['options', []],
  ['id', {}],
  ['id', { id: 5 }],
  ['id', { id: '' }],
  ['id', { id: 'a b' }],
  ['id', { id: 'localhost' }],
  ['maxIdleConnectionTimeoutMs', { maxIdleConnectionTimeoutMs: 5 }],
  ['maxIdleConnectionTimeoutMs', { maxIdleConnectionTimeoutMs: Number.NaN }],
  ['maxIdleConnectionTimeoutMs', { maxIdleConnectionTimeoutMs: '30s' }],
  ['dataDir', { dataDir: '' }],
  ['dataDir', { dataDir: 'units' }],
  ['dataDir', { dataDir: '/a\0b' }],
  ['dataDir', { dataDir: 7 }],
  ['listeners', { listeners: PEER }],
  ['listeners[1]', { listeners: [PEER, null] }],
  ['listeners[0].address', { listeners: [{}] }],
  ['listeners[0].address.transport', { listeners: [{ address: { ...TCP, transport: 'quic' } }] }],
  ['listeners[0].address.path', { listeners: [{ address: { ...WS, path: 'mesh' } }] }],
  ['listeners[0].address.path', { listeners: [{ address: { ...WS, path: '/a b' } }] }],
  ['listeners[0].address.path', { listeners: [{ address: { ...TCP, transport: 'ws' } }] }],
  ['listeners[0].tls', { ...NAMED, listeners: [{ address: TCP, tls: 'c' }] }],
  ['listeners[0].tls', { listeners: [{ address: TCP, tls: 's' }] }],
  ['listeners[0].tls', { ...NAMED, listeners: [{ address: { ...TCP, transport: 'udp' }, tls: 's' }] }],
  ['listeners[0].tls', { ...NAMED, listeners: [{ address: { transport: 'unix', path: '/a' }, tls: 's' }] }],
  ['listeners[0].tls', { ...NAMED, listeners: [{ address: TCP, tls: 7 }] }],
  ['peers[0].way', over('system')],
  ['peers[0].way.security', over({})],
  ['peers[0].way.security', over({ security: 'tls' })],
  ['peers[0].way.security', over({ security: 'system' }, { ...TCP, transport: 'udp' })],
  ['peers[0].way.security.tls', over({ security: { tls: 's' } })],
  ['peers[0].way.security.tls', over({ security: {} })],
  ['peers[0].way.security.tls', over({ security: { tls: 'c' } }, { ...TCP, transport: 'udp' })],
  ['peers[0].way.proxy', over({ security: 'none', proxy: 'out:1' })],
  ['peers[0].way.proxy', over({ security: 'none', proxy: PROXY }, { ...TCP, transport: 'udp' })],
  ['peers[0].way.proxy.host', over({ security: 'none', proxy: { ...PROXY, host: '' } })],
  ['peers[0].way.proxy.portNumber', over({ security: 'none', proxy: { ...PROXY, portNumber: 0 } })],
  ['peers[0].way.proxy.credentials', over({ security: 'none', proxy: { ...PROXY, credentials: 'user:word' } })],
  ['peers[0].way.headers', over({ security: 'none', headers: [['X-A', 'b']] })],
  ['peers[0].way.headers', over({ security: 'none', headers: new Secret([['X A', 'b']]) })],
  ['peers[0].way.headers', over({ security: 'none', headers: new Secret([['X-A', 'b\r\nX-B: c']]) })],
  ['peers[0].way.headers', over({ security: 'none', headers: new Secret([['X-A', 'b']]) }, TCP)],
  ['tlsServers', { tlsServers: {} }],
  ['tlsServers[0].name', { tlsServers: [TLS] }],
  ['tlsServers[0].cert', { tlsServers: [{ name: 's', key: '/key' }] }],
  ['tlsServers[0].key', { tlsServers: [{ name: 's', cert: '/cert', key: '/a\0b' }] }],
  ['tlsServers[0].requireClientCert', { tlsServers: [{ ...TLS, name: 's', requireClientCert: 'yes' }] }],
  ['tlsServers[0].clientCas', { tlsServers: [{ ...TLS, name: 's', clientCas: '' }] }],
  ['tlsServers[0].pinnedClientCert', { tlsServers: [{ ...TLS, name: 's', pinnedClientCert: PIN }] }],
  ['tlsServers[0].minTls13', { tlsServers: [{ ...TLS, name: 's', minTls13: '1.3' }] }],
  ['tlsClients[0].rootCas', { tlsClients: [{ ...TLS, name: 'c', rootCas: 5 }] }],
  ['tlsClients[0].insecureSkipVerify', { tlsClients: [{ ...TLS, name: 'c', insecureSkipVerify: 1 }] }],
  ['tlsClients[0].skipReceptorNamesCheck', { tlsClients: [{ ...TLS, name: 'c', skipReceptorNamesCheck: 1 }] }],
  ['tlsClients[0].pinnedServerCert', { tlsClients: [{ ...TLS, name: 'c', pinnedServerCert: ['abcd'] }] }],
  ['controlServices[0].tls', { controlServices: [{ service: 'control', tls: 's' }] }],
  ['controlServices[0].sockets[0].tls', { controlServices: [{ sockets: [{ address: TCP, tls: 's' }] }] }],
  ['controlServices[0].sockets[0].tls', { ...NAMED, controlServices: [{ sockets: [{ ...SOCKET, tls: 's' }] }] }],
  ['controlServices[0].sockets[0].address.transport', { controlServices: [{ sockets: [{ address: WS }] }] }],
  ['firewall', { firewall: 'drop' }],
  ['firewall[1]', { firewall: [{ action: 'drop' }, { action: 'allow' }] }],
  ['firewall[0]', { firewall: [{ action: 'drop', tonode: '/a(/' }] }],
  ['listeners[0].address.host', { listeners: [{ address: { ...TCP, host: '' } }] }],
  ['listeners[0].address.portNumber', { listeners: [{ address: { ...TCP, portNumber: 99_999 } }] }],
  ['listeners[0].address.portNumber', { listeners: [{ address: { ...TCP, portNumber: '2222' } }] }],
  ['listeners[0].address.path', { listeners: [{ address: { transport: 'unix' } }] }],
  ['listeners[0].cost', { listeners: [{ ...PEER, cost: Number.POSITIVE_INFINITY }] }],
  ['listeners[0].nodeCosts', { listeners: [{ ...PEER, nodeCosts: 2 }] }],
  ['listeners[0].nodeCosts.beta', { listeners: [{ ...PEER, nodeCosts: { alpha: 1, beta: -1 } }] }],
  ['listeners[0].allowedPeers', { listeners: [{ ...PEER, allowedPeers: 'beta' }] }],
  ['listeners[0].allowedPeers', { listeners: [{ ...PEER, allowedPeers: ['beta', 7] }] }],
  ['peers[0].cost', { peers: [{ ...PEER, cost: 0 }] }],
  ['peers[0].cost', { peers: [{ ...PEER, cost: '1' }] }],
  ['peers[0].address.portNumber', { peers: [{ address: { ...TCP, portNumber: 0 } }] }],
  ['peers[0].redial', { peers: [{ ...PEER, redial: 'no' }] }],
  ['controlServices[0]', { controlServices: [{}] }],
  ['controlServices[0]', { controlServices: [{ sockets: [] }] }],
  ['controlServices[0].service', { controlServices: [{ service: 'much-too-long' }] }],
  ['controlServices[0].service', { controlServices: [{ service: '' }] }],
  ['controlServices[0].service', { controlServices: [{ service: 7 }] }],
  ['controlServices[1].service', { controlServices: [{ service: 'control' }, { service: 'control' }] }],
  ['controlServices[0].sockets[0].address', { controlServices: [{ sockets: [{}] }] }],
  [
    'controlServices[0].sockets[0].address.transport',
    { controlServices: [{ sockets: [{ address: { ...TCP, transport: 'udp' } }] }] },
  ],
  ['controlServices[0].sockets[0].mode', { controlServices: [{ sockets: [{ ...SOCKET, mode: 0o1000 }] }] }],
  ['workCommands[0].workType', { workCommands: [{ ...ECHO, workType: '' }] }],
  ['workCommands[0].command', { workCommands: [{ workType: 'echo' }] }],
  ['workCommands[0].command', { workCommands: [{ ...ECHO, command: '' }] }],
  ['workCommands[0].params', { workCommands: [{ ...ECHO, params: '"open' }] }],
  ['workCommands[0].params', { workCommands: [{ ...ECHO, params: ['a'] }] }],
  ['workCommands[0].allowRuntimeParams', { workCommands: [{ ...ECHO, allowRuntimeParams: 1 }] }],
  ['workCommands[1].workType', { workCommands: [ECHO, ECHO] }],
];

describe('the options of a node in a program', () => {
  it('come through as they were given where all of them are good', () => {
    assert.deepEqual(checkedOptions(FULL), FULL);
  });

  it('may be nothing but a name', () => {
    assert.deepEqual(checkedOptions({ id: 'alpha' }), { id: 'alpha', controlServices: [] });
  });

  it('have rules of a firewall, which are compiled', () => {
    const firewall = [{ action: 'Reject', fromnode: '/ext-.*/' }];

    const { firewall: rules } = checkedOptions({ id: 'alpha', firewall }, compilePattern);

    assert.deepEqual(
      rules?.map(({ action }) => action),
      ['reject'],
    );
    assert.equal(rules?.[0]?.fields.fromNode?.matches('ext-1'), true);
  });

  it('never take a pattern that they cannot read', () => {
    assert.throws(
      () => checkedOptions({ id: 'alpha', firewall: [{ action: 'drop', tonode: '/a/' }] }),
      (thrown) => thrown instanceof MeshError && thrown.message.includes('tonode is no pattern'),
    );
  });

  for (const [field, options] of REFUSED) {
    it(`are refused by ${field}: ${JSON.stringify(options)}`, () => {
      const given = options === undefined || Array.isArray(options) ? options : { id: 'alpha', ...options };
      const isNameless = field === 'id' && !Object.hasOwn(options ?? {}, 'id');

      assert.throws(
        () => checkedOptions((isNameless ? options : given) as CreateNodeOptions, compilePattern), // plain JavaScript has no types
        (thrown) => {
          assert.ok(thrown instanceof MeshError, `${thrown}`);
          assert.equal(thrown.code, 'invalid-configuration');
          assert.equal(thrown.data['field'], field);
          assert.ok(thrown.message.startsWith(`${field}: `) && thrown.message.length > field.length + 2);
          return true;
        },
      );
    });
  }
});
