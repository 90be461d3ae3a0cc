import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NODE } from '../../../actors/addresses.js';
import { PLAIN_WAY } from '../../../actors/mesh/dial-way.js';
import type { NodeOptions } from '../../../actors/node-options.js';
import { partsOf } from '../../../actors/parts.js';
import type { PlannedPart } from '../../../actors/ports.js';
import { type Address, childAddress } from '../../../runtime/address.js';
import type { ActorDefinition } from '../../../runtime/define-actor.js';
import { HERE, NEAR, serviceName } from './node-parts.js';

const TCP = { transport: 'tcp', host: 'there', portNumber: 1 } as const;
const UNIX = { transport: 'unix', path: '/run/control.sock' } as const;
const BARE = ['flooder', 'router', 'directory', 'unreachable', 'ping', 'prober', 'streams', 'work'];

interface Raised {
  readonly kind: string;
  readonly name: string;
  readonly input: unknown;
}

/** What becomes of a part when the node raises it. */
function raised(part: PlannedPart | undefined): Raised {
  const seen: Raised[] = [];
  const address = part?.raise({
    raise: <Input>({ kind }: ActorDefinition<Input>, name: string, input: Input): Address => {
      seen.push({ kind, name, input });
      return childAddress(NODE, name);
    },
  });
  const [only] = seen;
  assert.ok(only !== undefined && seen.length === 1);
  assert.equal(address, childAddress(NODE, only.name));
  return only;
}

function partsBeyondBare(options: Omit<NodeOptions, 'id'>): readonly PlannedPart[] {
  return partsOf({ id: HERE, ...options }).slice(BARE.length);
}

describe('the parts of a node', () => {
  it('are always these, each after what it leans on', () => {
    const parts = partsOf({ id: HERE });
    assert.deepEqual(
      parts.map(({ name }) => name),
      BARE,
    );
    assert.deepEqual(
      parts.map((part) => raised(part).name),
      BARE,
    );
    assert.deepEqual(
      parts.filter(({ waits }) => waits).map(({ name }) => name),
      ['work'],
      'the others are ready as soon as they live',
    );
  });

  it('take clients and neighbours in before they dial, and wait for every place', () => {
    const parts = partsBeyondBare({
      peers: [{ address: TCP }, { address: TCP }],
      listeners: [{ address: TCP }, { address: TCP }],
      controlServices: [{ service: serviceName('control') }, { sockets: [{ address: UNIX }] }],
    });
    assert.deepEqual(
      parts.map(({ name, waits }) => [name, waits]),
      [
        ['control-1', true],
        ['control-2', true],
        ['listener-1', true],
        ['listener-2', true],
        ['dialer-1', false],
        ['dialer-2', false],
      ],
    );
  });

  it('are told what the options say', () => {
    const service = serviceName('control');
    const link = { cost: 2.5, allowedPeers: ['near'] };
    const [control, listener, dialer] = partsBeyondBare({
      controlServices: [{ service, sockets: [{ address: UNIX, mode: 0o600 }] }],
      listeners: [{ address: TCP, ...link, nodeCosts: { [NEAR]: 3 } }],
      peers: [{ address: TCP, ...link, redial: false }],
    });
    const sockets = [{ address: UNIX, mode: 0o600 }];
    assert.deepEqual(raised(control), { kind: 'control-server', name: 'control-1', input: { service, sockets } });
    assert.deepEqual(raised(listener), {
      kind: 'listener',
      name: 'listener-1',
      input: { address: TCP, link: { ...link, nodeCosts: { near: 3 } } },
    });
    assert.deepEqual(raised(dialer), {
      kind: 'dialer',
      name: 'dialer-1',
      input: { address: TCP, way: PLAIN_WAY, redial: false, link: { ...link, nodeCosts: {} } },
    });
  });

  it('are told what the reference takes where the options say nothing', () => {
    const link = { cost: 1, nodeCosts: {}, allowedPeers: undefined };
    const [control, listener, dialer] = partsBeyondBare({
      controlServices: [{ service: serviceName('control') }],
      listeners: [{ address: TCP }],
      peers: [{ address: TCP }],
    });
    assert.deepEqual(raised(control).input, { service: 'control', sockets: [] });
    assert.deepEqual(raised(listener).input, { address: TCP, link });
    assert.deepEqual(raised(dialer).input, { address: TCP, way: PLAIN_WAY, redial: true, link });
  });

  it('are told how they are secured, and over which way', () => {
    const way = { security: { tls: 'c' } } as const;
    const [control, listener, dialer] = partsBeyondBare({
      controlServices: [{ service: serviceName('control'), tls: 's' }],
      listeners: [{ address: TCP, tls: 's' }],
      peers: [{ address: TCP, way }],
    });
    const inputs: readonly unknown[] = [raised(control).input, raised(listener).input, raised(dialer).input];
    assert.deepEqual(
      inputs.map((input) => Reflect.get(Object(input), 'tls') ?? Reflect.get(Object(input), 'way')),
      ['s', 's', way],
    );
  });
});
