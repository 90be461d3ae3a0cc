import type { MeshView } from '../../../actors/mesh/router-vocabulary.js';
import type { MeshWorld } from '../../support/mesh-world.js';

/** Costs that differ by less came from the same sum in another order. */
const EPSILON = 1e-9;

/**
 * What is wrong with the routes of a quiet mesh: each node must reach exactly whom the configured graph connects it
 * with, along next hops that lead to the goal at the least cost.
 */
export async function routeFaults(mesh: MeshWorld): Promise<readonly string[]> {
  const ids = mesh.nodes.map(({ id }) => id as string);
  const costs = leastCosts(ids, mesh.edges());
  const views = new Map<string, MeshView>();
  for (const node of mesh.nodes) {
    views.set(node.id, await mesh.world.wait(node.view(), 1_000));
  }
  return ids.flatMap((from) => ids.flatMap((to) => (from === to ? [] : routeFault(from, to, costs, views))));
}

function routeFault(
  from: string,
  to: string,
  costs: ReadonlyMap<string, number>,
  views: ReadonlyMap<string, MeshView>,
): readonly string[] {
  const least = costs.get(`${from} ${to}`);
  const routes: ReadonlyMap<string, string> = views.get(from)?.routes ?? new Map();
  const nextHop = routes.get(to);
  if (least === undefined) {
    return nextHop === undefined ? [] : [`${from} has a route to ${to}, which it cannot reach`];
  }
  if (nextHop === undefined) {
    return [`${from} has no route to ${to}`];
  }
  const first: ReadonlyMap<string, number> = views.get(from)?.connections ?? new Map();
  const rest = nextHop === to ? 0 : costs.get(`${nextHop} ${to}`);
  const cost = (first.get(nextHop) ?? Number.NaN) + (rest ?? Number.NaN);
  return Math.abs(cost - least) < EPSILON ? [] : [`${from} sends to ${to} by ${nextHop} at cost ${cost}, not ${least}`];
}

/** All least costs by Floyd and Warshall's algorithm: another one than the code under test. */
export function leastCosts(
  ids: readonly string[],
  edges: readonly (readonly [string, string, number])[],
): ReadonlyMap<string, number> {
  const index = new Map(ids.map((id, at) => [id, at]));
  const size = ids.length;
  const cost = new Float64Array(size * size).fill(Number.POSITIVE_INFINITY);
  for (const [a, b, edge] of edges) {
    const [from, to] = [index.get(a) ?? -1, index.get(b) ?? -1];
    cost[from * size + to] = edge;
    cost[to * size + from] = edge;
  }
  for (let at = 0; at < size; at += 1) {
    cost[at * size + at] = 0;
  }
  for (let over = 0; over < size; over += 1) {
    for (let from = 0; from < size; from += 1) {
      const first = cost[from * size + over] ?? Number.POSITIVE_INFINITY;
      for (let to = 0; first < Number.POSITIVE_INFINITY && to < size; to += 1) {
        const through = first + (cost[over * size + to] ?? Number.POSITIVE_INFINITY);
        if (through < (cost[from * size + to] ?? 0)) {
          cost[from * size + to] = through;
        }
      }
    }
  }
  const all = new Map<string, number>();
  for (const [from, at] of index) {
    for (const [to, other] of index) {
      const found = cost[at * size + other] ?? Number.POSITIVE_INFINITY;
      if (found < Number.POSITIVE_INFINITY) {
        all.set(`${from} ${to}`, found);
      }
    }
  }
  return all;
}
