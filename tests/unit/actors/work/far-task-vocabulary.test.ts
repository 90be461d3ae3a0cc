import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneMoreLoss, RETRY_JITTER, retryDelayMs } from '../../../../actors/work/far-task-vocabulary.js';

describe('the pauses between attempts', () => {
  it('grow by half, as in the reference, from half a second on', () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((losses) => retryDelayMs(losses)),
      [500, 750, 1_125, 1_687.5],
    );
  });

  it('are never longer than a minute', () => {
    assert.ok(retryDelayMs(12) < 60_000);
    assert.equal(retryDelayMs(13), 60_000);
    assert.equal(retryDelayMs(10_000), 60_000);
  });

  it('are the first one for whoever has lost nothing yet', () => {
    assert.equal(retryDelayMs(0), 500);
  });

  it('are spread, so that the units of a lost node do not all come back at once', () => {
    assert.ok(RETRY_JITTER > 0 && RETRY_JITTER < 1);
  });

  it('are made of a count of losses that ends where it makes no difference any more', () => {
    let losses = 0;
    for (let count = 0; count < 1_000; count += 1) {
      losses = oneMoreLoss(losses);
    }

    assert.equal(losses, 64);
    assert.equal(oneMoreLoss(0), 1);
    assert.equal(retryDelayMs(losses), 60_000);
  });
});
