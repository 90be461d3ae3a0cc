// Forms of Go that are written and read: durations, times, names, words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatGoDuration, parseGoDuration } from '../../protocol/control/go-duration.js';
import { formatFloat, parseGoInt } from '../../protocol/control/go-format.js';
import { compareInstants, goTime, parseGoTime } from '../../protocol/go-time.js';
import {
  newName,
  parseNodeId,
  parseServiceName,
  parseUnitId,
  RANDOM_NAME_BYTES,
  unitIdFor,
} from '../../protocol/names.js';
import { splitShellWords } from '../../protocol/work/shell-words.js';

test('a duration reads back as it was written', () => {
  const nanoseconds = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -5_000_000_000, max: 5_000_000_000 }),
    fc.nat({ max: 200_000 }).map((n) => n * 1_000_000),
  );
  fc.assert(
    fc.property(nanoseconds, (ns) => {
      const text = formatGoDuration(ns);
      assert.deepEqual(parseGoDuration(text), { ok: true, value: ns === 0 ? 0 : ns }, text);
      assert.doesNotMatch(text, /\.\d*0[a-zµ]|\.[a-zµ]/, 'no zero at the end of a fraction');
    }),
    { numRuns: 10_000 },
  );
});

const instant = fc.record({
  seconds: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
  nanoseconds: fc.nat({ max: 999_999_999 }),
});

test('a time reads back as it was written', () => {
  fc.assert(
    fc.property(instant, (value) => {
      const { text } = goTime(value);
      assert.deepEqual(parseGoTime(text), { ok: true, value: { ...value, text } });
      assert.doesNotMatch(text, /\.\d*0Z$/);
    }),
    { numRuns: 5_000 },
  );
});

test('times in UTC are ordered as their texts, once these have all their digits', () => {
  const padded = (value: { seconds: number; nanoseconds: number }) =>
    goTime({ ...value, nanoseconds: 0 }).text.replace('Z', `.${String(value.nanoseconds).padStart(9, '0')}`);
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const order = padded(a) < padded(b) ? -1 : padded(a) > padded(b) ? 1 : 0;
      assert.equal(Math.sign(compareInstants(a, b)), order);
    }),
    { numRuns: 3_000 },
  );
});

test('new names are good names, and unit ids good unit ids', () => {
  const bytes = fc.uint8Array({ minLength: RANDOM_NAME_BYTES, maxLength: RANDOM_NAME_BYTES });
  fc.assert(
    fc.property(bytes, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (random, text) => {
      assert.equal(parseServiceName(newName(random)).ok, true);
      assert.equal(newName(random).length, 8);
      const nodeId = parseNodeId(text);
      if (nodeId.ok) assert.equal(parseUnitId(unitIdFor(nodeId.value, random)).ok, true);
    }),
    { numRuns: 3_000 },
  );
});

test('whole numbers and floats keep their value', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }), (whole, float) => {
      assert.deepEqual(parseGoInt(String(whole)), { ok: true, value: whole });
      assert.equal(Number(formatFloat(float)), float === 0 ? 0 : float);
    }),
    { numRuns: 3_000 },
  );
});

test('words in single quotes come out as they were put in', () => {
  const word = fc.string({ unit: 'binary', maxLength: 10 });
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), fc.constantFrom(' ', '\t', '\n  '), (words, blank) => {
      assert.deepEqual(splitShellWords(words.map(quoted).join(blank)), { ok: true, value: words });
    }),
    { numRuns: 3_000 },
  );
});
