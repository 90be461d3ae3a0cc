import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileError, joinPath } from '../../../runtime/file-port.js';

describe('a path', () => {
  it('has one slash between its names', () => {
    assert.equal(joinPath('/a', 'b'), '/a/b');
    assert.equal(joinPath('/a/', 'b'), '/a/b');
    assert.equal(joinPath('/', 'b'), '/b');
  });
});

describe('a file fault', () => {
  it('tells its code, the path and the word of the system', () => {
    const error = new FileError('full', '/a', 'no space left on device', 'ENOSPC');

    assert.deepEqual([error.name, error.code, error.path, error.systemCode], ['FileError', 'full', '/a', 'ENOSPC']);
    assert.equal(error.message, 'no space left on device');
  });
});
