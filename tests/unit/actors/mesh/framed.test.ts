import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitsFrame, framed, pushFramed } from '../../../../actors/mesh/framed.js';
import { RuntimeError } from '../../../../runtime/errors.js';

describe('a framed message', () => {
  it('stands behind its length, least byte first, in bytes of its own', () => {
    const message = new Uint8Array(0x0102).fill(7);
    const frame = framed(message);
    message.fill(0);

    assert.deepEqual(Array.from(frame.subarray(0, 4)), [0x02, 0x01, 7, 7]);
    assert.equal(frame.length, 0x0104);
  });

  it('is never empty, which would end a Go peer, nor longer than its length can tell', () => {
    for (const length of [0, 65_536, 65_537, 131_072]) {
      const message = new Uint8Array(length);
      assert.equal(fitsFrame(message), false, `${length}`);
      assert.throws(
        () => framed(message),
        (thrown) => thrown instanceof RuntimeError && thrown.code === 'invalid-use',
      );
    }
    for (const length of [1, 65_535]) {
      assert.equal(fitsFrame(new Uint8Array(length)), true);
      assert.equal(framed(new Uint8Array(length)).length, length + 2);
    }
  });
});

describe('a framed message for a lane', () => {
  it('is pushed without its prefix, which stands right before it', () => {
    const pushed: (readonly number[])[] = [];
    const lane = {
      push: (bytes: Uint8Array, start: number, end: number): boolean => {
        pushed.push([...bytes], [start, end]);
        return pushed.length < 4;
      },
    };

    assert.equal(pushFramed(lane, Uint8Array.of(7, 8)), true);
    assert.equal(pushFramed(lane, Uint8Array.of(9)), false, 'the lane is full');

    assert.deepEqual(pushed.slice(0, 2), [
      [2, 0, 7, 8],
      [2, 4],
    ]);
  });
});
