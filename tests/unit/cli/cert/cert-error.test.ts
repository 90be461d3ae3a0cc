import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CertError } from '../../../../cli/cert/cert-error.js';

describe('an error about certificates', () => {
  it('bears its code, its cure, and the parameter where there is one', () => {
    const one = new CertError('key-unfit', 'too small', { cure: 'a larger one', parameter: 'bits' });
    const other = new CertError('declined', 'no', { cure: '' });

    assert.deepEqual(
      [one.name, one.code, one.message, one.cure, one.parameter],
      ['CertError', 'key-unfit', 'too small', 'a larger one', 'bits'],
    );
    assert.equal(other.parameter, undefined);
  });
});
