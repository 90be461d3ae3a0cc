import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkedDelay, settlePromises, systemClock, systemScheduler } from '../../../runtime/clock.js';
import { codeOf } from '../../../runtime/errors.js';

describe('the system clock', () => {
  it('never goes back, and knows the time of day', () => {
    const first = systemClock.monotonicMs();
    const second = systemClock.monotonicMs();

    assert.ok(second >= first);
    assert.ok(systemClock.wallMs() > 1_700_000_000_000);
  });

  it('fires a timer later, never at once', async () => {
    const order: string[] = [];

    const fired = new Promise<void>((resolve) => {
      systemClock.setTimer(-5, () => {
        order.push('fired');
        resolve();
      });
    });
    order.push('armed');
    await fired;

    assert.deepEqual(order, ['armed', 'fired']);
  });

  it('does not fire a cancelled timer, however long it would have waited', async () => {
    const cancelled = systemClock.setTimer(0, () => assert.fail('fired'));
    cancelled.cancel();
    cancelled.cancel();
    const forty = systemClock.setTimer(40 * 86_400_000, () => assert.fail('fired at once'));

    await new Promise<void>((resolve) => {
      systemClock.setTimer(2, resolve);
    });

    forty.cancel();
  });

  it('refuses a delay that is no number', () => {
    assert.throws(
      () => systemClock.setTimer(Number.NaN, () => undefined),
      (error) => codeOf(error) === 'invalid-use',
    );
    assert.deepEqual([checkedDelay(-1), checkedDelay(2.5), checkedDelay(Infinity)], [0, 2.5, Infinity]);
  });
});

describe('the system scheduler', () => {
  it('runs what is due soon before what is due later', async () => {
    const order: string[] = [];

    await new Promise<void>((resolve) => {
      systemScheduler.later(() => {
        order.push('later');
        resolve();
      });
      systemScheduler.soon(() => order.push('soon'));
    });

    assert.deepEqual(order, ['soon', 'later']);
  });
});

describe('settling promises', () => {
  it('waits for chains of any length', async () => {
    const settled: number[] = [];
    const chain = async (links: number): Promise<void> => {
      for (let link = 0; link < links; link += 1) {
        await undefined;
      }
      settled.push(links);
    };
    void chain(1);
    void chain(100);
    void chain(10_000);

    await settlePromises();

    assert.deepEqual(settled, [1, 100, 10_000]);
  });

  it('lets the real event loop have a look now and then', async () => {
    let looked = false;
    systemScheduler.later(() => {
      looked = true;
    });

    let rounds = 0;
    for (; !looked && rounds < 10_000; rounds += 1) {
      await settlePromises();
    }

    assert.ok(looked, `not within ${rounds} rounds`);
  });
});
