import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkKit } from '../../../../actors/work/work-kit.js';
import { HERE } from '../node-parts.js';
import { COMMANDS, UNIT } from './work-parts.js';

describe('what all the work of a node shares', () => {
  it('keeps its units below the data folder, which is the default of the reference unless it is given', () => {
    assert.equal(new WorkKit(HERE, {}).unitsFolder, '/tmp/receptor/here');
    assert.equal(new WorkKit(HERE, { dataDir: '/var/lib/x' }).unitsFolder, '/var/lib/x/here');
    assert.equal(new WorkKit(HERE, { dataDir: '/d' }).pathsOf(UNIT).stdout, `/d/here/${UNIT}/stdout`);
  });

  it('has the work types of the configuration, and none without one', () => {
    assert.equal(new WorkKit(HERE, { workCommands: COMMANDS }).types.has('echo'), true);
    assert.equal(new WorkKit(HERE, {}).types.size, 0);
  });

  it('begins without units, and shares nothing with the kit of another node', () => {
    const kit = new WorkKit(HERE, {});
    const other = new WorkKit(HERE, {});
    assert.deepEqual([kit.board.size, kit.intakes.size, kit.outputs.size], [0, 0, 0]);
    assert.notEqual(kit.board, other.board);
    assert.notEqual(kit.farNodes, other.farNodes);
  });
});
