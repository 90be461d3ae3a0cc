import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestTally } from '../../support/test-tally.js';
import { COMMANDS, planFor } from '../../support/test-tiers.js';

describe('the tally of a run', () => {
  it('counts tests, not suites, and puts what was skipped last, with its reason', () => {
    const tally = new TestTally();
    tally.note('unit', true, { name: 'a', details: {} });
    tally.note('unit', true, { name: 'suite', details: { type: 'suite' } });
    tally.note('unit', false, { name: 'b', details: {} });
    tally.note('unit', false, { name: 'failing suite', details: { type: 'suite' } });
    tally.note('e2e', true, { name: 'c', file: 'c.test.js', skip: 'no podman', details: {} });
    tally.note('e2e', true, { name: 'd', file: 'd.test.js', skip: '', details: {} });
    tally.note('e2e', false, { name: 'e', file: 'e.test.js', todo: 'next week', details: {} });
    tally.note('e2e', true, { name: 'f', skip: false, details: {} });
    tally.measured('it grew by 3 KiB');
    tally.took('unit', 1_234);
    tally.took('e2e', 60_000);

    assert.equal(tally.failures, 1);
    assert.equal(tally.tests, 6);
    assert.deepEqual(tally.summary(), [
      '',
      'tier            tests   passed   failed  skipped     time',
      'unit                2        1        1        0    1.2 s',
      'e2e                 4        1        0        3   60.0 s',
      '',
      'measured: it grew by 3 KiB',
      'failed: unit: b',
      '6 tests in 61.2 s',
      'total: 2 passed, 1 failed, 3 skipped',
      'skipped: c (c.test.js): no podman',
      'skipped: d (d.test.js): no reason given',
      'skipped: e (e.test.js): next week',
    ]);
  });
});

describe('the plans', () => {
  it('run more the more time there is', () => {
    const folders = (command: string) => planFor(command)?.tiers.map(({ folder }) => folder);

    assert.deepEqual(folders('check'), ['structure', 'unit', 'property', 'simulation']);
    assert.deepEqual(folders('test'), ['structure', 'unit', 'property', 'simulation', 'contract', 'e2e']);
    assert.deepEqual([planFor('check')?.seeds, planFor('test')?.seeds], [20, 200]);
  });

  it('are known by their words only', () => {
    assert.deepEqual(COMMANDS, ['check', 'test', 'unit', 'sim', 'e2e', 'interop', 'soak']);
    assert.equal(planFor('toString'), undefined);
    assert.equal(planFor(undefined), undefined);
  });
});
