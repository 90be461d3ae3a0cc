import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { daysLeft, derTime, secondsOfDer, secondsOfMs, timeText, yearsLater } from '../../../../cli/cert/cert-time.js';
import { parseGoTime } from '../../../../protocol/go-time.js';
import { type DerElement, derElements } from '../../../../runtime/security/der-reader.js';

function at(text: string): number {
  const time = parseGoTime(text);
  assert.ok(time.ok, text);
  return time.value.seconds;
}

const elementOf = (bytes: Uint8Array): DerElement => derElements(bytes)?.[0] ?? assert.fail('no element');

describe('the times of certificates', () => {
  it('have two digits of the year until 2049, and four from 2050 on', () => {
    const written = ['1949-12-31T23:59:59Z', '1950-01-01T00:00:00Z', '2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z'];

    assert.deepEqual(
      written.map((text) => Buffer.from(derTime(at(text))).toString('latin1')),
      ['\x18\x0f19491231235959Z', '\x17\r500101000000Z', '\x17\r491231235959Z', '\x18\x0f20500101000000Z'],
    );
  });

  it('are read again as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('0001-01-01T00:00:00Z'), max: at('9999-12-31T23:59:59Z') }), (seconds) => {
        assert.equal(secondsOfDer(elementOf(derTime(seconds))), seconds);
      }),
    );
  });

  it('are nothing where they are no times', () => {
    for (const text of ['261301000000Z', '2611290000Z', '261129000000+0100', 'x']) {
      assert.equal(
        secondsOfDer(elementOf(Buffer.concat([Uint8Array.of(0x17, text.length), Buffer.from(text)]))),
        undefined,
      );
    }
  });

  it('are the same day of another year, and the first of March where February has no 29th', () => {
    const later = [
      yearsLater(at('2026-11-29T13:31:58Z'), 10),
      yearsLater(at('2024-02-29T01:02:03Z'), 4),
      yearsLater(at('2024-02-29T01:02:03Z'), 1),
    ];

    assert.deepEqual(later.map(timeText), ['2036-11-29T13:31:58Z', '2028-02-29T01:02:03Z', '2025-03-01T01:02:03Z']);
  });

  it('leave whole days, and less than none when they have passed', () => {
    const validity = { from: 0, to: 86_400 };

    assert.deepEqual(
      [0, 1, 86_400, 86_401].map((now) => daysLeft(validity, now)),
      [1, 0, 0, -1],
    );
  });

  it('are whole seconds of a clock', () => {
    assert.equal(secondsOfMs(1_999), 1);
  });
});
