import type { Random } from '../../runtime/random.js';
import { seededRandom } from '../../runtime/random.js';
import { CALM, type NetworkFaults, STORMY } from '../../runtime/simulation/faults.js';
import { idOf, MeshWorld, type MeshWorldOptions } from '../support/mesh-world.js';
import { type Links, linksOf, TOPOLOGY_KINDS, type TopologyKind } from '../support/topologies.js';
import { LoopWatch } from './checkers/no-packet-loops.js';
import { GoSafety } from './checkers/nothing-kills-go.js';
import { leastCostsOf, routeFaults } from './checkers/routes-are-shortest.js';

/** Virtual time until all routes must be right: dials, greetings, a few lost messages. */
export const CONVERGED_WITHIN_MS = 60_000;
/** After a fault: a silent neighbour is found within seconds, the longest pause between dials is 20 s. */
export const HEALED_WITHIN_MS = 120_000;
const STEP_MS = 250;
const PINGS = 6;
/**
 * Routes may be right while a link is dead and nobody knows: a neighbour is silent for some seconds before it is given up
 * (seed 154).
 */
const FOUND_OUT_WITHIN_MS = 8_000;
/** Of wrong routes; one wrong node is wrong about many. */
const FAULTS_SHOWN = 5;

/** A mesh drawn from a seed, and what is done to it. */
export interface StoryPlan {
  readonly seed: number;
  readonly kind: TopologyKind;
  readonly size: number;
  readonly links: Links;
  readonly faults: NetworkFaults;
  readonly transport: 'tcp' | 'udp';
  readonly hasCosts: boolean;
}

/** Sizes are 3 to 30; every third mesh has costs, every fourth loses and reorders messages, every second is stormy. */
export function planOf(seed: number): StoryPlan {
  const random = seededRandom(`plan ${seed}`);
  const kind = TOPOLOGY_KINDS[random.below(TOPOLOGY_KINDS.length)] ?? 'line';
  const size = 3 + random.below(28);
  return {
    seed,
    kind,
    size,
    links: linksOf(kind, size, random.split('links')),
    faults: random.unit() < 0.5 ? CALM : { ...STORMY, loss: 0.03 },
    transport: random.unit() < 0.25 ? 'udp' : 'tcp',
    hasCosts: random.unit() < 0.33,
  };
}

/** A mesh of this kind and size on a quiet network: what is large needs no weather to be slow. */
export function calmPlanOf(seed: number, kind: TopologyKind, size: number): StoryPlan {
  const links = linksOf(kind, size, seededRandom(`plan ${seed}`).split('links'));
  return { seed, kind, size, links, faults: CALM, transport: 'tcp', hasCosts: false };
}

/** The plan with a key: a seed, or `seed-kind-size` for a mesh on a quiet network. */
export function planWithKey(key: string): StoryPlan {
  const [seed = '', kind, size] = key.split('-');
  const known = TOPOLOGY_KINDS.find((one) => one === kind);
  return known === undefined ? planOf(Number(seed)) : calmPlanOf(Number(seed), known, Number(size));
}

/** What is put in on purpose, to see whether a story finds it. */
export type Sabotage = Pick<MeshWorldOptions, 'outside' | 'onStart'>;

/** What a story found; everything must be empty, and the hash equal for equal seeds. */
export interface StoryEnd {
  readonly faults: readonly string[];
  readonly hash: string;
  readonly convergedMs: number;
  readonly healedMs: number;
}

/** Plays a whole story: a mesh comes up, pings, is hurt, heals, pings, and is lowered. */
export async function play(plan: StoryPlan, sabotage: Sabotage = {}): Promise<StoryEnd> {
  const costs = seededRandom(`costs ${plan.seed}`);
  const drawn = plan.links.map(() => (plan.hasCosts ? 1 + costs.below(40) / 4 : 1));
  const mesh = new MeshWorld({ ...plan, ...sabotage, cost: (at) => drawn[at] ?? 1 });
  const safety = new GoSafety(mesh.world, plan.transport);
  const loops = new LoopWatch(mesh.world, plan.transport);
  const faults: string[] = [];
  const random = mesh.world.random('story');

  const convergedMs = await quiet(mesh, CONVERGED_WITHIN_MS, faults, 'after the start');
  faults.push(...(await pings(mesh, loops, random)));
  await hurt(mesh, random);
  const healedMs = await quiet(mesh, HEALED_WITHIN_MS, faults, 'after the healing');
  await mesh.world.advance(FOUND_OUT_WITHIN_MS);
  await quiet(mesh, HEALED_WITHIN_MS, faults, 'after all had found out');
  faults.push(...(await pings(mesh, loops, random)));
  faults.push(...(await lower(mesh)));
  return { faults: [...faults, ...loops.loops, ...safety.faults], hash: mesh.world.trace.hash, convergedMs, healedMs };
}

