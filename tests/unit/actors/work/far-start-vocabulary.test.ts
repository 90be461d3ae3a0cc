import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isIdTaken, leftoverOf } from '../../../../actors/work/far-start-vocabulary.js';
import { WORK_REFUSAL } from '../../../../protocol/control/work-reply.js';
import { statusOf, UNIT } from './work-parts.js';

const leftover = (state: number, detail: string, pid?: number) =>
  leftoverOf(
    statusOf({ state, detail, ...(pid === undefined ? {} : { extraData: { type: 'command', pid, params: '' } }) }),
  );

describe('what an earlier attempt has left on the other node', () => {
  it('is cleared away while it waits for input that will never be complete', () => {
    assert.equal(leftover(0, 'Unit Created'), 'clear');
    assert.equal(leftover(0, 'Waiting for Input Data'), 'clear');
  });

  it('is cleared away when it has failed for want of its input', () => {
    assert.equal(leftover(3, 'Error reading input data: Application error 0x1f3 (remote): '), 'clear');
    assert.equal(leftover(3, 'Pending at restart'), 'clear');
  });

  it('is taken over as soon as the work may have begun, so that nothing runs twice', () => {
    for (const [state, detail] of [
      [0, 'Starting Worker'],
      [0, 'Launching command runner'],
      [0, 'Not started yet'],
      [1, 'Running: PID 5'],
      [1, 'Waiting for Input Data'],
      [2, 'exit status 0'],
      [3, 'exit status 1'],
      [3, 'signal: killed'],
      [3, 'Error starting worker: no'],
      [3, 'the command was lost: its runner is gone and left no exit status'],
      [4, 'Canceled'],
    ] as const) {
      assert.equal(leftover(state, detail), 'adopt', `${state} ${detail}`);
    }
  });

  it('is taken over when a runner was launched before a restart of the reference: it may live there unseen', () => {
    assert.equal(leftover(3, 'Pending at restart', 4_711), 'adopt');
    assert.equal(leftover(3, 'Pending at restart', 0), 'clear');
  });
});

describe('the refusal of an id', () => {
  it('is known by the words of 1.6.9, which are ours too', () => {
    const reference = 'workunit ID hereUnit0001 is already in use, cannot use the same workunit ID more than once';

    assert.equal(isIdTaken(reference), true);
    assert.equal(WORK_REFUSAL.unitIdInUse(UNIT), reference);
    assert.equal(isIdTaken('unknown work type x'), false);
  });
});
