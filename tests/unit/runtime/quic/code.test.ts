import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireCode } from '../../../../runtime/quic/code.js';

describe('requireCode', () => {
  it('takes whole numbers of 32 bits', () => {
    for (const code of [0, 499, 0xffff_ffff]) {
      assert.doesNotThrow(() => requireCode(code));
    }
  });

  it('refuses everything else', () => {
    for (const code of [-1, 1.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => requireCode(code), { code: 'invalid-use' });
    }
  });
});
