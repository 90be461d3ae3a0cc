import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { OtherProcess } from '../support/other-process.js';
import { seeds } from '../support/seeds.js';
import { planOf, play } from './mesh-story.js';

describe('a simulated mesh', () => {
  const other = new OtherProcess(new URL('./mesh-run.js', import.meta.url), seeds());
  after(() => other.end());

  for (const seed of seeds().map(Number)) {
    const plan = planOf(seed);
    const replay = `replay: RECEPTOR_SEED=${seed} node --test dist/tests/simulation/mesh.test.js`;
    it(`seed ${seed}: a ${plan.kind} of ${plan.size} nodes finds the shortest routes, heals and leaves nothing behind`, async () => {
      const end = await play(plan);
      const again = await play(plan);

      assert.deepEqual(end.faults, [], replay);
      assert.equal(again.hash, end.hash, `the same seed must give the same story; ${replay}`);
      assert.equal(await other.hashOf(`${seed}`), end.hash, `another process must tell the same story; ${replay}`);
    });
  }
});
