import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reply } from '../../../../actors/control/commands.js';

describe('the result of a command', () => {
  it('is the very text that is sent, lines and all', () => {
    assert.deepEqual(reply('ERROR: a\nERROR: b\n'), { type: 'reply', text: 'ERROR: a\nERROR: b\n' });
  });
});
