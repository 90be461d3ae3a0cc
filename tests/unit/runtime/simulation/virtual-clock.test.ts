import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf } from '../../../../runtime/errors.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';

function fireAll(clock: VirtualClock, limitMs = Number.POSITIVE_INFINITY): number {
  let fired = 0;
  while (clock.fireNext(limitMs)) {
    fired += 1;
  }
  return fired;
}

describe('the virtual clock', () => {
  it('stands still until it is moved, at a Monday in 2026', () => {
    const clock = new VirtualClock();
    assert.equal(new Date(clock.wallMs()).toISOString(), '2026-06-01T00:00:00.000Z');

    clock.moveTo(1_500);

    assert.equal(clock.monotonicMs(), 1_500);
    assert.equal(new Date(clock.wallMs()).toISOString(), '2026-06-01T00:00:01.500Z');
    clock.moveTo(1_000);
    assert.equal(clock.monotonicMs(), 1_500);
  });

  it('stops at every deadline, also at those that are armed on the way', () => {
    const clock = new VirtualClock();
    const fired: [string, number][] = [];
    clock.setTimer(5, () => {
      fired.push(['a', clock.monotonicMs()]);
      clock.setTimer(5, () => fired.push(['b', clock.monotonicMs()]));
    });
    clock.setTimer(20, () => fired.push(['c', clock.monotonicMs()]));

    fireAll(clock, 100);

    assert.deepEqual(fired, [
      ['a', 5],
      ['b', 10],
      ['c', 20],
    ]);
    assert.equal(clock.monotonicMs(), 20);
  });

  it('fires deadlines of one moment in the order of arming', () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    for (let order = 0; order < 100; order += 1) {
      clock.setTimer(7, () => fired.push(order));
    }

    fireAll(clock);

    assert.deepEqual(
      fired,
      Array.from({ length: 100 }, (_, order) => order),
    );
  });

  it('does not fire what lies beyond the limit, nor what was cancelled', () => {
    const clock = new VirtualClock();
    const cancelled = clock.setTimer(1, () => assert.fail('cancelled'));
    clock.setTimer(10, () => undefined);
    clock.setTimer(11, () => assert.fail('beyond'));
    cancelled.cancel();
    cancelled.cancel();
    assert.equal(clock.armed, 2);
    assert.equal(clock.nextMs(), 10);

    assert.equal(fireAll(clock, 10), 1);

    assert.equal(clock.armed, 1);
    assert.equal(clock.nextMs(), 11);
  });

  it('counts a timer that is cancelled after it fired only once', () => {
    const clock = new VirtualClock();
    const timer = clock.setTimer(1, () => undefined);
    clock.setTimer(2, () => undefined);
    clock.fireNext(1);

    timer.cancel();

    assert.equal(clock.armed, 1);
  });

  it('does not grow when one timer is armed anew a million times', () => {
    const clock = new VirtualClock();
    let timer = clock.setTimer(30_000, () => undefined);
    for (let packet = 0; packet < 100_000; packet += 1) {
      timer.cancel();
      timer = clock.setTimer(30_000, () => undefined);
    }

    assert.equal(clock.armed, 1);
    assert.ok(clock.size < 3_000, `${clock.size} entries`);
    assert.equal(fireAll(clock), 1);
  });

  it('refuses a delay that is no number, and takes one that never ends', () => {
    const clock = new VirtualClock();

    assert.throws(
      () => clock.setTimer(Number.NaN, () => undefined),
      (error) => codeOf(error) === 'invalid-use',
    );
    clock.setTimer(Number.POSITIVE_INFINITY, () => assert.fail('never'));
    assert.equal(fireAll(clock, 1e12), 0);
  });
});
