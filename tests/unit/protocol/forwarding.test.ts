import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { U64 } from '../../../protocol/bytes.js';
import { decide } from '../../../protocol/forwarding.js';
import type { ServiceName } from '../../../protocol/names.js';
import { composeDatagram, HEADER_BYTES } from '../../../protocol/netceptor/datagram.js';
import { WordTable } from '../../../protocol/word-table.js';

const HERE: U64 = { hi: 1, lo: 2 };
const FAR: U64 = { hi: 3, lo: 4 };
const NOWHERE: U64 = { hi: 5, lo: 6 };

const tables = { selfHi: HERE.hi, selfLo: HERE.lo, lanes: new WordTable<string>() };
tables.lanes.set(FAR.hi, FAR.lo, 'lane');

function packet(destination: U64, hops: number): Uint8Array {
  const service = 'x' as ServiceName;
  const ends = { source: FAR, destination, sourceService: service, destinationService: service };
  return composeDatagram({ hops, ...ends }, new Uint8Array([9]));
}

function decided(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return decide(bytes, start, end, tables);
}

describe('the decision about a packet', () => {
  it('delivers what is for this node, whatever hops it has left', () => {
    assert.equal(decided(packet(HERE, 30)), 'deliver');
    assert.equal(decided(packet(HERE, 0)), 'deliver');
  });

  it('forwards what a lane leads to', () => {
    assert.equal(decided(packet(FAR, 1)), 'forward');
  });

  it('lets a packet without hops expire, even if nobody knows the way', () => {
    assert.equal(decided(packet(FAR, 0)), 'expired');
    assert.equal(decided(packet(NOWHERE, 0)), 'expired');
  });

  it('knows no way where no lane leads', () => {
    assert.equal(decided(packet(NOWHERE, 30)), 'no-route');
    assert.equal(decided(packet({ hi: FAR.hi, lo: FAR.lo + 1 }, 30)), 'no-route');
  });

  it('refuses what is shorter than a header, of another kind, or not there', () => {
    const whole = packet(HERE, 30);
    assert.equal(decided(whole, 0, HEADER_BYTES - 1), 'malformed');
    assert.equal(decided(whole, 0, HEADER_BYTES), 'deliver');
    assert.equal(decided(whole, 0, whole.length + 1), 'malformed');
    assert.equal(decided(new Uint8Array(0)), 'malformed');
    assert.equal(decided(whole.map((byte, at) => (at === 0 ? 1 : byte))), 'malformed');
  });

  it('reads a packet where it lies in a larger buffer, and changes nothing', () => {
    const bytes = new Uint8Array([...new Uint8Array(5).fill(0xff), ...packet(FAR, 3), 0xff]);
    const before = bytes.slice();

    assert.equal(decided(bytes, 5, bytes.length - 1), 'forward');
    assert.deepEqual(bytes, before);
  });
});
