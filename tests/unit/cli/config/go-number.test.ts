import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNumber, parseTruth, parseWhole } from '../../../../cli/config/go-number.js';

describe('a whole number', () => {
  const good: readonly (readonly [text: string, value: number])[] = [
    ['0', 0],
    ['2222', 2222],
    ['+5', 5],
    ['-1', -1],
    ['0600', 0o600],
    ['0o660', 0o660],
    ['0O17', 15],
    ['0xff', 255],
    ['0Xff', 255],
    ['0b101', 5],
    ['1_000', 1000],
    ['0x_ff', 255],
    ['0_7', 7],
    ['9223372036854775807', 2 ** 63],
  ];
  for (const [text, value] of good) {
    it(`reads ${text} as ${value}`, () => {
      assert.deepEqual(parseWhole(text), { ok: true, value });
    });
  }

  for (const text of ['', 'abc', '1.5', '0x', '_1', '1_', '1__0', '08', '0b2', '- 1', ' 1', 'inf', '1'.repeat(200)]) {
    it(`refuses "${text.slice(0, 10)}" in the words of the reference`, () => {
      const parsed = parseWhole(text);

      assert.equal(parsed.ok, false);
      assert.equal(!parsed.ok && parsed.fault.detail, `strconv.ParseInt: parsing "${text}": invalid syntax`);
    });
  }

  it('refuses what does not fit 64 bits', () => {
    const parsed = parseWhole('99999999999999999999');

    const text = 'strconv.ParseInt: parsing "99999999999999999999": value out of range';
    assert.equal(!parsed.ok && parsed.fault.detail, text);
  });
});

describe('a number', () => {
  it('reads fractions and exponents', () => {
    const read = ['1', '1.', '.5', '-2.5', '1e3', '1E-2'].map(parseNumber);

    assert.deepEqual(
      read.map((parsed) => parsed.ok && parsed.value),
      [1, 1, 0.5, -2.5, 1000, 0.01],
    );
  });

  it('reads infinity and not-a-number, and leaves the judgement to others', () => {
    const read = ['inf', '-Infinity', 'NaN'].map(parseNumber);

    assert.deepEqual(
      read.map((parsed) => parsed.ok && parsed.value),
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
    );
  });

  it('refuses other texts in the words of the reference', () => {
    const parsed = parseNumber('abc');

    assert.equal(!parsed.ok && parsed.fault.detail, 'strconv.ParseFloat: parsing "abc": invalid syntax');
  });
});

describe('a truth value', () => {
  it('is one of the words of the reference', () => {
    for (const text of ['1', 't', 'T', 'Y', 'true', 'TRUE', 'True', 'yes', 'Yes', 'YES']) {
      assert.deepEqual(parseTruth(text), { ok: true, value: true });
    }
    for (const text of ['0', 'f', 'F', 'N', 'false', 'FALSE', 'False', 'no', 'No', 'NO']) {
      assert.deepEqual(parseTruth(text), { ok: true, value: false });
    }
  });

  it('is no other word', () => {
    for (const text of ['', 'on', 'y', 'n', 'tRue', '2']) {
      const parsed = parseTruth(text);

      assert.equal(!parsed.ok && parsed.fault.detail, `could not parse ${text} as boolean`);
    }
  });
});
