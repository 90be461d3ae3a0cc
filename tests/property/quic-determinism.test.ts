import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { execPath } from 'node:process';
import { describe, it } from 'node:test';
import { runStory } from '../unit/runtime/quic/story.js';

const STORY = new URL('../unit/runtime/quic/story.js', import.meta.url).href;
const SEEDS = ['one', 'two', 'three'];

describe('the engine under a pretended clock and seeded chance', () => {
  for (const seed of SEEDS) {
    it(`sends the same bytes at the same times for seed ${seed}, twice and in another process`, () => {
      const first = runStory(seed);
      const second = runStory(seed);
      const elsewhere = runElsewhere(seed);

      assert.equal(second, first);
      assert.equal(elsewhere, first);
    });
  }

  it('sends other bytes for other seeds', () => {
    const traces = SEEDS.map((seed) => runStory(seed));

    assert.equal(new Set(traces).size, SEEDS.length);
  });
});

/** The same story in a process of its own. */
function runElsewhere(seed: string): string {
  const program = `import { runStory } from '${STORY}'; console.log(runStory('${seed}'));`;
  return execFileSync(execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }).trim();
}
