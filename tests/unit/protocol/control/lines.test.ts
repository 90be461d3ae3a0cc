import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineBudget } from '../../../../protocol/control/line-budget.js';
import { LineCutter } from '../../../../protocol/control/lines.js';
import { textOf, utf8 } from '../../../support/wire-vectors.js';

test('takes one line at a time and tells where the rest begins', () => {
  const cutter = new LineCutter();
  const chunk = utf8('status\nping a\npayload');

  const first = cutter.take(chunk, 0);
  assert.ok(first.type === 'line');
  const second = cutter.take(chunk, first.next);
  assert.ok(second.type === 'line');

  assert.deepEqual([textOf(first.line), first.next, textOf(second.line), second.next], ['status', 7, 'ping a', 14]);
  assert.equal(textOf(chunk.subarray(second.next)), 'payload');
});

test('gathers a line from many chunks and drops each carriage return', () => {
  const cutter = new LineCutter();
  for (const piece of ['s\rt', '', 'at\r', 'x'.repeat(1000)]) assert.equal(cutter.take(utf8(piece), 0).type, 'more');

  const step = cutter.take(utf8('us\r\n'), 0);

  assert.ok(step.type === 'line');
  assert.equal(textOf(step.line), `stat${'x'.repeat(1000)}us`);
});

test('a line is its own, whatever comes next', () => {
  const cutter = new LineCutter();
  const step = cutter.take(utf8('a\n'), 0);
  cutter.take(utf8('zzz\n'), 0);
  assert.equal(step.type === 'line' && textOf(step.line), 'a');
});

test('gives an unfinished line once, at the end of a session', () => {
  const cutter = new LineCutter();
  cutter.take(utf8('ping b'), 0);

  assert.equal(textOf(cutter.takeRest()), 'ping b');
  assert.equal(cutter.takeRest().length, 0);
});

test('an empty line is a line', () => {
  const step = new LineCutter().take(utf8('\r\n'), 0);
  assert.deepEqual(step.type === 'line' && step.line.length, 0);
});

test('short lines need nothing of the budget, and a long one gives back what it took', () => {
  const budget = new LineBudget(100_000);
  const short = new LineCutter(1_000_000, budget);
  assert.equal(short.take(utf8('x'.repeat(60_000)), 0).type, 'more');
  assert.equal(budget.taken, 0);

  const long = new LineCutter(1_000_000, budget);
  assert.equal(long.take(utf8('x'.repeat(100_000)), 0).type, 'more');
  assert.ok(budget.taken >= 100_000 - 65_536);
  assert.equal(long.take(utf8('\n'), 0).type, 'line');
  assert.equal(budget.taken, 0);

  assert.equal(long.take(utf8('x'.repeat(200_000)), 0).type, 'too-long');
  assert.equal(budget.taken, 0);
});

test('a line that is too long ends the matter', () => {
  const cutter = new LineCutter(4);

  assert.equal(cutter.take(utf8('abcd\n'), 0).type, 'line');
  assert.equal(cutter.take(utf8('abc'), 0).type, 'more');
  assert.equal(cutter.take(utf8('de\n'), 0).type, 'too-long');
  assert.equal(cutter.take(utf8('a\n'), 0).type, 'too-long');
});
