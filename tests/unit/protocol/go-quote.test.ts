import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPrintable, quoteBytes, quoteCharacterAt, quoteText } from '../../../protocol/go-quote.js';
import { fromHex, goTexts, textOf, utf8 } from '../../support/wire-vectors.js';

test('quotes bytes as Go does, valid UTF-8 or not', () => {
  for (const { hex, quoted_hex } of goTexts().strings) {
    assert.equal(quoteBytes(fromHex(hex)), textOf(fromHex(quoted_hex)), hex);
  }
});

test('quotes a text with its quotation marks escaped', () => {
  assert.equal(quoteText('a"b\'c'), '"a\\"b\'c"');
});

test('quotes single characters as Go names them in errors', () => {
  const cases: [string, string][] = [
    ['x', "'x'"],
    ["'", "'\\''"],
    ['"', "'\"'"],
    ['\\', "'\\\\'"],
    ['\t', "'\\t'"],
    ['\u0000', "'\\x00'"],
    ['é', "'é'"],
    ['\u2028', "'\\u2028'"],
    ['\u{e0001}', "'\\U000e0001'"],
  ];
  for (const [character, quoted] of cases) assert.equal(quoteCharacterAt(utf8(character), 0), quoted);
  assert.equal(quoteCharacterAt(fromHex('61e9'), 1), "'\\xe9'");
});

test('a blank is printable, other white space is not', () => {
  assert.deepEqual([' ', '\u00a0', '\t', 'a', '~', '\u007f'].map(isPrintable), [true, false, false, true, true, false]);
});
