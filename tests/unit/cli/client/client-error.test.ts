import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientError, usageError } from '../../../../cli/client/client-error.js';
import { EXIT } from '../../../../cli/exit-code.js';

describe('an error of the client', () => {
  it('says how the program ends', () => {
    assert.equal(new ClientError(EXIT.failed, 'no').exitCode, 1);
    assert.deepEqual([usageError('what?', 'this').exitCode, usageError('what?', 'this').hint], [2, 'this']);
  });
});
