import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CreateNodeOptions, checkedOptions } from '../../../actors/checked-options.js';
import { MeshError } from '../../../actors/errors.js';

const TCP = { transport: 'tcp', host: 'nowhere.invalid', portNumber: 2_222 } as const;
const PEER = { address: TCP };
const SOCKET = { address: { transport: 'unix', path: '/tmp/a.sock' } } as const;
const ECHO = { workType: 'echo', command: 'echo' };

/** Everything that may be said, and all of it good. */
const FULL: CreateNodeOptions = {
  id: 'alpha',
  maxIdleConnectionTimeoutMs: 21_000,
  dataDir: '/data',
  listeners: [
    { address: { ...TCP, portNumber: 0 }, cost: 2, nodeCosts: { beta: 2.5 }, allowedPeers: ['beta'] },
    { address: { transport: 'unix', path: '/tmp/mesh' } },
  ],
  peers: [{ ...PEER, redial: false }, { address: { ...TCP, transport: 'udp' } }],
  controlServices: [
    { service: 'control', sockets: [SOCKET, { address: TCP, mode: 0o660 }] },
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
  ['listeners[0].address.transport', { listeners: [{ address: { ...TCP, transport: 'ws' } }] }],
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

  for (const [field, options] of REFUSED) {
    it(`are refused by ${field}: ${JSON.stringify(options)}`, () => {
      const given = options === undefined || Array.isArray(options) ? options : { id: 'alpha', ...options };
      const isNameless = field === 'id' && !Object.hasOwn(options ?? {}, 'id');

      assert.throws(
        () => checkedOptions((isNameless ? options : given) as CreateNodeOptions), // plain JavaScript has no types
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
