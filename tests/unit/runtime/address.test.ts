import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childAddress, parentOf, rootAddress } from '../../../runtime/address.js';
import { codeOf } from '../../../runtime/errors.js';

describe('an address', () => {
  it('is made of names, the parent first', () => {
    const root = rootAddress('node');
    const child = childAddress(childAddress(root, 'links'), 'dialer-1');

    assert.equal(child, 'node/links/dialer-1');
    assert.equal(parentOf(child), 'node/links');
    assert.equal(parentOf(root), undefined);
  });

  it('escapes what is unsafe, so that a name cannot pretend to be two', () => {
    const root = rootAddress('node');

    assert.equal(childAddress(root, 'a/b c'), 'node/a~2fb~20c');
    assert.equal(childAddress(root, '~'), 'node/~7e');
    assert.equal(childAddress(root, 'ü😀'), 'node/~fc~1f600');
    assert.notEqual(childAddress(root, '~2f'), childAddress(root, '/'));
  });

  it('is refused without a name, or with one that is too long', () => {
    for (const name of ['', 'x'.repeat(801), '/'.repeat(300)]) {
      assert.throws(
        () => rootAddress(name),
        (error) => codeOf(error) === 'address-invalid',
      );
    }
  });
});
