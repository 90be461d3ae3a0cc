import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGoDuration, parseGoDuration } from '../../../../protocol/control/go-duration.js';
import { decodeText } from '../../../../protocol/text.js';
import { fromHex, goTexts } from '../../../support/wire-vectors.js';

test('writes durations as Go does', () => {
  for (const { ns, text } of goTexts().durations) assert.equal(formatGoDuration(ns), text);
});

test('a fraction of a nanosecond is cut off', () => {
  assert.equal(formatGoDuration(842.9), '842ns');
  assert.equal(formatGoDuration(-0.5), '0s');
});

test('reads durations as Go does, and fails in its words', () => {
  for (const { hex, error, ns } of goTexts().duration_texts) {
    const text = decodeText(fromHex(hex));
    if (text.includes('\ufffd')) continue; // Go quotes the bytes, which are replaced here long before
    const result = parseGoDuration(text);
    if (result.ok) assert.equal(result.value, Number(ns), text);
    else assert.equal(result.fault.detail, error, text);
  }
});

test('quotes control characters with two digits', () => {
  const result = parseGoDuration('1\u0001');
  assert.equal(!result.ok && result.fault.detail, 'time: unknown unit "\\x01" in duration "1\\x01"');
});

test('refuses a text far longer than any duration', () => {
  assert.equal(parseGoDuration('1s'.repeat(128)).ok, true);
  assert.equal(parseGoDuration(`${'1s'.repeat(128)}0`).ok, false);
  assert.equal(parseGoDuration(`${'1s'.repeat(128)}1s`).ok, false);
});
