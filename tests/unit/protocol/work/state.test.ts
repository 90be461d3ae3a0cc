import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComplete, isFinal, mayMove, stateName, WORK_STATE } from '../../../../protocol/work/state.js';

const { pending, running, succeeded, failed, canceled } = WORK_STATE;

test('names the states, and numbers that are none', () => {
  assert.deepEqual([0, 1, 2, 3, 4].map(stateName), ['Pending', 'Running', 'Succeeded', 'Failed', 'Canceled']);
  assert.equal(stateName(7), 'Unknown: 7');
  assert.equal(stateName(-1), 'Unknown: -1');
});

test('a cancelled unit is final but does not count as complete', () => {
  assert.deepEqual([pending, running, succeeded, failed, canceled, 9].map(isComplete), [
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
  assert.deepEqual([pending, running, succeeded, failed, canceled, 9].map(isFinal), [
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});

test('a unit moves forward only, and a cancel may override the failure that it made', () => {
  const allowed = new Set(['0>1', '0>2', '0>3', '0>4', '1>2', '1>3', '1>4', '3>4']);
  for (const from of [0, 1, 2, 3, 4]) {
    for (const to of [0, 1, 2, 3, 4]) {
      assert.equal(mayMove(from, to), from === to || allowed.has(`${from}>${to}`), `${from} to ${to}`);
    }
  }
});

test('a state that nobody knows is left for any known one and never entered', () => {
  assert.deepEqual([mayMove(9, pending), mayMove(9, running)], [true, true]);
  assert.equal(mayMove(running, 9), false);
  assert.equal(mayMove(9, 9), true);
});
