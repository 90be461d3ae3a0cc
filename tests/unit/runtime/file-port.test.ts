import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileError, joinPath, parentPath } from '../../../runtime/file-port.js';

describe('a path', () => {
  it('has one slash between its names', () => {
    assert.equal(joinPath('/a', 'b'), '/a/b');
    assert.equal(joinPath('/a/', 'b'), '/a/b');
    assert.equal(joinPath('/', 'b'), '/b');
  });

  it('leads to the folder that it is in, as far as there is one', () => {
    assert.equal(parentPath('/a/b'), '/a');
    assert.equal(parentPath('/a/b/'), '/a');
    assert.equal(parentPath('/a'), '/');
    assert.equal(parentPath('/'), undefined);
    assert.equal(parentPath('a'), undefined);
  });
});

describe('a file fault', () => {
  it('tells its code, the path and the word of the system', () => {
    const error = new FileError('full', '/a', 'no space left on device', 'ENOSPC');

    assert.deepEqual([error.name, error.code, error.path, error.systemCode], ['FileError', 'full', '/a', 'ENOSPC']);
    assert.equal(error.message, 'no space left on device');
  });
});
