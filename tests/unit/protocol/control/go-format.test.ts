import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAsString, formatFloat, parseGoInt } from '../../../../protocol/control/go-format.js';
import type { ParsedJson } from '../../../../protocol/json/parsed.js';
import { goTexts } from '../../../support/wire-vectors.js';

test('reads whole numbers as Go does, and fails in its words', () => {
  for (const { text, error, value } of goTexts().integers) {
    const result = parseGoInt(text);
    if (result.ok) assert.equal(result.value, Number(value), text);
    else assert.equal(result.fault.detail, error, text);
  }
  for (const text of ['9'.repeat(100), '-10000000000000000000x']) {
    const result = parseGoInt(text);
    assert.ok(!result.ok && result.fault.detail.endsWith(': value out of range'));
  }
});

test('prints JSON values of the wrong type as Go does', () => {
  for (const { json, text } of goTexts().percent_s) assert.equal(formatAsString(JSON.parse(json) as ParsedJson), text);
});

test('prints floats as Go does by default', () => {
  for (const { literal, v } of goTexts().floats) assert.equal(formatFloat(Number(literal)), v);
});
