import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unitPaths, unitsFolder } from '../../../../actors/work/unit-paths.js';
import { nodeId } from '../node-parts.js';
import { UNIT } from './work-parts.js';

describe("the folder of a node's units", () => {
  it('is called as the node, below the data folder', () => {
    assert.equal(unitsFolder('/tmp/receptor', nodeId('n.1')), '/tmp/receptor/n.1');
    assert.equal(unitsFolder('/data/', nodeId('a@b:c_d-e')), '/data/a@b:c_d-e');
    assert.equal(unitsFolder('/data', nodeId('...')), '/data/...');
  });

  it('never leads out of the data folder, whatever the node is called', () => {
    for (const name of ['..', '.', '/', '../x', 'a/../../etc', '\\', 'a\\b', '/etc']) {
      const folder = unitsFolder('/data', nodeId(name));

      assert.match(folder, /^\/data\/[^/\\]+$/, name);
      assert.doesNotMatch(folder, /\/\.{1,2}$/, name);
    }
  });
});

describe('the files of a unit', () => {
  it('are those that the reference and its tools look for, and the records of the runner', () => {
    assert.deepEqual(unitPaths('/data/here', UNIT), {
      folder: `/data/here/${UNIT}`,
      status: `/data/here/${UNIT}/status`,
      stdin: `/data/here/${UNIT}/stdin`,
      stdout: `/data/here/${UNIT}/stdout`,
      runner: `/data/here/${UNIT}/runner`,
      child: `/data/here/${UNIT}/child`,
      exit: `/data/here/${UNIT}/exit`,
    });
  });
});
