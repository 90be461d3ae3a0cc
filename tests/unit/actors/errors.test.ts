import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../actors/errors.js';
import { failureFrom } from '../../../runtime/errors.js';

describe('an error of the mesh', () => {
  it('has a code to switch on, facts as data, and a text for people', () => {
    const error = new MeshError('no-route', 'nobody knows the way to far', { node: 'far' });
    assert.ok(error instanceof Error);
    assert.deepEqual(
      [error.name, error.code, error.message, error.data],
      ['MeshError', 'no-route', 'nobody knows the way to far', { node: 'far' }],
    );
    assert.equal('cause' in error, false);
    assert.deepEqual(new MeshError('timeout', 'late').data, {});
  });

  it('keeps what it was caused by, so that a failure tells it', () => {
    const error = new MeshError('storage-failed', 'no room', { code: 'ENOSPC' }, new Error('ENOSPC: write'));
    const { code, text, causes } = failureFrom(error);
    assert.deepEqual([code, text, causes], ['storage-failed', 'no room', ['ENOSPC: write']]);
  });
});
