import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeEngineHost } from '../../../../runtime/quic/node-host.js';
import { seededRandom } from '../../../../runtime/random.js';

describe('nodeEngineHost', () => {
  it('gives whole microseconds that survive the way through milliseconds', () => {
    let nowMs = 0;
    const host = nodeEngineHost({ monotonicMs: () => nowMs, wallMs: () => 0 }, seededRandom(1));

    for (let micros = 0; micros < 200_000; micros += 7) {
      nowMs = micros / 1000;
      assert.equal(host.monotonicMicros(), micros);
    }
  });

  it('takes wall time and chance from where it was told', () => {
    const host = nodeEngineHost({ monotonicMs: () => 0, wallMs: () => 1_780_000_000_000 }, seededRandom('x'));
    const target = new Uint8Array(8);

    host.fillRandom(target);

    assert.equal(host.wallMs(), 1_780_000_000_000);
    assert.deepEqual(target, seededRandom('x').fill(new Uint8Array(8)));
  });
});
