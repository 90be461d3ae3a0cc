import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitShellWords } from '../../../../protocol/work/shell-words.js';
import { goTexts } from '../../../support/wire-vectors.js';

test('splits parameters as the reference does, and fails in its words', () => {
  for (const { text, error, words } of goTexts().shell_words) {
    const result = splitShellWords(text);
    if (result.ok) assert.deepEqual(result.value, words, text);
    else assert.equal(result.fault.detail, error, text);
  }
});

test('an unfinished text is a fault at its end', () => {
  const result = splitShellWords('a "b');
  assert.deepEqual(!result.ok && [result.fault.code, result.fault.offset], ['words-unfinished', 4]);
});
