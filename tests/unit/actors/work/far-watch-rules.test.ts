import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAllHere, pollDelayMs } from '../../../../actors/work/far-watch-rules.js';
import { statusOf } from './work-parts.js';

describe('the rules of those who watch a unit elsewhere', () => {
  it('a unit is all here when it has ended in any way and no byte is missing', () => {
    for (const state of [2, 3, 4]) {
      const status = statusOf({ state, stdoutSize: 10 });
      assert.deepEqual(
        [9, 10, 11].map((storedSize) => isAllHere(status, storedSize)),
        [false, true, true],
        `state ${state}`,
      );
    }
  });

  it('a unit that has not ended is never all here, however much is stored', () => {
    for (const state of [0, 1, 7]) {
      assert.equal(isAllHere(statusOf({ state, stdoutSize: 10 }), 10), false, `state ${state}`);
    }
  });

  it('a unit without output is all here as soon as it has ended', () => {
    assert.equal(isAllHere(statusOf({ state: 2 }), 0), true);
  });

  it('a unit is looked at each second, as the reference does, and sooner while something moves', () => {
    assert.equal(pollDelayMs(statusOf({ state: 1, stdoutSize: 10 }), 10), 1_000);
    assert.equal(pollDelayMs(statusOf({ state: 1, stdoutSize: 10 }), 9), 250);
    assert.equal(pollDelayMs(statusOf({ state: 2, stdoutSize: 10 }), 9), 250);
    assert.equal(pollDelayMs(statusOf({ state: 0 }), 0), 250);
  });
});
