import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Random, seededRandom } from '../../../runtime/random.js';
import { backOffDelayMs, RESTART_OR_ESCALATE, RestartJudge, TELL_PARENT } from '../../../runtime/supervisor.js';

const always = (unit: number): Random => ({ ...seededRandom('unused'), unit: () => unit });

describe('a restart judge', () => {
  it('restarts with a growing delay, then gives up within the window', () => {
    const judge = new RestartJudge({
      ...RESTART_OR_ESCALATE,
      backOff: { firstMs: 10, factor: 2, limitMs: 1_000, jitter: 0 },
      intensity: { restarts: 3, withinMs: 1_000 },
    });

    const verdicts = [0, 1, 2, 3].map((atMs) => judge.judge(atMs, always(0)));

    assert.deepEqual(verdicts, [
      { type: 'restart', delayMs: 10 },
      { type: 'restart', delayMs: 20 },
      { type: 'restart', delayMs: 40 },
      { type: 'escalate', gaveUp: true },
    ]);
    assert.equal(judge.recentRestarts, 3);
  });

  it('forgets failures that lie before the window', () => {
    const judge = new RestartJudge({ ...RESTART_OR_ESCALATE, intensity: { restarts: 1, withinMs: 1_000 } });

    assert.equal(judge.judge(0, always(0)).type, 'restart');
    assert.equal(judge.judge(1_000, always(0)).type, 'restart');
    assert.equal(judge.judge(1_999, always(0)).type, 'escalate');
  });

  it('stops or escalates at the first failure when that is the policy', () => {
    assert.deepEqual(new RestartJudge(TELL_PARENT).judge(0, always(0)), { type: 'stop', gaveUp: false });
    const policy = { ...TELL_PARENT, onFailure: 'escalate' } as const;
    assert.deepEqual(new RestartJudge(policy).judge(0, always(0)), { type: 'escalate', gaveUp: false });
  });

  it('gives up by stopping when that is the policy', () => {
    const judge = new RestartJudge({
      ...RESTART_OR_ESCALATE,
      intensity: { restarts: 0, withinMs: 1_000 },
      onGiveUp: 'stop',
    });

    assert.deepEqual(judge.judge(0, always(0)), { type: 'stop', gaveUp: true });
  });
});

describe('a back-off', () => {
  const backOff = { firstMs: 100, factor: 2, limitMs: 1_000, jitter: 0 };

  it('grows by its factor up to its limit', () => {
    const delays = [0, 1, 2, 3, 4, 5_000].map((attempt) => backOffDelayMs(backOff, attempt, always(0)));

    assert.deepEqual(delays, [100, 200, 400, 800, 1_000, 1_000]);
  });

  it('draws the part that is jitter', () => {
    const half = { ...backOff, jitter: 0.5 };

    assert.equal(backOffDelayMs(half, 0, always(0)), 50);
    assert.equal(backOffDelayMs(half, 0, always(0.5)), 75);
  });

  it('stays a number when nothing grows without end', () => {
    assert.equal(backOffDelayMs({ ...backOff, firstMs: 0 }, 5_000, always(0.5)), 0);
  });
});
