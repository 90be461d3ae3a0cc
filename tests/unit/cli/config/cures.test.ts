import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { didYouMean, parametersOf, shown } from '../../../../cli/config/cures.js';
import { NODE_ENTITIES } from '../../../../cli/config/node-entities.js';

describe('the cure for a wrong name', () => {
  const [node] = NODE_ENTITIES;
  assert.ok(node !== undefined);

  it('is the name that was probably meant', () => {
    assert.equal(parametersOf(node, 'datadri'), 'did you mean datadir?');
    assert.equal(didYouMean('node', '--'), 'did you mean --node?');
  });

  it('is else the list of those that there are, without those that are not built yet', () => {
    assert.equal(parametersOf(node, 'zz'), 'node knows id, datadir, maxidleconnectiontimeout, firewallrules');
    assert.equal(didYouMean(undefined), 'receptor --help lists all');
  });

  it('tells of an entity without parameters', () => {
    assert.equal(parametersOf({ ...node, name: 'trace', parameters: [] }, 'zz'), 'trace has no parameters');
  });
});

describe('a text of the user in an error line', () => {
  it('is cut, and holds nothing that a terminal obeys', () => {
    assert.equal(shown('a\u001b[31mb'), 'a\ufffd[31mb');
    assert.equal(shown('x'.repeat(200)), `${'x'.repeat(100)}…`);
  });
});
