import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explicit, positiveInteger, sequence, time } from '../../../../runtime/quic/der.js';
import { validityOf } from '../../../../runtime/security/validity.js';
import { certificate, element } from '../../../support/certificate-maker.js';

const NUMBER = positiveInteger(Uint8Array.of(2));

/** A certificate as far as its validity, of version 3 or 1. */
function upTo(from: Uint8Array, to: Uint8Array, version: 1 | 3 = 3): Uint8Array {
  const head = version === 3 ? [explicit(0, NUMBER)] : [];
  return sequence(sequence(...head, NUMBER, sequence(), sequence(), sequence(from, to)));
}

const short = (text: string): Uint8Array => element(0x17, Buffer.from(text));
const long = (text: string): Uint8Array => element(0x18, Buffer.from(text));

describe('validityOf', () => {
  it('reads both forms of a time', () => {
    assert.deepEqual(validityOf(upTo(short('261121010203Z'), long('20510101000000Z'))), {
      fromMs: Date.UTC(2026, 10, 21, 1, 2, 3),
      toMs: Date.UTC(2051, 0, 1),
    });
  });

  it('takes two digits of a year for 1950 to 2049', () => {
    assert.deepEqual(validityOf(upTo(short('500101000000Z'), short('491231235959Z'))), {
      fromMs: Date.UTC(1950, 0, 1),
      toMs: Date.UTC(2049, 11, 31, 23, 59, 59),
    });
  });

  it('reads certificates of the first version, which have no version', () => {
    const { fromMs } = validityOf(upTo(short('000229000000Z'), short('000301000000Z'), 1)) ?? assert.fail();

    assert.equal(fromMs, Date.UTC(2000, 1, 29));
  });

  it('agrees with who writes times, on each day of 140 years', () => {
    for (let day = 0; day < 51_000; day += 1) {
      const wallMs = day * 86_400_000 + (day % 86_400) * 1_000;

      assert.equal(validityOf(upTo(time(wallMs), time(wallMs)))?.toMs, wallMs);
    }
  });

  it('reads real certificates', () => {
    const { der } = certificate({ name: 'a', fromMs: 1_700_000_000_000, toMs: 253_402_300_799_000 });

    assert.deepEqual(validityOf(der), { fromMs: 1_700_000_000_000, toMs: 253_402_300_799_000 });
  });

  const good = short('261121010203Z');
  for (const [what, moment] of [
    ['without a zone', short('261121010203')],
    ['of another zone', short('261121010203+0100')],
    ['without seconds', short('2611210102Z')],
    ['with parts of a second', long('20261121010203.5Z')],
    ['in a month that is none', short('261321010203Z')],
    ['on a day that is none', short('261100010203Z')],
    ['at an hour that is none', short('261121240000Z')],
    ['that is a text', element(0x0c, Buffer.from('20261121010203Z'))],
    ['that goes on for long', long(`20261121010203Z${'0'.repeat(100)}`)],
    ['that is empty', long('')],
  ] as const) {
    it(`is undefined for a time ${what}: what cannot be read would never end`, () => {
      assert.equal(validityOf(upTo(good, moment)), undefined);
      assert.equal(validityOf(upTo(moment, good)), undefined);
    });
  }

  it('is undefined for what is no certificate', () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0x30, 0x7f), sequence(sequence(NUMBER)), good]) {
      assert.equal(validityOf(bytes), undefined);
    }
  });
});
