import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Secret } from '../../../runtime/secret.js';

describe('a secret', () => {
  const secret = new Secret('user:password');

  it('is told to who asks for it by name', () => {
    assert.equal(secret.reveal(), 'user:password');
    assert.deepEqual(new Secret([1, 2]).reveal(), [1, 2]);
  });

  it('is seen in no text, no JSON and no dump', () => {
    const shown = [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true, depth: 9 })];

    for (const text of shown) {
      assert.doesNotMatch(text, /user|password/);
    }
    assert.match(shown[1] ?? '', /hidden/);
    assert.deepEqual([Object.keys(secret), { ...secret }], [[], {}]);
  });
});
