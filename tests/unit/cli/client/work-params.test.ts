import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { workParams } from '../../../../cli/client/work-params.js';
import { systemFiles } from '../../../../runtime/io/files.js';

const params = (texts: readonly string[], words: readonly string[] = []) => workParams(texts, words, systemFiles);

describe('the parameters of a unit', () => {
  it('are texts by their keys', async () => {
    assert.deepEqual(await params(['a=b', 'c=d=e', 'f=']), { a: 'b', c: 'd=e', f: '' });
  });

  it('have the words behind the work type at the end of params', async () => {
    assert.deepEqual(await params([], ['-x', 'y']), { params: '-x y' });
    assert.deepEqual(await params(['params=a b'], ['c']), { params: 'a b c' });
    assert.deepEqual(await params([]), {});
  });

  it('may be the texts of files; two at signs are no file', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'params-'));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'pod.yml'), 'kind: Pod\n');

    assert.deepEqual(await params([`pod=@${join(folder, 'pod.yml')}`, 'x=@@y']), { pod: 'kind: Pod\n', x: '@@y' });
  });

  const refused: readonly (readonly [text: string, complaint: RegExp])[] = [
    ['novalue', /the parameter "novalue" has no name/],
    ['=x', /the parameter "=x" has no name/],
    ['node=b', /node is no parameter of the work/],
    ['workUnitID=x', /workUnitID is no parameter of the work/],
    ['a=@/does/not/exist', /the file of a parameter cannot be read/],
  ];
  for (const [text, complaint] of refused) {
    it(`are not ${text}`, async () => {
      await assert.rejects(params([text]), complaint);
    });
  }
});
