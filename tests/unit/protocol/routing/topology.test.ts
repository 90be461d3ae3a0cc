import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeId, parseNodeId } from '../../../../protocol/names.js';
import { NO_EXTENSIONS } from '../../../../protocol/netceptor/extensions.js';
import type { RouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import {
  CONNECTIONS_MAX,
  COST_MAX,
  COST_MIN,
  clampCost,
  EDGES_MAX,
  NODES_MAX,
  Topology,
} from '../../../../protocol/routing/topology.js';

const EPOCH = 30118736391759400n;

function id(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

let updates = 0;

function update(node: string, costs: Record<string, number>, fields: Partial<RouteUpdate> = {}): RouteUpdate {
  return {
    nodeId: id(node),
    updateId: `u${updates++}`,
    updateEpoch: EPOCH,
    updateSequence: BigInt(updates),
    connections: new Map(Object.entries(costs).map(([name, cost]) => [id(name), cost])),
    forwardingNode: id(node),
    suspectedDuplicate: 0n,
    extensions: NO_EXTENSIONS,
    ...fields,
  };
}

function costs(topology: Topology): Record<string, Record<string, number>> {
  return Object.fromEntries([...topology.knownCosts()].map(([node, edges]) => [node, Object.fromEntries(edges)]));
}

function mesh(): Topology {
  return new Topology(id('me'), EPOCH);
}

test('learns the links of a node from its first update and calls it a newcomer', () => {
  const topology = mesh();

  const verdict = topology.consider(update('a', { b: 1 }), 0);

  assert.deepEqual(verdict, {
    verdict: 'accepted',
    changed: true,
    newcomer: true,
    restarted: false,
    forgotten: undefined,
    forward: true,
  });
  assert.deepEqual(costs(topology), { a: { b: 1 } });
});

test('passes on an update that changes nothing, and says so', () => {
  const topology = mesh();
  topology.consider(update('a', { b: 1 }), 0);

  const verdict = topology.consider(update('a', { b: 1 }), 0);

  assert.deepEqual(verdict, {
    verdict: 'accepted',
    changed: false,
    newcomer: false,
    restarted: false,
    forgotten: undefined,
    forward: true,
  });
});

test('drops the second copy of an update', () => {
  const topology = mesh();
  const first = update('a', { b: 1 });
  topology.consider(first, 0);

  assert.deepEqual(topology.consider({ ...first, updateSequence: 999n }, 1), {
    verdict: 'ignored',
    reason: 'already-seen',
  });
});

test('drops what is older by sequence or by epoch, even if the epochs differ only beyond 2^53', () => {
  const topology = mesh();
  topology.consider(update('a', { b: 1 }, { updateSequence: 10n }), 0);

  const older = [
    topology.consider(update('a', {}, { updateSequence: 10n }), 0),
    topology.consider(update('a', {}, { updateSequence: 9n }), 0),
    topology.consider(update('a', {}, { updateEpoch: EPOCH - 1n, updateSequence: 11n }), 0),
  ];

  assert.deepEqual(
    older.map((verdict) => verdict.verdict === 'ignored' && verdict.reason),
    ['older-sequence', 'older-sequence', 'older-epoch'],
  );
  assert.deepEqual(costs(topology), { a: { b: 1 } });
});

test('takes a newer epoch with any sequence and says that the node restarted', () => {
  const topology = mesh();
  topology.consider(update('a', { b: 1 }, { updateSequence: 10n }), 0);

  const verdict = topology.consider(update('a', {}, { updateEpoch: EPOCH + 1n, updateSequence: 1n }), 0);

  assert.equal(verdict.verdict === 'accepted' && verdict.restarted, true);
  assert.deepEqual(topology.record(id('a')), { epoch: EPOCH + 1n, sequence: 1n });
});

test('a link goes as soon as one end no longer lists it', () => {
  const topology = mesh();
  topology.consider(update('a', { b: 1, c: 1 }), 0);
  topology.consider(update('b', { a: 1 }), 0);
  topology.consider(update('c', { a: 1 }), 0);

  topology.consider(update('a', { c: 1 }), 0);

  assert.deepEqual(costs(topology), { a: { c: 1 }, b: {}, c: { a: 1 } });
});

test('a later update brings back a link in its own direction alone', () => {
  const topology = mesh();
  topology.consider(update('a', { b: 1 }), 0);
  topology.consider(update('b', {}), 0);
  assert.deepEqual(costs(topology), { a: {}, b: {} });

  const verdict = topology.consider(update('a', { b: 1 }), 0);

  assert.equal(verdict.verdict === 'accepted' && verdict.changed, true);
  assert.deepEqual(costs(topology), { a: { b: 1 }, b: {} });
});

test('our own link to a node stays even if that node does not list us', () => {
  const topology = mesh();
  topology.linkUp(id('a'), 2);

  topology.consider(update('a', { b: 1 }), 0);

  assert.deepEqual(costs(topology), { me: { a: 2 }, a: { b: 1 } });
});

test('a link counts in both directions at once and goes in both', () => {
  const topology = mesh();

  topology.linkUp(id('a'), 1.5);
  assert.deepEqual(costs(topology), { me: { a: 1.5 }, a: { me: 1.5 } });
  assert.deepEqual([topology.nodeCount, topology.edgeCount], [2, 2]);

  for (let i = 0; i < 2; i++) topology.linkDown(id('a'));
  assert.deepEqual(costs(topology), { me: {}, a: {} });
  assert.equal(topology.edgeCount, 0);
});

test('a neighbour whose update has not come yet is a newcomer all the same', () => {
  const topology = mesh();
  topology.linkUp(id('a'), 1);
  assert.equal(topology.record(id('a')), undefined);

  const verdict = topology.consider(update('a', { me: 1 }), 0);

  assert.deepEqual(verdict, {
    verdict: 'accepted',
    changed: false,
    newcomer: true,
    restarted: false,
    forgotten: undefined,
    forward: true,
  });
});

test('ignores its own update and that of an older node with its id', () => {
  const topology = mesh();

  const older = update('me', { a: 1 }, { updateEpoch: EPOCH - 1n });

  assert.deepEqual(topology.consider(update('me', {}), 0), { verdict: 'ignored', reason: 'own-update' });
  assert.deepEqual(topology.consider(older, 0), { verdict: 'ignored', reason: 'own-id-older-epoch' });
  assert.deepEqual(costs(topology), {});
});

test('tells of a younger node with its id, and obeys one that calls it the duplicate', () => {
  const topology = mesh();

  const younger = topology.consider(update('me', {}, { updateEpoch: EPOCH + 5n }), 0);
  const accused = topology.consider(update('me', {}, { updateEpoch: EPOCH - 5n, suspectedDuplicate: EPOCH }), 0);
  const otherAccused = topology.consider(update('me', {}, { updateEpoch: EPOCH - 5n, suspectedDuplicate: 7n }), 0);

  assert.deepEqual(younger, { verdict: 'own-newer-epoch', epoch: EPOCH + 5n });
  assert.deepEqual(accused, { verdict: 'we-are-duplicate' });
  assert.equal(otherAccused.verdict, 'ignored');
});

test('a suspicion between others is passed on and only moves the record of the one that it names', () => {
  const topology = mesh();
  topology.consider(update('a', { b: 1 }, { updateEpoch: EPOCH + 9n, updateSequence: 50n }), 0);

  const named = topology.consider(update('a', { c: 1 }, { suspectedDuplicate: EPOCH + 9n, updateSequence: 3n }), 0);
  const unnamed = topology.consider(update('a', { c: 1 }, { suspectedDuplicate: 8n, updateSequence: 4n }), 0);
  const unknown = topology.consider(update('z', { c: 1 }, { suspectedDuplicate: 8n }), 0);

  assert.deepEqual(named, { verdict: 'duplicate-suspected', restarted: true, forward: true });
  assert.deepEqual(unnamed, { verdict: 'duplicate-suspected', restarted: false, forward: true });
  assert.deepEqual(unknown, { verdict: 'duplicate-suspected', restarted: false, forward: true });
  assert.deepEqual(topology.record(id('a')), { epoch: EPOCH, sequence: 3n });
  assert.equal(topology.record(id('z')), undefined);
  assert.deepEqual(costs(topology), { a: { b: 1 } });
});

test('costs that nothing can be added up from are clamped', () => {
  const topology = mesh();

  topology.consider(update('a', { b: 0, c: -5, d: Number.NaN, e: 1e300, f: 0.5 }), 0);

  assert.deepEqual(costs(topology), { a: { b: COST_MIN, c: COST_MIN, d: COST_MIN, e: COST_MAX, f: 0.5 } });
  assert.equal(clampCost(COST_MIN / 2), COST_MIN);
});

test('a node that lists itself does no harm', () => {
  const topology = mesh();

  topology.consider(update('a', { a: 1, b: 1 }), 0);
  topology.consider(update('a', { b: 1 }), 0);

  assert.deepEqual(costs(topology), { a: { b: 1 } });
  assert.equal(topology.edgeCount, 1);
});

test('a snapshot of the costs does not change with the mesh', () => {
  const topology = mesh();
  topology.linkUp(id('a'), 1);
  const snapshot = topology.knownCosts();
  topology.linkDown(id('a'));

  assert.equal(snapshot.get(id('me'))?.get(id('a')), 1);
  assert.equal(topology.edgesOf(id('me')).size, 0);
  assert.equal(topology.edgesOf(id('stranger')).size, 0);
});

test('node ids with links fill the table up to its limit and no further', () => {
  const topology = mesh();
  for (let i = 0; i < NODES_MAX; i++) topology.consider(update(`n${i}`, { hub: 1 }), 0);

  const beyond = topology.consider(update('one-more', {}), 0);
  const known = topology.consider(update('n5', { n6: 1 }), 0);

  assert.deepEqual(beyond, { verdict: 'ignored', reason: 'too-many-nodes' });
  assert.equal(known.verdict, 'accepted');
});

test('a full table forgets the node without links that was silent for longest, and takes the newcomer', () => {
  const topology = mesh();
  for (let i = 0; i < NODES_MAX; i++) topology.consider(update(`n${i}`, { hub: 1 }), 0);
  for (const node of ['n7', 'n5', 'n9']) topology.consider(update(node, {}), 0);

  const first = topology.consider(update('first', { hub: 1 }), 0);
  const second = topology.consider(update('second', { hub: 1 }), 0);

  const forgotten = [first, second].map((verdict) => verdict.verdict === 'accepted' && verdict.forgotten);
  assert.deepEqual(forgotten, ['n7', 'n5']);
  assert.deepEqual([topology.record(id('n7')), topology.edgesOf(id('n7')).size], [undefined, 0]);
  assert.equal(topology.knownCosts().has(id('n7')), false);
  assert.notEqual(topology.record(id('n9')), undefined);
  assert.notEqual(topology.record(id('second')), undefined);
});

test('nobody is forgotten for an update that is not taken in', () => {
  const topology = mesh();
  for (let i = 0; i < NODES_MAX; i++) topology.consider(update(`n${i}`, {}), 0);
  const connections = new Map(Array.from({ length: CONNECTIONS_MAX + 1 }, (_, i) => [id(`n${i}`), 1]));

  const verdict = topology.consider(update('greedy', {}, { connections }), 0);

  assert.deepEqual(verdict, { verdict: 'ignored', reason: 'too-many-connections' });
  assert.notEqual(topology.record(id('n0')), undefined);
});

test('updates with too many links, each or all together, are not learned from', () => {
  const topology = mesh();
  const connections = new Map(Array.from({ length: CONNECTIONS_MAX }, (_, i) => [id(`n${i}`), 1]));
  const tooMany = update('a', {}, { connections: new Map([...connections, [id('one-more'), 1]]) });
  assert.deepEqual(topology.consider(tooMany, 0), { verdict: 'ignored', reason: 'too-many-connections' });
  const fitting = EDGES_MAX / CONNECTIONS_MAX;

  const verdicts = Array.from({ length: fitting + 2 }, (_, i) => {
    return topology.consider(update(`x${i}`, {}, { connections }), 0).verdict;
  });

  assert.deepEqual(verdicts.slice(-3), ['accepted', 'ignored', 'ignored']);
  assert.equal(topology.edgeCount, EDGES_MAX);
});
