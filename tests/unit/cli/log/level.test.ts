import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWritten, LOG_LEVELS, levelNamed } from '../../../../cli/log/level.js';

describe('a log level', () => {
  it('is known by its name in any case', () => {
    assert.deepEqual(['Error', 'WARNING', 'info', 'Debug', 'trace', ''].map(levelNamed), [
      ...['error', 'warning', 'info', 'debug'],
      ...[undefined, undefined],
    ]);
  });

  it('writes itself and those before it', () => {
    const written = LOG_LEVELS.map((threshold) => LOG_LEVELS.filter((level) => isWritten(level, threshold)));

    assert.deepEqual(written, [
      ['error'],
      ['error', 'warning'],
      ['error', 'warning', 'info'],
      ['error', 'warning', 'info', 'debug'],
    ]);
  });
});
