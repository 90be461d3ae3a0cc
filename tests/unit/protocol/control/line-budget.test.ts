import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_BUDGET_BYTES, LineBudget } from '../../../../protocol/control/line-budget.js';

test('gives what there is, and nothing of what there is not', () => {
  const budget = new LineBudget(10);

  assert.deepEqual([budget.take(6), budget.take(5), budget.take(4)], [true, false, true]);
  assert.equal(budget.taken, 10);
  budget.giveBack(6);

  assert.equal(budget.take(5), true);
  assert.equal(budget.taken, 9);
});

test('is enough for eight lines of the greatest length', () => {
  assert.equal(LINE_BUDGET_BYTES, 8 * 8 * 1024 * 1024);
});
