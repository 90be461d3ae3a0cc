// Routes against brute force, and the topology against a plain model of the receive algorithm (mesh-protocol 3.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type NodeId, parseNodeId } from '../../protocol/names.js';
import { NO_EXTENSIONS } from '../../protocol/netceptor/extensions.js';
import type { RouteUpdate } from '../../protocol/netceptor/route-update.js';
import { type LinkMap, leastCostPaths } from '../../protocol/routing/paths.js';
import { Topology } from '../../protocol/routing/topology.js';

function id(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(id);

type Edge = readonly [from: number, to: number, quarters: number];

/** Costs in quarters, so that sums are exact and ties happen. */
const edges = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 }), fc.integer({ min: 1, max: 6 })), {
  maxLength: 30,
});

function meshOf(list: readonly Edge[], recorded: readonly boolean[]): Map<NodeId, Map<NodeId, number>> {
  const mesh = new Map(NAMES.filter((_, i) => recorded[i]).map((name) => [name, new Map<NodeId, number>()]));
  for (const [from, to, quarters] of list) {
    const [source, target] = [NAMES[from], NAMES[to]];
    if (source !== undefined && target !== undefined) mesh.get(source)?.set(target, quarters / 4);
  }
  return mesh;
}

interface Best {
  readonly cost: number;
  readonly hops: number;
}

/** Floyd and Warshall, over cost and then hops. */
function allPairs(mesh: Map<NodeId, Map<NodeId, number>>): Map<string, Best> {
  const best = new Map<string, Best>();
  for (const [from, targets] of mesh) {
    for (const [to, cost] of targets) if (mesh.has(to) && from !== to) best.set(`${from} ${to}`, { cost, hops: 1 });
  }
  for (const middle of mesh.keys()) {
    for (const from of mesh.keys()) {
      for (const to of mesh.keys()) {
        const [first, second, known] = [
          best.get(`${from} ${middle}`),
          best.get(`${middle} ${to}`),
          best.get(`${from} ${to}`),
        ];
        if (from === to || first === undefined || second === undefined) continue;
        const through = { cost: first.cost + second.cost, hops: first.hops + second.hops };
        if (known === undefined || isLess(through, known)) best.set(`${from} ${to}`, through);
      }
    }
  }
  return best;
}

function isLess(a: Best, b: Best): boolean {
  return a.cost < b.cost || (a.cost === b.cost && a.hops < b.hops);
}

/** The least name among the neighbours over which the best cost and hops are reached. */
function firstHop(
  mesh: Map<NodeId, Map<NodeId, number>>,
  best: Map<string, Best>,
  self: NodeId,
  to: NodeId,
): NodeId | undefined {
  const wanted = best.get(`${self} ${to}`);
  const neighbours = [...(mesh.get(self) ?? [])].filter(([hop]) => mesh.has(hop) && hop !== self);
  return neighbours
    .filter(([hop, cost]) => {
      const rest = hop === to ? { cost: 0, hops: 0 } : best.get(`${hop} ${to}`);
      return rest && wanted && cost + rest.cost === wanted.cost && 1 + rest.hops === wanted.hops;
    })
    .map(([hop]) => hop)
    .sort()[0];
}

test('routes are those of brute force, ties broken by hops and then by name', () => {
  const recorded = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }).map(([, ...rest]) => [true, ...rest]);
  const shuffle = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
  fc.assert(
    fc.property(edges, recorded, shuffle, (list, withRecord, order) => {
      const mesh = meshOf(list, withRecord);
      const best = allPairs(mesh);
      const self = NAMES[0] ?? assert.fail();
      const shuffled = [...mesh].sort(([a], [b]) => order.indexOf(NAMES.indexOf(a)) - order.indexOf(NAMES.indexOf(b)));
      const edgeCount = shuffled.reduce((sum, [, targets]) => sum + targets.size, 0);
      const map: LinkMap = { self, nodeCount: mesh.size, edgeCount, nodes: () => shuffled };

      const routes = leastCostPaths(map);

      const expected = NAMES.filter((to) => best.has(`${self} ${to}`));
      assert.deepEqual([...routes.cost.keys()].sort(), expected);
      for (const to of expected) {
        assert.equal(routes.cost.get(to), best.get(`${self} ${to}`)?.cost);
        assert.equal(routes.nextHop.get(to), firstHop(mesh, best, self, to), `next hop to ${to}`);
      }
    }),
    { numRuns: 3_000 },
  );
});

/** The receive algorithm with the plainest means: whole maps, searched from end to end. */
class Model {
  readonly known = new Map<NodeId, Map<NodeId, number>>();
  readonly #seen = new Set<string>();
  readonly #info = new Map<NodeId, { epoch: bigint; sequence: bigint }>();
  readonly #self: NodeId;
  readonly #epoch: bigint;

