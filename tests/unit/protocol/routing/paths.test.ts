import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeId, parseNodeId } from '../../../../protocol/names.js';
import { type LinkMap, leastCostPaths } from '../../../../protocol/routing/paths.js';
import { Topology } from '../../../../protocol/routing/topology.js';

function id(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

type Mesh = Record<string, Record<string, number>>;

function linkMap(self: string, mesh: Mesh): LinkMap {
  const nodes = Object.entries(mesh).map(
    ([node, edges]) => [id(node), new Map(Object.entries(edges).map(([target, cost]) => [id(target), cost]))] as const,
  );
  const edgeCount = nodes.reduce((sum, [, edges]) => sum + edges.size, 0);
  return { self: id(self), nodeCount: nodes.length, edgeCount, nodes: () => nodes };
}

function routes(self: string, mesh: Mesh): Record<string, string> {
  const { nextHop, cost } = leastCostPaths(linkMap(self, mesh));
  return Object.fromEntries([...nextHop].map(([node, hop]) => [node, `${hop} ${cost.get(node)}`]));
}

test('goes through a line of nodes', () => {
  const line = { a: { b: 1 }, b: { a: 1, c: 2 }, c: { b: 2, d: 3 }, d: { c: 3 } };
  assert.deepEqual(routes('a', line), { b: 'b 1', c: 'b 3', d: 'b 6' });
  assert.deepEqual(routes('c', line), { a: 'b 3', b: 'b 2', d: 'd 3' });
});

test('takes the cheap way round rather than the dear straight one', () => {
  assert.deepEqual(routes('a', { a: { b: 10, c: 1 }, b: { a: 10, c: 1 }, c: { a: 1, b: 1 } }), { b: 'c 2', c: 'c 1' });
});

test('follows an edge only in the direction in which the nearer node lists it', () => {
  const oneWay = { a: { b: 1 }, b: { c: 1 }, c: {} };
  assert.deepEqual(routes('a', oneWay), { b: 'b 1', c: 'b 2' });
  assert.deepEqual(routes('c', oneWay), {});
});

test('does not reach a node that has no record of its own', () => {
  assert.deepEqual(routes('a', { a: { b: 1, ghost: 1 }, b: { a: 1, ghost: 1 } }), { b: 'b 1' });
});

test('of two ways of one cost takes the one with fewer hops', () => {
  assert.deepEqual(routes('a', { a: { b: 1, d: 2 }, b: { c: 1 }, c: { d: 0.5 }, d: {} })['d'], 'd 2');
  assert.deepEqual(routes('a', { a: { b: 1, x: 2 }, b: { c: 1 }, c: { d: 1 }, x: { d: 1 }, d: {} })['d'], 'x 3');
});

test('of two ways of one cost and length takes the one over the lesser name, in whatever order they are known', () => {
  const diamond = { b: { z: 1 }, c: { z: 1 }, z: {} };
  assert.equal(routes('a', { a: { c: 1, b: 1 }, ...diamond })['z'], 'b 2');
  assert.equal(routes('a', { ...diamond, a: { b: 1, c: 1 } })['z'], 'b 2');
});

test('without a link of our own there is no route', () => {
  assert.deepEqual(routes('a', { b: { c: 1 }, c: { b: 1 } }), {});
  assert.deepEqual(routes('a', {}), {});
  assert.deepEqual(routes('a', { a: {}, b: {} }), {});
});

test('a link from a node to itself leads nowhere', () => {
  assert.deepEqual(routes('a', { a: { a: 1, b: 1 }, b: { b: 1, a: 1 } }), { b: 'b 1' });
});

test('computes over a topology as it stands', () => {
  const topology = new Topology(id('a'), 1n);
  topology.linkUp(id('b'), 1);

  assert.deepEqual([...leastCostPaths(topology).nextHop], [['b', 'b']]);

  topology.linkDown(id('b'));
  assert.equal(leastCostPaths(topology).nextHop.size, 0);
});

test('costs so small beside others that they vanish in the sum make no endless path', () => {
  const mesh = { a: { b: 1e12 }, b: { c: 1e-6, a: 1e12 }, c: { b: 1e-6, d: 1e-6 }, d: {} };
  assert.deepEqual(routes('a', mesh), { b: 'b 1000000000000', c: 'b 1000000000000', d: 'b 1000000000000' });
});
