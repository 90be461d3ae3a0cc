import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Turn } from '../../../runtime/turn.js';
import { ManualScheduler } from '../../support/manual-host.js';

function turn() {
  const scheduler = new ManualScheduler();
  const faults: unknown[] = [];
  const log: string[] = [];
  const made = new Turn(scheduler, (thrown) => faults.push(thrown));
  const task = (name: string, act: () => void = () => undefined) => ({
    endTurn: () => {
      log.push(name);
      act();
    },
  });
  return { turn: made, scheduler, faults, log, task };
}

describe('a turn', () => {
  it('runs each task once at its end, pumps before writes, however often they were marked', () => {
    const { turn: made, scheduler, log, task } = turn();
    const lane = task('lane');
    const stream = task('stream');
    made.mark('write', lane);
    made.mark('pump', stream);
    made.mark('write', lane);
    assert.deepEqual(log, []);
    assert.equal(made.marked, 2);

    scheduler.runSoon();

    assert.deepEqual(log, ['stream', 'lane']);
    assert.equal(made.marked, 0);
    assert.equal(scheduler.waiting, 0);
  });

  it('writes in the same turn what a pump yields', () => {
    const { turn: made, scheduler, log, task } = turn();
    const lane = task('lane');
    made.mark(
      'pump',
      task('stream', () => made.mark('write', lane)),
    );

    scheduler.runSoon();

    assert.deepEqual(log, ['stream', 'lane']);
  });

  it('looks at the outside when pumps and writes go on causing each other', () => {
    const { turn: made, scheduler, log, task } = turn();
    const stream = task('stream', () => made.mark('write', lane));
    const lane = task('lane', () => made.mark('pump', stream));
    made.mark('pump', stream);

    scheduler.runSoon();

    assert.ok(log.length >= 2 && log.length <= 64, `${log.length} runs in one turn`);
    assert.equal(scheduler.waitingLater, 1);
  });

  it('runs a task that marks itself again in the next pass, not for ever in this one', () => {
    const { turn: made, scheduler, log, task } = turn();
    const greedy = task('greedy', () => made.mark('pump', greedy));
    made.mark('pump', greedy);
    made.mark('pump', task('modest'));

    scheduler.runSoon();

    assert.deepEqual(log.slice(0, 3), ['greedy', 'modest', 'greedy']);
    assert.equal(scheduler.waitingLater, 1);
  });

  it('does not run a task that was forgotten, even during the turn', () => {
    const { turn: made, scheduler, log, task } = turn();
    const gone = task('gone');
    const other = task('other');
    made.mark(
      'pump',
      task('first', () => made.forget(gone)),
    );
    made.mark('pump', gone);
    made.mark('write', other);
    made.forget(other);

    scheduler.runSoon();

    assert.deepEqual(log, ['first']);
  });

  it('runs the others when a task throws, and reports it', () => {
    const { turn: made, scheduler, log, faults, task } = turn();
    made.mark(
      'write',
      task('bad', () => {
        throw new Error('no');
      }),
    );
    made.mark('write', task('good'));

    scheduler.runSoon();

    assert.deepEqual(log, ['bad', 'good']);
    assert.equal(faults.length, 1);
  });
});
