import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { STATUS, wideNumber } from '../../../../runtime/quic/abi.js';

const NATIVE = new URL('../../../../../runtime/quic/native/src/', import.meta.url);

describe('wideNumber', () => {
  it('joins the low and the high half', () => {
    assert.equal(wideNumber(Uint32Array.of(0, 0, 7, 2), 1), 2 * 2 ** 32 + 7);
  });

  it('tells a number beyond 2^53 as the largest exact one', () => {
    assert.equal(wideNumber(Uint32Array.of(0xffff_ffff, 0x3fff_ffff), 0), Number.MAX_SAFE_INTEGER);
  });

  it('reads nothing beyond the table', () => {
    assert.equal(wideNumber(Uint32Array.of(1), 3), 0);
  });
});

describe('STATUS', () => {
  it('has the numbers of the native side', () => {
    const source = readFileSync(new URL('status.rs', NATIVE), 'utf8');
    const native = [...source.matchAll(/^ {4}(\w+) = (-\d+),$/gm)].map(([, name = '', value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      Number(value),
    ]);

    assert.deepEqual(STATUS, Object.fromEntries(native));
  });
});
