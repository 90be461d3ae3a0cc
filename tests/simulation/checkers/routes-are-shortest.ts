import type { NodeId } from '../../../protocol/names.js';
import type { MeshWorld } from '../../support/mesh-world.js';

/** Costs that differ by less came from the same sum in another order. */
const EPSILON = 1e-9;

/** What a node says of its own links and routes. */
interface NodeRoutes {
  readonly routes: ReadonlyMap<string, string>;
  readonly connections: ReadonlyMap<string, number>;
}

/**
 * What is wrong with the routes of a quiet mesh: each node must reach exactly whom the configured graph connects it
 * with, along next hops that lead to the goal at the least cost. `costs` are those of the mesh as it is now; who only
 * asks whether all is right need not hear of more than `faultsMax`.
 */
export async function routeFaults(
  mesh: MeshWorld,
  costs = leastCostsOf(mesh),
  faultsMax = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const node of mesh.nodes) {
    if (faults.length >= faultsMax) {
      break;
    }
    const { routes, connections } = await mesh.world.wait(node.view(), 1_000);
    faults.push(...faultsOf(node.id, { routes, connections }, costs));
  }
  return faults.slice(0, faultsMax);
}

function faultsOf(from: string, { routes, connections }: NodeRoutes, costs: LeastCosts): readonly string[] {
  const faults: string[] = [];
  for (const to of costs.ids) {
    const fault = to === from ? undefined : routeFault({ from, to, routes, connections }, costs);
    if (fault !== undefined) {
      faults.push(fault);
    }
  }
  return faults;
}

function routeFault(
  { from, to, routes, connections }: NodeRoutes & { readonly from: string; readonly to: string },
  costs: LeastCosts,
): string | undefined {
  const least = costs.between(from, to);
  const nextHop = routes.get(to as NodeId);
  if (least === Number.POSITIVE_INFINITY) {
    return nextHop === undefined ? undefined : `${from} has a route to ${to}, which it cannot reach`;
  }
  if (nextHop === undefined) {
    return `${from} has no route to ${to}`;
  }
  const cost = (connections.get(nextHop) ?? Number.NaN) + costs.between(nextHop, to);
  return Math.abs(cost - least) < EPSILON
    ? undefined
    : `${from} sends to ${to} by ${nextHop} at cost ${cost}, not ${least}`;
}

/** The least costs between the running nodes of a mesh, over the links that are not cut. */
export function leastCostsOf(mesh: MeshWorld): LeastCosts {
  return new LeastCosts(
    mesh.nodes.map(({ id }) => id as string),
    mesh.edges(),
  );
}

/** All least costs of a graph by Floyd and Warshall's algorithm: another one than the code under test. */
export class LeastCosts {
  readonly ids: readonly string[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #costs: Float64Array;

  constructor(ids: readonly string[], edges: readonly (readonly [string, string, number])[]) {
    this.ids = ids;
    this.#index = new Map(ids.map((id, at) => [id, at]));
    this.#costs = new Float64Array(ids.length ** 2).fill(Number.POSITIVE_INFINITY);
    for (const id of ids) {
      this.#costs[this.#place(id, id)] = 0;
    }
    for (const [a, b, cost] of edges) {
      this.#costs[this.#place(a, b)] = cost;
      this.#costs[this.#place(b, a)] = cost;
    }
    relax(this.#costs, ids.length);
  }

  /** Infinite when there is no way, NaN for an unknown node. */
  between(from: string, to: string): number {
    return this.#costs[this.#place(from, to)] ?? Number.NaN;
  }

  #place(from: string, to: string): number {
    return (this.#index.get(from) ?? Number.NaN) * this.ids.length + (this.#index.get(to) ?? Number.NaN);
  }
}

function relax(costs: Float64Array, size: number): void {
  for (let over = 0; over < size; over += 1) {
    for (let from = 0; from < size; from += 1) {
      const first = costs[from * size + over] ?? Number.POSITIVE_INFINITY;
      for (let to = 0; first < Number.POSITIVE_INFINITY && to < size; to += 1) {
        const through = first + (costs[over * size + to] ?? Number.POSITIVE_INFINITY);
        if (through < (costs[from * size + to] ?? 0)) {
          costs[from * size + to] = through;
        }
      }
    }
  }
}
