import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DATAGRAM_HEADROOM } from '../../../../actors/streams/stream-kit.js';
import { ManualHost } from '../../../support/manual-host.js';
import { NodeParts } from '../node-parts.js';

describe('a stream kit', () => {
  it('makes its engine pool at the first stream', () => {
    const { streamKit } = new NodeParts(new ManualHost());
    assert.equal(streamKit.pool, streamKit.pool);
  });

  it('fills one slab after the other, and takes a new one when the next datagram would not fit', () => {
    const { streamKit } = new NodeParts(new ManualHost());
    const first = streamKit.slab();
    assert.equal(first.headroom, DATAGRAM_HEADROOM);
    let datagrams = 0;
    while (streamKit.slab() === first) {
      first.append(new Uint8Array(DATAGRAM_HEADROOM + 1_200), new Uint32Array([1_200]), 1);
      datagrams += 1;
    }
    assert.equal(datagrams, Math.floor(65_536 / (DATAGRAM_HEADROOM + 1_200)));
    assert.equal(streamKit.slab().filled, 0);
  });

  it('takes a new slab when a full one has only small datagrams', () => {
    const { streamKit } = new NodeParts(new ManualHost());
    const first = streamKit.slab();
    while (first.places > 0) {
      first.append(new Uint8Array(DATAGRAM_HEADROOM + 1), new Uint32Array([1]), 1);
    }
    assert.notEqual(streamKit.slab(), first);
  });
});
