import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemAuthorities } from '../../../../runtime/io/system-authorities.js';

describe('the authorities of this machine', () => {
  it('are many, and each may sign certificates', () => {
    const authorities = systemAuthorities();

    assert.ok(authorities.length > 50, `${authorities.length}`);
    assert.deepEqual(
      authorities.filter(({ ca }) => !ca).map(({ subject }) => subject),
      [],
    );
  });

  it('are read once', () => {
    assert.equal(systemAuthorities(), systemAuthorities());
  });
});
