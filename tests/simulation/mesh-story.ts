import type { Random } from '../../runtime/random.js';
import { seededRandom } from '../../runtime/random.js';
import { CALM, type NetworkFaults, STORMY } from '../../runtime/simulation/faults.js';
import { idOf, MeshWorld } from '../support/mesh-world.js';
import { type Links, linksOf, TOPOLOGY_KINDS, type TopologyKind } from '../support/topologies.js';
import { LoopWatch } from './checkers/no-packet-loops.js';
import { routeFaults } from './checkers/routes-are-shortest.js';

/** Virtual time until all routes must be right: dials, greetings, a few lost messages. */
const CONVERGED_WITHIN_MS = 60_000;
/** After a fault: a silent neighbour is found within seconds, the longest pause between dials is 20 s. */
const HEALED_WITHIN_MS = 120_000;
const STEP_MS = 250;
const PINGS = 6;

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
export function planOf(seed: number, size?: number): StoryPlan {
  const random = seededRandom(`plan ${seed}`);
  const kind = TOPOLOGY_KINDS[random.below(TOPOLOGY_KINDS.length)] ?? 'line';
  const nodes = size ?? 3 + random.below(28);
  return {
    seed,
    kind,
    size: nodes,
    links: linksOf(kind, nodes, random.split('links')),
    faults: random.unit() < 0.5 ? CALM : { ...STORMY, loss: 0.03 },
    transport: random.unit() < 0.25 ? 'udp' : 'tcp',
    hasCosts: random.unit() < 0.33,
  };
}

/** What a story found; everything must be empty, and the hash equal for equal seeds. */
export interface StoryEnd {
  readonly faults: readonly string[];
  readonly hash: string;
  readonly convergedMs: number;
  readonly healedMs: number;
}

/** Plays a whole story: a mesh comes up, pings, is hurt, heals, pings, and is lowered. */
export async function play(plan: StoryPlan): Promise<StoryEnd> {
  const costs = seededRandom(`costs ${plan.seed}`);
  const drawn = plan.links.map(() => (plan.hasCosts ? 1 + costs.below(40) / 4 : 1));
  const mesh = new MeshWorld({ ...plan, cost: (at) => drawn[at] ?? 1 });
  const loops = new LoopWatch(mesh.world, plan.transport);
  const faults: string[] = [];
  const random = mesh.world.random('story');

  const convergedMs = await quiet(mesh, CONVERGED_WITHIN_MS, faults, 'after the start');
  faults.push(...(await pings(mesh, loops, random)));
  await hurt(mesh, random);
  const healedMs = await quiet(mesh, HEALED_WITHIN_MS, faults, 'after the healing');
  faults.push(...(await pings(mesh, loops, random)));
  faults.push(...(await lower(mesh)));
  return { faults: [...faults, ...loops.loops], hash: mesh.world.trace.hash, convergedMs, healedMs };
}

/** Waits until all routes are right; says what is not. Returns the virtual time that it took. */
async function quiet(mesh: MeshWorld, withinMs: number, faults: string[], when: string): Promise<number> {
  const startMs = mesh.world.nowMs;
  await mesh.world.advance(STEP_MS);
  let wrong = await routeFaults(mesh);
  while (wrong.length > 0 && mesh.world.nowMs - startMs < withinMs) {
    await mesh.world.advance(STEP_MS);
    wrong = await routeFaults(mesh);
  }
  faults.push(...wrong.slice(0, 5).map((fault) => `${when}: ${fault}`));
  return mesh.world.nowMs - startMs;
}

/** Pings between some nodes; each must be answered, unless the network may lose it. */
async function pings(mesh: MeshWorld, loops: LoopWatch, random: Random): Promise<readonly string[]> {
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

/** Three blows, a moment apart: cuts of both kinds, deaths of both kinds, resets; then all is as it was. */
async function hurt(mesh: MeshWorld, random: Random): Promise<void> {
  const { network } = mesh.world;
  const dead = new Set<string>();
  const cuts: (readonly [string, string])[] = [];
  for (let blow = 0; blow < 3; blow += 1) {
    const edges = mesh.edges();
    const [a, b] = edges[random.below(edges.length)] ?? [idOf(0), idOf(1)];
    const kind = random.below(5);
    if (kind === 0) {
      cuts.push([a, b], [b, a]);
    } else if (kind === 1) {
      cuts.push([a, b]);
    } else if (kind === 2 || kind === 3) {
      if (mesh.isRunning(a)) {
        mesh.crash(a, { isSilent: kind === 3 });
        dead.add(a);
      }
    } else {
      network.reset(a, b);
    }
    for (const [from, to] of cuts) {
      network.cut(from, to);
    }
    await mesh.world.advance(500 + random.below(15_000));
  }
  for (const [from, to] of cuts) {
    network.heal(from, to);
  }
  for (const id of dead) {
    mesh.start(id);
  }
}

/** Lowers every node; nothing may stay behind. */
async function lower(mesh: MeshWorld): Promise<readonly string[]> {
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
