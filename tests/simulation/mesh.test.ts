import { describe, it } from 'node:test';
import { seeds } from '../support/seeds.js';
import { MeshProof } from './mesh-proof.js';
import { planOf } from './mesh-story.js';

/** Once more in the same process. */
const TIMES = 2;

describe('a simulated mesh', () => {
  const proof = new MeshProof(seeds(), TIMES);

  for (const seed of seeds()) {
    const plan = planOf(Number(seed));
    it(`seed ${seed}: a ${plan.kind} of ${plan.size} nodes finds the shortest routes, heals, leaves nothing behind, and is told alike three times`, (t) =>
      proof.assertHolds(t, seed, `replay: RECEPTOR_SEED=${seed} node --test dist/tests/simulation/mesh.test.js`));
  }
});
