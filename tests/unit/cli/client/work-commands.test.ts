import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkGolden } from '../golden.js';
import { answering, ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

async function run(...words: readonly string[]) {
  const host = new FakeHost(new ScriptedNode(answering({})));
  host.stdout.columns = 100;
  const code = await host.run('work', ...words);
  return { code, out: host.stdout.text, err: host.stderr.text };
}

describe('the words of the work commands', () => {
  for (const name of ['submit', 'list', 'status', 'results', 'cancel', 'release', 'force-release']) {
    it(`work ${name} --help is as it was reviewed, with examples`, async () => {
      const { code, out } = await run(name, '--help');

      assert.equal(code, 0);
      assert.match(out, /\nExamples:\n {2}\S/);
      checkGolden(`work-${name}`, out);
    });
  }

  it('are listed by work --help, with examples', async () => {
    const { code, out } = await run('--help');

    assert.equal(code, 0);
    assert.match(out, /\nExamples:\n {2}\S/);
    checkGolden('work', out);
  });

  const refused: readonly (readonly string[])[] = [
    [],
    ['submit'],
    ['submit', 'cat', '--payload'],
    ['results'],
    ['results', 'u', '--start', '-1'],
    ['results', 'u', '--start', 'x'],
    ['status'],
    ['sumbit', 'cat'],
  ];
  for (const words of refused) {
    it(`are not: work ${words.join(' ')}`, async () => {
      assert.equal((await run(...words)).code, 2);
    });
  }

  it('are suggested when they are misspelled', async () => {
    assert.match((await run('sumbit', 'cat')).err, /\n {2}did you mean submit\?\n$/);
  });
});
