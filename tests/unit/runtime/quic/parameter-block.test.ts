import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dialBlock, listenBlock } from '../../../../runtime/quic/parameter-block.js';
import { DEFAULTS } from '../../../../runtime/quic/settings.js';
import { testIdentity } from './rig.js';

const FIELDS = 16;

describe('dialBlock', () => {
  it('has the defaults where nothing is said, and a place for one connection', () => {
    const block = dialBlock({ protocols: ['p'] }, 0);

    assert.deepEqual(fields(block), [
      ...[0, 0, 0, 0],
      ...[DEFAULTS.idleTimeoutMs, DEFAULTS.keepAliveMs, DEFAULTS.handshakeTimeoutMs],
      ...[1, 1_048_576, 1_310_720, 1_048_576, 1_200, 65_527, 0],
      ...[1, 1],
    ]);
    assert.deepEqual([...block.subarray(FIELDS * 4)], [2, 0, 0, 0, 1, 0x70]);
  });

  it('has every setting in its place', () => {
    const block = dialBlock(
      {
        protocols: ['p'],
        idleTimeoutMs: 1,
        keepAliveMs: 2,
        handshakeTimeoutMs: 3,
        peerStreams: 4,
        streamWindow: 5,
        connectionWindow: 6,
        sendWindow: 7,
        initialDatagram: 8,
        announcedDatagram: 9,
        discoveryLimit: 10,
      },
      0,
    );

    assert.deepEqual(fields(block).slice(4, 14), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('names the key and carries the chain of an identity', () => {
    const identity = testIdentity();
    const [certificate = new Uint8Array()] = identity.chain;

    const block = dialBlock({ protocols: ['p'], identity }, 42);

    assert.deepEqual(fields(block).slice(2, 4), [42, 1]);
    assert.deepEqual(block.subarray(-certificate.length), certificate);
  });

  it('refuses a number that is not whole or does not fit', () => {
    for (const idleTimeoutMs of [1.5, -1, 2 ** 32, Number.NaN]) {
      assert.throws(() => dialBlock({ protocols: ['p'], idleTimeoutMs }, 0), { code: 'invalid-use' });
    }
  });
});

describe('listenBlock', () => {
  it('says what is asked of clients and how many there may be, and never keeps alive', () => {
    const identity = testIdentity();

    const plain = fields(listenBlock({ protocols: ['p'], identity }, 1));
    const strict = fields(
      listenBlock(
        { protocols: ['p'], identity, clientAuthentication: 'required', halfOpenLimit: 3, connectionLimit: 9 },
        1,
      ),
    );

    assert.deepEqual([plain[0], plain[1], plain[5], plain[14], plain[15]], [1, 0, 0, 256, 4_096]);
    assert.deepEqual([strict[0], strict[1], strict[5], strict[14], strict[15]], [1, 2, 0, 3, 9]);
  });
});

function fields(block: Uint8Array): number[] {
  const view = new DataView(block.buffer, block.byteOffset);
  return Array.from({ length: FIELDS }, (_, index) => view.getUint32(index * 4, true));
}
