import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, instantiate } from '../../../../runtime/quic/web-assembly.js';

/** The smallest module: magic and version. */
const EMPTY = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

describe('compile and instantiate', () => {
  it('make an instance of a module', () => {
    assert.deepEqual(Object.keys(instantiate(compile(EMPTY), {}).exports), []);
  });

  it('refuse bytes that are no module', () => {
    assert.throws(() => compile(Uint8Array.of(1, 2, 3)), { name: 'CompileError' });
  });
});
