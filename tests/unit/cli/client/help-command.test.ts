import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answering, ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

async function run(...words: readonly string[]) {
  const host = new FakeHost(new ScriptedNode(answering({})));
  const code = await host.run(...words);
  return { code, out: host.stdout.text, err: host.stderr.text };
}

describe('help', () => {
  for (const [words, same] of [
    ['help ping', 'ping --help'],
    ['help work', 'work --help'],
    ['help work submit', 'work submit --help'],
    ['work help submit', 'work submit --help'],
    ['work help', 'work --help'],
  ] as const) {
    it(`is the same by ${words} as by ${same}`, async () => {
      const asked = await run(...words.split(' '));

      assert.deepEqual(asked, await run(...same.split(' ')));
      assert.deepEqual([asked.code, asked.err], [0, '']);
      assert.match(asked.out, /^Usage: receptor (ping|work) /);
    });
  }

  it('is not there for a command that is not', async () => {
    assert.deepEqual(await run('help', 'work', 'sumbit'), {
      code: 2,
      out: '',
      err: "Error: unknown command 'sumbit'\n  did you mean submit?\n",
    });
  });
});