  constructor(self: NodeId, epoch: bigint) {
    this.#self = self;
    this.#epoch = epoch;
  }

  consider(update: RouteUpdate): string {
    if (update.nodeId === this.#self) {
      if (update.updateEpoch === this.#epoch) return 'ignored';
      if (update.suspectedDuplicate === this.#epoch) return 'we-are-duplicate';
      return update.updateEpoch > this.#epoch ? 'own-newer-epoch' : 'ignored';
    }
    if (this.#seen.has(update.updateId)) return 'ignored';
    this.#seen.add(update.updateId);
    const info = this.#info.get(update.nodeId);
    const next = { epoch: update.updateEpoch, sequence: update.updateSequence };
    if (update.suspectedDuplicate !== 0n) {
      if (info?.epoch === update.suspectedDuplicate) this.#info.set(update.nodeId, next);
      return 'duplicate-suspected';
    }
    if (info && next.epoch < info.epoch) return 'ignored';
    if (info && next.epoch === info.epoch && next.sequence <= info.sequence) return 'ignored';
    this.#info.set(update.nodeId, next);
    const before = this.known.get(update.nodeId);
    const same =
      before?.size === update.connections.size && [...before].every(([n, cost]) => update.connections.get(n) === cost);
    if (!same) {
      this.known.set(update.nodeId, new Map(update.connections));
      for (const [node, targets] of this.known) {
        if (node !== this.#self && !update.connections.has(node)) targets.delete(update.nodeId);
      }
    }
    return `accepted changed=${!same} newcomer=${info === undefined} restarted=${info !== undefined && info.epoch !== next.epoch}`;
  }

  link(peer: NodeId, cost: number | undefined): void {
    for (const [from, to] of [
      [this.#self, peer],
      [peer, this.#self],
    ] as const) {
      if (cost === undefined) this.known.get(from)?.delete(to);
      else this.known.set(from, (this.known.get(from) ?? new Map<NodeId, number>()).set(to, cost));
    }
  }
}

const SELF = NAMES[0] ?? assert.fail();
const EPOCHS = [30118736391759400n, 30118736391759401n, 30118736391759402n];

const update = fc.record({
  nodeId: fc.constantFrom(...NAMES.slice(0, 5)),
  updateId: fc.nat({ max: 60 }).map((n) => `u${n}`),
  updateEpoch: fc.constantFrom(...EPOCHS),
  updateSequence: fc.bigInt({ min: 1n, max: 6n }),
  connections: fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(1, 2), { maxKeys: 4 }).map((record) => {
    return new Map(Object.entries(record).map(([name, cost]) => [id(name), cost]));
  }),
  forwardingNode: fc.constantFrom(...NAMES),
  suspectedDuplicate: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0n) },
    { weight: 1, arbitrary: fc.constantFrom(...EPOCHS) },
  ),
  extensions: fc.constant(NO_EXTENSIONS),
});

type Step = { readonly update: RouteUpdate } | { readonly peer: NodeId; readonly cost: number | undefined };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ update }) },
  {
    weight: 1,
    arbitrary: fc.record({ peer: fc.constantFrom(...NAMES.slice(1)), cost: fc.constantFrom(1, 2, undefined) }),
  },
);

/** Steps in order, with some of them repeated later, as floods do. */
const history = fc
  .array(step, { maxLength: 25 })
  .chain((steps) => fc.shuffledSubarray(steps).map((repeated) => [...steps, ...repeated]));

test('the topology does what the plain model does, step by step', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const topology = new Topology(SELF, EPOCHS[1] ?? 0n);
      const model = new Model(SELF, EPOCHS[1] ?? 0n);
      for (const each of steps) {
        if ('update' in each) assert.equal(told(topology.consider(each.update, 0)), model.consider(each.update));
        else {
          model.link(each.peer, each.cost);
          if (each.cost === undefined) topology.linkDown(each.peer);
          else topology.linkUp(each.peer, each.cost);
        }
        assert.deepEqual(topology.knownCosts(), model.known);
        assert.equal(
          topology.edgeCount,
          [...model.known.values()].reduce((sum, targets) => sum + targets.size, 0),
        );
      }
    }),
    { numRuns: 3_000 },
  );
});

function told(verdict: ReturnType<Topology['consider']>): string {
  if (verdict.verdict !== 'accepted') return verdict.verdict;
  return `accepted changed=${verdict.changed} newcomer=${verdict.newcomer} restarted=${verdict.restarted}`;
}
