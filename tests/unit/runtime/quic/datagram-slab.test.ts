import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatagramSlab } from '../../../../runtime/quic/datagram-slab.js';

describe('DatagramSlab', () => {
  it('lists datagrams behind their headrooms', () => {
    const slab = new DatagramSlab({ capacity: 100, headroom: 4 });

    slab.append(Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 9), Uint32Array.of(3, 1), 2);

    assert.equal(slab.count, 2);
    assert.equal(slab.filled, 12);
    assert.equal(slab.room, 88);
    assert.deepEqual(slab.datagram(0), Uint8Array.of(1, 2, 3));
    assert.deepEqual(slab.datagram(1), Uint8Array.of(9));
    assert.deepEqual([...slab.starts.subarray(0, 2)], [4, 11]);
  });

  it('takes a second batch behind the first one', () => {
    const slab = new DatagramSlab({ capacity: 100, headroom: 1 });

    slab.append(Uint8Array.of(0, 5), Uint32Array.of(1), 1);
    slab.append(Uint8Array.of(0, 6, 7), Uint32Array.of(2), 1);

    assert.deepEqual(slab.datagram(0), Uint8Array.of(5));
    assert.deepEqual(slab.datagram(1), Uint8Array.of(6, 7));
    assert.deepEqual(slab.bytes.subarray(0, slab.filled), Uint8Array.of(0, 5, 0, 6, 7));
  });

  it('is empty again after clear', () => {
    const slab = new DatagramSlab({ capacity: 100 });
    slab.append(Uint8Array.of(5), Uint32Array.of(1), 1);

    slab.clear();

    assert.deepEqual([slab.count, slab.filled, slab.room], [0, 0, 100]);
  });

  it('refuses a headroom that leaves no room, is negative, or is larger than any header', () => {
    for (const options of [
      { capacity: 38, headroom: 38 },
      { capacity: 38, headroom: -1 },
      { capacity: 65_536, headroom: 1_025 },
    ]) {
      assert.throws(() => new DatagramSlab(options), { code: 'invalid-use' });
    }
  });
});
