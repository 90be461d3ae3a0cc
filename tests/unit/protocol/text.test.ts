import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareText,
  decodeText,
  encodeText,
  foldCase,
  sequenceLength,
  textByteLength,
  withoutLoneSurrogates,
} from '../../../protocol/text.js';
import { fromHex, goTexts, textOf, toHex } from '../../support/wire-vectors.js';

test('decodes valid UTF-8 and keeps a byte order mark', () => {
  assert.equal(decodeText(fromHex('efbbbf61c3a9e282acf09f9880')), '\ufeffaé€😀');
});

test('decodes each invalid byte to one replacement character, as Go does', () => {
  for (const { hex, json_hex } of goTexts().strings) {
    const asGoReadIt = JSON.parse(textOf(fromHex(json_hex))) as string;
    assert.equal(decodeText(fromHex(hex)), asGoReadIt, hex);
  }
});

test('encodes short and long texts alike, ASCII or not', () => {
  for (const text of ['', 'a', 'é', '😀', 'x'.repeat(600), `${'x'.repeat(600)}é`, '\ud800']) {
    assert.equal(toHex(encodeText(text)), Buffer.from(text).toString('hex'));
    assert.equal(textByteLength(text), Buffer.byteLength(text));
  }
});

test('folds case as Go compares field names and localhost', () => {
  for (const { text, localhost } of goTexts().equal_fold) {
    assert.equal(foldCase(text) === 'localhost', localhost, text);
  }
  assert.equal(foldCase('Wor\u212aCommand\u017f'), 'workcommands');
});

test('orders texts by code point, as Go sorts the keys of a map', () => {
  const sorted = Object.keys(JSON.parse(textOf(fromHex(goTexts().sorted_map_hex))) as Record<string, number>);
  const asGoWroteThem = [...textOf(fromHex(goTexts().sorted_map_hex)).matchAll(/"([^"]*)"/g)].map(
    (match) => match[1] ?? '',
  );

  assert.deepEqual([...sorted].sort(compareText), asGoWroteThem);
  assert.equal(compareText('a', 'a'), 0);
});

test('replaces lone surrogates and leaves pairs alone', () => {
  assert.equal(withoutLoneSurrogates('\ude00\ud83d a \ud83d\ude00'), '\ufffd\ufffd a 😀');
});

test('knows the length of a valid sequence and refuses overlong, surrogate and too large ones', () => {
  const lengths = [
    '41',
    'c3a9',
    'e282ac',
    'f09f9880',
    'f48fbfbf',
    'ed9fbf',
    'ee8080',
    'e0a080',
    'f0908080',
    'c280',
  ].map((hex) => sequenceLength(fromHex(hex), 0));
  assert.deepEqual(lengths, [1, 2, 3, 4, 4, 3, 3, 3, 4, 2]);

  for (const hex of [
    '80',
    'c080',
    'c1bf',
    'e09fbf',
    'eda080',
    'f08fbfbf',
    'f4908080',
    'f5',
    'ff',
    'c3',
    'e282',
    'f09f98',
    'c3c3',
  ]) {
    assert.equal(sequenceLength(fromHex(hex), 0), 0, hex);
  }
});
