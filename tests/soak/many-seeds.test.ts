import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { ToldMesh } from '../simulation/mesh-run.js';
import { planOf } from '../simulation/mesh-story.js';
import { workStory } from '../simulation/work-story.js';
import { tellTwice } from '../support/double-run.js';
import { gossip } from '../support/gossip.js';
import { StoryTeller } from '../support/story-teller.js';
import { setting } from './settings.js';

/** The ordinary run tells the seeds before this one. */
const FIRST = setting('RECEPTOR_SOAK_FIRST_SEED', 201);
const COUNT = setting('RECEPTOR_SEEDS', 2_000);
const ONE = process.env['RECEPTOR_SEED'];
const SEEDS = ONE === undefined ? Array.from({ length: COUNT }, (_, at) => `${FIRST + at}`) : [ONE];
/** Stories that one test tells: so that a failing seed does not hide behind thousands of names. */
const TOGETHER = 50;

interface Group {
  readonly name: string;
  readonly seeds: readonly string[];
}

function groups(): readonly Group[] {
  return Array.from({ length: Math.ceil(SEEDS.length / TOGETHER) }, (_, at) => {
    const seeds = SEEDS.slice(at * TOGETHER, (at + 1) * TOGETHER);
    return { name: `seeds ${seeds[0]} to ${seeds.at(-1)}`, seeds };
  });
}

/** All that is wrong, each with how to see it again. */
async function faultsOver(seeds: readonly string[], tell: (seed: string) => Promise<readonly string[]>) {
  const faults: string[] = [];
  for (const seed of seeds) {
    const found = await tell(seed).catch((thrown: unknown) => [`${thrown}`]);
    faults.push(...found.map((fault) => `RECEPTOR_SEED=${seed}: ${fault}`));
  }
  return faults;
}

describe('thousands of seeds: meshes', () => {
  const teller = new StoryTeller<ToldMesh>(new URL('../simulation/mesh-run.js', import.meta.url), ['1', ...SEEDS]);
  after(() => teller.end());

  for (const { name, seeds } of groups()) {
    it(name, async (t) => {
      const sizes: number[] = [];

      const faults = await faultsOver(seeds, async (seed) => {
        sizes.push(planOf(Number(seed)).size);
        return (await teller.told(seed)).faults;
      });

      t.diagnostic(`meshes of ${Math.min(...sizes)} to ${Math.max(...sizes)} nodes`);
      assert.deepEqual(faults, []);
    });
  }
});

describe('thousands of seeds: units of work', () => {
  for (const { name, seeds } of groups()) {
    it(name, async (t) => {
      let confirmed = 0;

      const faults = await faultsOver(seeds, async (seed) => {
        const end = await workStory(seed);
        confirmed += end.confirmed;
        return end.faults;
      });

      t.diagnostic(`${confirmed} units were confirmed and came to their end`);
      assert.deepEqual(faults, []);
      assert.ok(confirmed > 0, 'no unit was ever confirmed');
    });
  }
});

describe('thousands of seeds: the same story twice', () => {
  for (const { name, seeds } of groups()) {
    it(name, async () => {
      assert.deepEqual(await faultsOver(seeds, tellsTwice), []);
    });
  }
});

/** The double run throws where two tellings part. */
async function tellsTwice(seed: string): Promise<readonly string[]> {
  await tellTwice(seed, gossip());
  return [];
}
