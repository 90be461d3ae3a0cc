import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import { StoryTeller } from '../support/story-teller.js';
import type { ToldMesh } from './mesh-run.js';

const SCRIPT = new URL('./mesh-run.js', import.meta.url);

/** Tells mesh stories in two processes at once, in the first of them twice, for a test file that asks for each. */
export class MeshProof {
  readonly #one: StoryTeller<ToldMesh>;
  readonly #other: StoryTeller<ToldMesh>;

  constructor(keys: readonly string[], times: number) {
    this.#one = new StoryTeller(SCRIPT, [`${times}`, ...keys]);
    this.#other = new StoryTeller(SCRIPT, ['1', ...keys]);
    after(() => {
      this.#one.end();
      this.#other.end();
    });
  }

  /** The story finds nothing wrong, and is the same whenever and wherever it is told. */
  async assertHolds(t: TestContext, key: string, replay: string): Promise<void> {
    const [here, there] = await Promise.all([this.#one.told(key), this.#other.told(key)]);
    assert.deepEqual(here.faults, [], replay);
    for (const hash of [...here.hashes, ...there.hashes]) {
      assert.equal(hash, here.hash, `the same seed must give the same story; ${replay}`);
    }
    t.diagnostic(`right after ${here.convergedMs} ms, healed after ${here.healedMs} ms of virtual time`);
  }
}
