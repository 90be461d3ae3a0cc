import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ControlError } from '../../../cli/control-error.js';

describe('a fault of the control session', () => {
  it('has a code to act on, a text, and perhaps a hint', () => {
    const error = new ControlError('late', 'nobody answers', 'wait longer');

    assert.deepEqual([error.code, error.message, error.hint], ['late', 'nobody answers', 'wait longer']);
    assert.equal(new ControlError('lost', 'x').hint, undefined);
  });

  it('may say the same in words for people', () => {
    const error = new ControlError('refused', 'context canceled', { plain: 'there is no such service', hint: 'look' });

    assert.deepEqual(
      [error.message, error.plain, error.hint],
      ['context canceled', 'there is no such service', 'look'],
    );
  });
});
