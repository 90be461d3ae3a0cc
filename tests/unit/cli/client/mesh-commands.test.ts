import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkGolden } from '../golden.js';
import { answering, ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

async function run(...words: readonly string[]) {
  const host = new FakeHost(new ScriptedNode(answering({})));
  host.stdout.columns = 100;
  const code = await host.run(...words);
  return { code, out: host.stdout.text, err: host.stderr.text };
}

describe('the words of the mesh commands', () => {
  for (const name of ['status', 'ping', 'traceroute', 'connect', 'reload', 'version']) {
    it(`${name} --help is as it was reviewed, with examples`, async () => {
      const { code, out } = await run(name, '--help');

      assert.equal(code, 0);
      assert.match(out, /\nExamples:\n {2}\S/);
      checkGolden(name, out);
    });
  }

  const refused: readonly (readonly string[])[] = [
    ['ping'],
    ['ping', 'a', 'b'],
    ['ping', 'a', '--count', '0'],
    ['ping', 'a', '--count', '1.5'],
    ['ping', 'a', '--delay', '-1'],
    ['traceroute'],
    ['connect', 'a'],
    ['status', 'x'],
  ];
  for (const words of refused) {
    it(`are not: ${words.join(' ')}`, async () => {
      const { code, err } = await run(...words);

      assert.equal(code, 2);
      assert.match(err, /^Error: .+\n {2}\S.+\n$/);
    });
  }
});
