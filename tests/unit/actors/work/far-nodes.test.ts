import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FarNodes } from '../../../../actors/work/far-nodes.js';
import { FAR, NEAR, nodeId } from '../node-parts.js';

describe('what is known of the dialects of other nodes', () => {
  it('takes every node for one of our own kind until it turns out otherwise', () => {
    const nodes = new FarNodes();
    nodes.noteRequestsOnly(FAR);

    assert.equal(nodes.dialectOf(FAR), 'requests');
    assert.equal(nodes.dialectOf(NEAR), 'follow');
  });

  it('is forgotten when the node was lost: it may come back as another program', () => {
    const nodes = new FarNodes();
    nodes.noteRequestsOnly(FAR);
    nodes.noteRequestsOnly(NEAR);

    nodes.forget(FAR);

    assert.equal(nodes.dialectOf(FAR), 'follow');
    assert.equal(nodes.dialectOf(NEAR), 'requests');
  });

  it('is kept of 4,096 nodes, of which the oldest is forgotten first', () => {
    const nodes = new FarNodes();
    const name = (index: number) => nodeId(`n${index}`);
    for (let index = 0; index < 4_096; index += 1) {
      nodes.noteRequestsOnly(name(index));
    }
    assert.equal(nodes.dialectOf(name(0)), 'requests');

    nodes.noteRequestsOnly(name(4_096));

    assert.equal(nodes.dialectOf(name(0)), 'follow');
    assert.equal(nodes.dialectOf(name(1)), 'requests');
    assert.equal(nodes.dialectOf(name(4_096)), 'requests');
  });

  it('loses no other node when one is noted again', () => {
    const nodes = new FarNodes();
    for (let index = 0; index < 4_096; index += 1) {
      nodes.noteRequestsOnly(nodeId(`n${index}`));
    }

    nodes.noteRequestsOnly(nodeId('n4095'));

    assert.equal(nodes.dialectOf(nodeId('n0')), 'requests');
  });
});
