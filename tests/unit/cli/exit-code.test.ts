import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EXIT, EXIT_MEANINGS } from '../../../cli/exit-code.js';

describe('the exit codes', () => {
  it('never change, since scripts depend on them', () => {
    assert.deepEqual(EXIT, {
      ok: 0,
      failed: 1,
      usage: 2,
      reloadNeedsRestart: 3,
      reloadRefused: 4,
      reloadFailed: 5,
      unreachable: 10,
      late: 11,
      unitFailed: 20,
      unitCancelled: 21,
      unitUnfinished: 22,
      interrupted: 130,
      brokenPipe: 141,
      terminated: 143,
    });
  });

  it('have a meaning each', () => {
    assert.deepEqual(Object.keys(EXIT_MEANINGS), Object.keys(EXIT));
  });
});
