import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoryTeller } from '../support/story-teller.js';
import { setting } from './settings.js';
import type { ToldThousand } from './thousand-run.js';

const SIZE = setting('RECEPTOR_SOAK_NODES', 1_000);
const SEED = process.env['RECEPTOR_SEED'] ?? '1';

describe(`a mesh of ${SIZE} nodes`, () => {
  it('has all routes right within 60 s, and again after cuts, deaths and restarts', async (t) => {
    const teller = new StoryTeller<ToldThousand>(new URL('./thousand-run.js', import.meta.url), [SEED, `${SIZE}`]);
    t.after(() => teller.end());

    const { faults, course } = await teller.told(SEED);

    for (const line of course) {
      t.diagnostic(line);
    }
    assert.deepEqual(faults, []);
  });
});
