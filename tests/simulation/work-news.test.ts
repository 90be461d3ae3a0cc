import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unitChanged } from '../../actors/topics.js';
import { echo, WorkWorld } from '../property/work-world.js';

/** What the log of `a` would tell of a unit that runs at `to`, as `state detail`. */
async function newsOf(to: string): Promise<readonly string[]> {
  const news: string[] = [];
  const made = new WorkWorld({ ids: ['a', 'b'], commands: { echo } });
  await made.ready();
  made.node('a').system.hear(unitChanged, ({ state, detail }) => news.push(`${state} ${detail}`));
  await made.world.wait(made.submit('a', to, 'echo', { params: 'hello' }), 10_000);
  await made.world.advance(10_000);
  return news;
}

describe('the news of a unit of work', () => {
  for (const to of ['localhost', 'b']) {
    it(`never repeats what it said before, of work at ${to}`, async () => {
      const news = await newsOf(to);

      assert.deepEqual(
        news.filter((text, at) => text === news[at - 1]),
        [],
        news.join('\n'),
      );
      assert.equal(news.at(-1), '2 exit status 0');
    });
  }

  it('says that work for another node is being started there, in the words of the reference', async () => {
    assert.ok((await newsOf('b')).includes('0 Starting Worker'));
  });
});
