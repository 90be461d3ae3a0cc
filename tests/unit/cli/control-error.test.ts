import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ControlError } from '../../../cli/control-error.js';

describe('a fault of the control session', () => {
  it('has a code to act on, a text, and perhaps a hint', () => {
    const error = new ControlError('late', 'nobody answers', 'wait longer');

    assert.deepEqual([error.code, error.message, error.hint], ['late', 'nobody answers', 'wait longer']);
    assert.equal(new ControlError('lost', 'x').hint, undefined);
  });
});
