import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../../cli/config/config-error.js';

describe('a fault of the configuration', () => {
  it('is one line: the text of the reference, then place and cure', () => {
    const error = new ConfigError('config error: unknown field name zz', {
      place: 'argument 2, --node',
      cure: 'did you mean id?',
    });

    assert.equal(error.line, 'Error: config error: unknown field name zz (at argument 2, --node; did you mean id?)');
    assert.equal(error.code, 'invalid-configuration');
  });

  it('leaves out what there is not', () => {
    assert.equal(new ConfigError('no', { place: '', cure: '' }).line, 'Error: no');
    assert.equal(new ConfigError('no', { place: '', cure: 'say yes' }).line, 'Error: no (say yes)');
  });
});
