import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calledAs } from '../../../../cli/demo/called-as.js';

describe('the name by which a user has called us', () => {
  it('is that of the package where npx has started it', () => {
    assert.equal(calledAs({ npm_command: 'exec' }, '/cache/node_modules/.bin/receptor'), 'npx receptor-mesh');
  });

  it('is the name of the program where it is installed', () => {
    assert.equal(calledAs({}, '/usr/local/bin/receptor'), 'receptor');
  });

  it('is node and the file where it was run as a file, be it by npm', () => {
    assert.equal(
      calledAs({ npm_command: 'run-script' }, '/src/dist/bin/receptor.js'),
      'node /src/dist/bin/receptor.js',
    );
  });
});
