import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bitString, explicit, positiveInteger, sequence, set, time, utf8String } from '../../../../runtime/quic/der.js';

describe('positiveInteger', () => {
  it('drops leading zeros and keeps the number positive', () => {
    assert.deepEqual(positiveInteger(Uint8Array.of(0, 0, 0x7f)), Uint8Array.of(0x02, 1, 0x7f));
    assert.deepEqual(positiveInteger(Uint8Array.of(0x80)), Uint8Array.of(0x02, 2, 0, 0x80));
    assert.deepEqual(positiveInteger(Uint8Array.of(0, 0)), Uint8Array.of(0x02, 1, 0));
  });
});

describe('lengths', () => {
  it('are written in their shortest form', () => {
    const head = (length: number): number[] => [...utf8String('x'.repeat(length)).subarray(0, 4)];

    assert.deepEqual(head(127).slice(0, 2), [0x0c, 127]);
    assert.deepEqual(head(128).slice(0, 3), [0x0c, 0x81, 128]);
    assert.deepEqual(head(256), [0x0c, 0x82, 1, 0]);
  });
});

describe('constructed forms', () => {
  it('hold their parts one behind the other', () => {
    const parts = [utf8String('a'), utf8String('b')] as const;

    assert.deepEqual(sequence(...parts), Uint8Array.of(0x30, 6, 0x0c, 1, 0x61, 0x0c, 1, 0x62));
    assert.deepEqual(set(parts[0]), Uint8Array.of(0x31, 3, 0x0c, 1, 0x61));
    assert.deepEqual(explicit(3, parts[0]), Uint8Array.of(0xa3, 3, 0x0c, 1, 0x61));
    assert.deepEqual(bitString(Uint8Array.of(7)), Uint8Array.of(0x03, 2, 0, 7));
  });
});

describe('time', () => {
  it('agrees with a calendar that is walked day by day for 800 years', () => {
    let wallMs = 0;
    for (const { year, month, day } of calendar(1970, 2770)) {
      const digits = `${year}${two(month)}${two(day)}000000Z`;

      assert.equal(text(time(wallMs)), year < 2050 ? digits.slice(2) : digits);
      wallMs += DAY_MS;
    }
  });

  it('cuts to whole seconds', () => {
    assert.equal(text(time(23 * 3_600_000 + 59 * 60_000 + 58_999)), '700101235958Z');
  });

  it('changes its form with the year 2050', () => {
    const newYear2050 = 2_524_608_000_000;

    assert.equal(time(newYear2050 - 1)[0], 0x17);
    assert.equal(time(newYear2050)[0], 0x18);
  });
});

const DAY_MS = 86_400_000;

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function* calendar(first: number, last: number) {
  for (let year = first; year <= last; year += 1) {
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    for (const [index, days] of MONTH_DAYS.entries()) {
      const length = isLeap && index === 1 ? 29 : days;
      for (let day = 1; day <= length; day += 1) {
        yield { year, month: index + 1, day };
      }
    }
  }
}

function two(value: number): string {
  return `${value}`.padStart(2, '0');
}

function text(element: Uint8Array): string {
  return Buffer.from(element.subarray(2)).toString('latin1');
}
