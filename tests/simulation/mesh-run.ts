import { tellLine } from '../support/story-teller.js';
import { planWithKey, play, type StoryEnd } from './mesh-story.js';

/** The hash of each telling, and what the first one found. */
export interface ToldMesh extends StoryEnd {
  readonly hashes: readonly string[];
}

/** Tells mesh stories: the first word says how often each, the others are the keys of their plans. */
const [times = '1', ...keys] = process.argv.slice(2);

for (const key of keys) {
  await tellLine(key, async (): Promise<ToldMesh> => {
    const end = await play(planWithKey(key));
    const hashes = [end.hash];
    while (hashes.length < Number(times)) {
      hashes.push((await play(planWithKey(key))).hash);
    }
    return { ...end, hashes };
  });
}