/** Waits until all routes are right; says what is not. Returns the virtual time that it took. */
export async function quiet(mesh: MeshWorld, withinMs: number, faults: string[], when: string): Promise<number> {
  const startMs = mesh.world.nowMs;
  const costs = leastCostsOf(mesh);
  await mesh.world.advance(STEP_MS);
  let wrong = await routeFaults(mesh, costs, FAULTS_SHOWN);
  while (wrong.length > 0 && mesh.world.nowMs - startMs < withinMs) {
    await mesh.world.advance(STEP_MS);
    wrong = await routeFaults(mesh, costs, FAULTS_SHOWN);
  }
  faults.push(...wrong.map((fault) => `${when}: ${fault}`));
  return mesh.world.nowMs - startMs;
}

/** Pings between some nodes; each must be answered, unless the network may lose it. */
export async function pings(mesh: MeshWorld, loops: LoopWatch, random: Random): Promise<readonly string[]> {
  const faults: string[] = [];
  const { nodes, world } = mesh;
  // What was under way when the routes changed may still be going round.
  await world.advance(2_000);
  loops.begin();
  for (let at = 0; at < PINGS; at += 1) {
    const [from, to] = [nodes[random.below(nodes.length)], nodes[random.below(nodes.length)]];
    if (from !== undefined && to !== undefined) {
      const found = await world.wait(from.ping(to.id), 20_000);
      const isExcused = found.problem === 'timeout' && mesh.isLossy;
      if (!isExcused && (found.problem !== undefined || found.from !== to.id)) {
        faults.push(`ping ${from.id} > ${to.id}: ${found.problem ?? `answered by ${found.from}`}`);
      }
    }
  }
  loops.end();
  return faults;
}

/** What one blow does; a partition parts the mesh in two. */
const BLOWS = ['cut', 'one-way cut', 'crash', 'vanish', 'reset', 'partition'] as const;

/** Three blows, a moment apart: cuts, deaths, resets, partitions; then all is as it was. */
export async function hurt(mesh: MeshWorld, random: Random): Promise<void> {
  const { network } = mesh.world;
  const dead = new Set<string>();
  for (let blow = 0; blow < 3; blow += 1) {
    const edges = mesh.edges();
    const [a, b] = edges[random.below(edges.length)] ?? [idOf(0), idOf(1)];
    const kind = BLOWS[random.below(BLOWS.length)] ?? 'cut';
    switch (kind) {
      case 'cut':
        network.partition([a], [b]);
        break;
      case 'one-way cut':
        network.cut(a, b);
        break;
      case 'crash':
      case 'vanish':
        if (mesh.isRunning(a)) {
          mesh.crash(a, { isSilent: kind === 'vanish' });
          dead.add(a);
        }
        break;
      case 'reset':
        network.reset(a, b);
        break;
      case 'partition':
        part(mesh, random);
        break;
      default:
        kind satisfies never;
    }
    await mesh.world.advance(500 + random.below(15_000));
  }
  network.healAll();
  for (const id of dead) {
    mesh.start(id);
  }
}

/** Nothing passes any more between some of the nodes and all others. */
function part(mesh: MeshWorld, random: Random): void {
  const some = new Set(mesh.hostNames().filter(() => random.unit() < 0.5));
  mesh.world.network.partition(
    [...some],
    mesh.hostNames().filter((name) => !some.has(name)),
  );
}

/** Lowers every node; nothing may stay behind. */
export async function lower(mesh: MeshWorld): Promise<readonly string[]> {
  for (const { id } of [...mesh.nodes]) {
    await mesh.stop(id);
  }
  await mesh.world.advance(5_000);
  const { network } = mesh.world;
  const left = [
    ...(network.openSessions > 0 ? [`${network.openSessions} sessions are left`] : []),
    ...(network.openPlaces > 0 ? [`${network.openPlaces} places are left`] : []),
  ];
  return [...left, ...mesh.alarms];
}
