import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NameTable } from '../../../../actors/mesh/name-table.js';
import { emptyTables, tablesFor } from '../../../../actors/mesh/tables.js';
import { Lane } from '../../../../runtime/lane.js';
import { ManualHost } from '../../../support/manual-host.js';
import { RecordingSession } from '../../../support/recording-session.js';
import { FAR, HERE, NEAR, NodeParts, nodeId } from '../node-parts.js';

const { turn } = new NodeParts(new ManualHost());

describe('the tables of the data path', () => {
  it('know at first only ourselves', () => {
    const names = new NameTable();
    const tables = emptyTables(HERE, names);

    assert.deepEqual({ hi: tables.selfHi, lo: tables.selfLo }, names.hashOf(HERE));
    assert.equal(tables.lanes.size, 0);
  });

  it('lead to each destination by the lane of the next hop', () => {
    const names = new NameTable();
    const lane = new Lane(new RecordingSession(), turn);
    const routes = new Map([
      [NEAR, NEAR],
      [FAR, NEAR],
    ]);
    const tables = tablesFor(HERE, names, routes, new Map([[NEAR, lane]]));

    for (const node of [NEAR, FAR]) {
      const { hi, lo } = names.hashOf(node);
      assert.equal(tables.lanes.get(hi, lo), lane);
    }
  });

  it('leave out what goes over a neighbour without a lane', () => {
    const names = new NameTable();
    const tables = tablesFor(HERE, names, new Map([[FAR, nodeId('gone')]]), new Map());

    assert.equal(tables.lanes.size, 0);
  });
});
