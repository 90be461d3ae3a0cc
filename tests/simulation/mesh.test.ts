import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeds } from '../support/seeds.js';
import { planOf, play, type StoryEnd } from './mesh-story.js';

/** Played twice in one process: the first seeds are enough to notice that something is left to chance. */
const TWICE = 10;

describe('a simulated mesh', () => {
  for (const seed of seeds().map(Number)) {
    const plan = planOf(seed);
    it(`seed ${seed}: a ${plan.kind} of ${plan.size} nodes finds the shortest routes, heals and leaves nothing behind`, async () => {
      const end = await play(plan);

      assert.deepEqual(end.faults, [], `replay: RECEPTOR_SEED=${seed} node --test dist/tests/simulation/mesh.test.js`);
      if (seed <= TWICE) {
        const again: StoryEnd = await play(plan);
        assert.equal(again.hash, end.hash, 'the same seed must give the same story');
      }
    });
  }
});
