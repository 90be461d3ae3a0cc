import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ending } from '../../../runtime/ending.js';
import { VirtualClock } from '../../../runtime/simulation/virtual-clock.js';

describe('an ending', () => {
  it('is asked for first only once', () => {
    const ending = new Ending();

    assert.equal(ending.isAsked, false);
    assert.equal(ending.ask(), true);
    assert.equal(ending.ask(), false);
    assert.equal(ending.isAsked, true);
  });

  it('is forced at its limit, unless that was cancelled', () => {
    const clock = new VirtualClock();
    const forced: string[] = [];
    const late = new Ending();
    const early = new Ending();
    late.limit(clock, 100, () => forced.push('late'));
    early.limit(clock, 100, () => forced.push('early'));

    early.cancelLimit();
    clock.fireNext(100);

    assert.deepEqual(forced, ['late']);
    assert.equal(clock.armed, 0);
  });

  it('tells all who wait, once, whatever one of them throws', () => {
    const ending = new Ending();
    const told: string[] = [];
    const faults: unknown[] = [];
    ending.whenEnded(() => told.push('a'));
    ending.whenEnded(() => {
      throw new Error('no');
    });
    ending.whenEnded(() => told.push('c'));

    ending.ended((thrown) => faults.push(thrown));
    ending.ended((thrown) => faults.push(thrown));

    assert.deepEqual(told, ['a', 'c']);
    assert.equal(faults.length, 1);
  });
});
