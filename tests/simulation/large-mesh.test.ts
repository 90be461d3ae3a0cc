import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OtherProcess } from '../support/other-process.js';
import { seedCount } from '../support/seeds.js';
import type { TopologyKind } from '../support/topologies.js';
import { calmPlanOf, play } from './mesh-story.js';

const SIZE = 200;
const KINDS: readonly TopologyKind[] = ['random', 'ring', 'star'];

/** As many seeds as the ordinary run has; the quick check has no time for these. */
const SEEDS_MIN = 200;
const skip = seedCount() < SEEDS_MIN ? `meshes of ${SIZE} nodes belong to runs of ${SEEDS_MIN} seeds and more` : false;

describe('a large simulated mesh', () => {
  KINDS.forEach((kind, at) => {
    const seed = at + 1;
    it(`a ${kind} of ${SIZE} nodes finds the shortest routes, heals and tells the same in another process`, {
      skip,
    }, async (t) => {
      const key = `${seed}-${kind}-${SIZE}`;
      const other = new OtherProcess(new URL('./mesh-run.js', import.meta.url), [key]);
      t.after(() => other.end());

      const end = await play(calmPlanOf(seed, kind, SIZE));

      t.diagnostic(`${kind}: right after ${end.convergedMs} ms, healed after ${end.healedMs} ms of virtual time`);
      assert.deepEqual(end.faults, []);
      assert.equal(await other.hashOf(key), end.hash, 'another process must tell the same story');
    });
  });
});
