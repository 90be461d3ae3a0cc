import { World, type WorldOptions } from '../../runtime/simulation/world.js';
import type { Story } from './seeded-stories.js';

/** Entries kept to find where two runs part: enough for a story of a few minutes. */
const COMPARED_ENTRIES = 200_000;

/** The hash of everything that a story does with one seed. */
export async function hashOf(seed: string, story: Story, options: Omit<WorldOptions, 'seed'> = {}): Promise<string> {
  const world = new World({ ...options, seed });
  await story(world);
  return world.trace.hash;
}

/**
 * Tells a story twice with one seed and demands the same trace: the alarm that says whether anything is drawn or timed
 * past the ports. Returns the hash; throws with the first entry in which the two runs part.
 */
export async function tellTwice(seed: string, story: Story, options: Omit<WorldOptions, 'seed'> = {}): Promise<string> {
  const first = new World({ ...options, seed, traceEntries: COMPARED_ENTRIES });
  const second = new World({ ...options, seed, traceEntries: COMPARED_ENTRIES });
  await story(first);
  await story(second);
  if (first.trace.hash !== second.trace.hash) {
    throw new Error(`seed ${seed} told two stories; ${partingOf(first, second)}`);
  }
  return first.trace.hash;
}

function partingOf(first: World, second: World): string {
  const [one, other] = [first.trace.tail(), second.trace.tail()];
  const at = one.findIndex((line, index) => line !== other[index]);
  if (at < 0 && one.length === other.length) {
    return 'the entries read alike, so they part in bytes that were sent';
  }
  const place = at < 0 ? one.length : at;
  return `they part at entry ${place}:\n  ${one[place] ?? '(the end)'}\n  ${other[place] ?? '(the end)'}`;
}
