import { describe, it } from 'node:test';
import { seedCount } from '../support/seeds.js';
import { MeshProof } from './mesh-proof.js';

const SIZE = 200;
/** A packet takes thirty hops at most: neither a line nor a ring of this size can be pinged from end to end. */
const KEYS = [`1-random-${SIZE}`, `2-tree-${SIZE}`, `3-star-${SIZE}`];

/** As many seeds as the ordinary run has; the quick check has no time for these. */
const SEEDS_MIN = 200;
const isLongRun = seedCount() >= SEEDS_MIN;
const skip = isLongRun ? false : `meshes of ${SIZE} nodes belong to runs of ${SEEDS_MIN} seeds and more`;

describe('a large simulated mesh', () => {
  const proof = new MeshProof(isLongRun ? KEYS : [], 1);

  for (const key of KEYS) {
    const name = `${key}: finds the shortest routes, heals, leaves nothing behind, and is told alike in two processes`;
    it(name, { skip }, (t) => proof.assertHolds(t, key, `replay: node dist/tests/simulation/mesh-run.js 1 ${key}`));
  }
});
