import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineInstance } from '../../../../runtime/quic/instance.js';
import { readChain, readStatistics, readText } from '../../../../runtime/quic/records.js';
import { Rig } from './rig.js';

const instance = new EngineInstance(new Rig().hosts.dialler);

describe('readChain', () => {
  it('cuts the certificates apart, as copies', () => {
    instance.output.set([1, 2, 3, 4, 5]);
    instance.numbers.set([2, 3]);

    const chain = readChain(instance, 2);
    instance.output.fill(0);

    assert.deepEqual(chain, [Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5)]);
    assert.deepEqual(readChain(instance, 0), []);
    assert.deepEqual(readChain(instance, -1), []);
  });
});

describe('readStatistics', () => {
  it('reads six wide numbers', () => {
    instance.numbers.set([1, 1, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);

    assert.deepEqual(readStatistics(instance, 0), {
      datagramsSent: 2 ** 32 + 1,
      datagramsReceived: 2,
      packetsLost: 3,
      congestionWindow: 4,
      roundTripMicros: 5,
      datagramSize: 6,
    });
  });

  it('is all zero after a failed call', () => {
    assert.deepEqual(new Set(Object.values(readStatistics(instance, -1))), new Set([0]));
  });
});

describe('readText', () => {
  it('replaces bytes that are no text', () => {
    instance.output.set([0x61, 0xff, 0x62]);

    assert.equal(readText(instance, 3), 'a\ufffdb');
    assert.equal(readText(instance, -1), '');
  });
});
