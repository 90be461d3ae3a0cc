import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, refused, splitWords } from '../../../../protocol/control/command-line.js';

test('a part of a command is accepted with its value or refused with a text', () => {
  assert.deepEqual(accepted(3), { ok: true, value: 3 });
  assert.deepEqual(refused('no'), { ok: false, refusal: 'no' });
});

test('words are split at each single blank, and the last one keeps the rest', () => {
  assert.deepEqual(splitWords('', 3), ['']);
  assert.deepEqual(splitWords('a b', 3), ['a', 'b']);
  assert.deepEqual(splitWords('a  b ', 9), ['a', '', 'b', '']);
  assert.deepEqual(splitWords('a b c  d', 3), ['a', 'b', 'c  d']);
});
