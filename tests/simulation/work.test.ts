import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeds } from '../support/seeds.js';
import { workStory } from './work-story.js';

describe('units of work while nodes die and return', () => {
  for (const seed of seeds()) {
    it(`seed ${seed}: come to an end, with their whole output or a reason, and run once`, async () => {
      const { faults } = await workStory(seed);

      assert.deepEqual(faults, [], `replay: RECEPTOR_SEED=${seed} node --test dist/tests/simulation/work.test.js`);
    });
  }
});
