// Least-cost paths from this node to every other (mesh-protocol 4), by Dijkstra's algorithm over flat arrays.
// The reference leaves ties to chance. Here of two paths of one cost the one with fewer hops is taken, then the one
// whose first node has the lesser name: so the same mesh always gives the same routes.
import type { NodeId } from '../names.js';
import { compareText } from '../text.js';
import { NodeHeap } from './node-heap.js';

/** A mesh as paths need it; a `Topology` is one. */
export interface LinkMap {
  readonly self: NodeId;
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Every node that has a record, with its edges as it lists them. */
  nodes(): Iterable<readonly [NodeId, ReadonlyMap<NodeId, number>]>;
}

/** Where to send what. Nodes without a path are absent, and so is this node itself. */
export interface Routes {
  readonly nextHop: ReadonlyMap<NodeId, NodeId>;
  readonly cost: ReadonlyMap<NodeId, number>;
}

/** The same mesh with numbers for names: the edges of node n are `first[n]` to `first[n + 1]`. */
interface Graph {
  readonly names: readonly NodeId[];
  readonly first: Int32Array;
  readonly target: Int32Array;
  readonly cost: Float64Array;
  readonly self: number;
}

/** The best path to each node so far: its cost, its hops, and the rank of the name of its first node. */
interface Labels {
  readonly cost: Float64Array;
  readonly hops: Int32Array;
  readonly firstRank: Int32Array;
}

/**
 * Paths follow edges as the nearer node lists them; a node without a record of its own is not reached, even if others
 * list it.
 */
export function leastCostPaths(map: LinkMap): Routes {
  const graph = flatten(map);
  if (graph.self < 0) return { nextHop: new Map(), cost: new Map() };
  const neighbours = neighboursByName(graph);
  const labels = search(graph, neighbours);
  const nextHop = new Map<NodeId, NodeId>();
  const cost = new Map<NodeId, number>();
  graph.names.forEach((name, node) => {
    const first = neighbours[labels.firstRank[node] ?? -1];
    const hop = first === undefined ? undefined : graph.names[first];
    if (node === graph.self || hop === undefined) return;
    nextHop.set(name, hop);
    cost.set(name, labels.cost[node] ?? 0);
  });
  return { nextHop, cost };
}

function flatten(map: LinkMap): Graph {
  const numbers = new Map<NodeId, number>();
  for (const [name] of map.nodes()) numbers.set(name, numbers.size);
  const first = new Int32Array(numbers.size + 1);
  const target = new Int32Array(map.edgeCount);
  const cost = new Float64Array(map.edgeCount);
  let node = 0;
  let edge = 0;
  for (const [, edges] of map.nodes()) {
    first[node++] = edge;
    for (const [name, edgeCost] of edges) {
      const number = numbers.get(name);
      if (number === undefined) continue;
      target[edge] = number;
      cost[edge++] = edgeCost;
    }
  }
  first[node] = edge;
  return { names: [...numbers.keys()], first, target, cost, self: numbers.get(map.self) ?? -1 };
}

/** The nodes at the other end of our own edges, least name first: the rank of a first hop is its place here. */
function neighboursByName({ names, first, target, self }: Graph): readonly number[] {
  const neighbours = [...target.subarray(first[self], first[self + 1])].filter((node) => node !== self);
  return neighbours.sort((a, b) => compareText(names[a] ?? '', names[b] ?? ''));
}

function search(graph: Graph, neighbours: readonly number[]): Labels {
  const size = graph.names.length;
  const labels: Labels = {
    cost: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
    hops: new Int32Array(size),
    firstRank: new Int32Array(size).fill(-1),
  };
  const rankOf = new Map(neighbours.map((node, rank) => [node, rank]));
  const heap = new NodeHeap(size, (a, b) => order(labels, a, b) < 0);
  labels.cost[graph.self] = 0;
  heap.raise(graph.self);
  for (let node = heap.take(); node >= 0; node = heap.take()) {
    for (let edge = graph.first[node] ?? 0; edge < (graph.first[node + 1] ?? 0); edge++) {
      const target = graph.target[edge] ?? 0;
      const cost = (labels.cost[node] ?? 0) + (graph.cost[edge] ?? 0);
      const hops = (labels.hops[node] ?? 0) + 1;
      const rank = node === graph.self ? (rankOf.get(target) ?? -1) : (labels.firstRank[node] ?? -1);
      if (!isBetter(labels, target, { cost, hops, rank })) continue;
      labels.cost[target] = cost;
      labels.hops[target] = hops;
      labels.firstRank[target] = rank;
      heap.raise(target);
    }
  }
  return labels;
}

interface Path {
  readonly cost: number;
  readonly hops: number;
  readonly rank: number;
}

function isBetter(labels: Labels, node: number, path: Path): boolean {
  const known = labels.cost[node] ?? 0;
  if (path.cost !== known) return path.cost < known;
  const hops = labels.hops[node] ?? 0;
  return path.hops !== hops ? path.hops < hops : path.rank < (labels.firstRank[node] ?? -1);
}

function order(labels: Labels, a: number, b: number): number {
  return (
    (labels.cost[a] ?? 0) - (labels.cost[b] ?? 0) ||
    (labels.hops[a] ?? 0) - (labels.hops[b] ?? 0) ||
    (labels.firstRank[a] ?? 0) - (labels.firstRank[b] ?? 0)
  );
}
