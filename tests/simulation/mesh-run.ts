import { TOPOLOGY_KINDS } from '../support/topologies.js';
import { calmPlanOf, planOf, play } from './mesh-story.js';

/**
 * Prints the hash of the mesh story for each key on the command line, a seed or `seed-kind-size`: the other process of
 * the determinism proof.
 */
for (const key of process.argv.slice(2)) {
  const [seed = '', kind, size] = key.split('-');
  const known = TOPOLOGY_KINDS.find((one) => one === kind);
  const plan = known === undefined ? planOf(Number(seed)) : calmPlanOf(Number(seed), known, Number(size));
  const { hash } = await play(plan);
  process.stdout.write(`${key} ${hash}\n`);
}
