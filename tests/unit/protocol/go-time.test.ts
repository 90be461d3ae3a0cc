import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareInstants,
  GO_ZERO_TIME,
  goSentenceTime,
  goTime,
  instantFromMs,
  parseGoTime,
} from '../../../protocol/go-time.js';
import { goTexts } from '../../support/wire-vectors.js';

test('writes instants as Go does, in both forms', () => {
  for (const { unix_seconds, nanoseconds, rfc3339nano, ansic } of goTexts().times) {
    const instant = { seconds: unix_seconds, nanoseconds };
    assert.equal(goTime(instant).text, rfc3339nano);
    assert.equal(goSentenceTime(instant), ansic);
  }
});

test('reads back what it wrote', () => {
  for (const { unix_seconds, nanoseconds, rfc3339nano } of goTexts().times) {
    assert.deepEqual(parseGoTime(rfc3339nano), {
      ok: true,
      value: { text: rfc3339nano, seconds: unix_seconds, nanoseconds },
    });
  }
});

test('knows the first and the last day of every month of four centuries', () => {
  let day = 0;
  for (let year = 1970; year < 2370; year++) {
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].forEach((length, month) => {
      for (const date of [1, length]) {
        const text = `${year}-${String(month + 1).padStart(2, '0')}-${String(date).padStart(2, '0')}T12:00:00Z`;
        const seconds = (day + date - 1) * 86_400 + 43_200;
        assert.equal(goTime({ seconds, nanoseconds: 0 }).text, text);
        const parsed = parseGoTime(text);
        assert.equal(parsed.ok && parsed.value.seconds, seconds);
      }
      day += length;
    });
  }
  assert.equal(day, 146_097);
});

test('compares to the nanosecond and across offsets from UTC', () => {
  const order = (a: string, b: string): number => {
    const [left, right] = [parseGoTime(a), parseGoTime(b)];
    assert.ok(left.ok && right.ok);
    return Math.sign(compareInstants(left.value, right.value));
  };

  assert.equal(order('2026-11-20T23:16:28.000000001Z', '2026-11-20T23:16:28.000000002Z'), -1);
  assert.equal(order('2026-11-20T23:16:28.9Z', '2026-11-20T23:16:29Z'), -1);
  assert.equal(order('2026-11-21T04:46:28+05:30', '2026-11-20T23:16:28Z'), 0);
  assert.equal(order('2026-11-20T18:16:28.1-05:00', '2026-11-20T23:16:28Z'), 1);
});

test('an instant made of milliseconds keeps its fraction', () => {
  assert.deepEqual(instantFromMs(1_795_216_588_432), { seconds: 1_795_216_588, nanoseconds: 432_000_000 });
  assert.deepEqual(instantFromMs(1500.25), { seconds: 1, nanoseconds: 500_250_000 });
  assert.deepEqual(instantFromMs(-1), { seconds: -1, nanoseconds: 999_000_000 });
});

test('the zero time is the one that Go writes for never', () => {
  const parsed = parseGoTime('0001-01-01T00:00:00Z');
  assert.deepEqual(parsed.ok && parsed.value, GO_ZERO_TIME);
});

test('refuses offsets that Go reads but cannot write, and takes its other looseness', () => {
  for (const offset of ['+24:00', '+23:60', '-99:00']) {
    const result = parseGoTime(`2026-11-20T23:16:28${offset}`);
    assert.equal(!result.ok && result.fault.code, 'time-format');
  }
  for (const text of ['2026-11-20T3:16:28Z', '2026-11-20T23:16:28,5Z', '2026-11-20T23:16:28-23:59']) {
    assert.equal(parseGoTime(text).ok, true);
  }
});

test('refuses days, hours and minutes that there are not', () => {
  const days = ['2026-01-32', '2026-04-31', '2026-02-29', '2100-02-29', '2026-13-01', '2026-00-10', '2026-01-00'];
  for (const day of days) assert.equal(parseGoTime(`${day}T00:00:00Z`).ok, false, day);
  for (const clock of ['24:00:00', '23:60:00', '23:59:60']) assert.equal(parseGoTime(`2026-01-31T${clock}Z`).ok, false);
  assert.equal(parseGoTime('2028-02-29T23:59:59Z').ok, true);
});

test('a text that is no time is a fault that quotes no more than a line of it', () => {
  const result = parseGoTime('x'.repeat(1000));
  assert.ok(!result.ok);
  assert.equal(result.fault.code, 'time-format');
  assert.ok(result.fault.detail.length < 100);
});
