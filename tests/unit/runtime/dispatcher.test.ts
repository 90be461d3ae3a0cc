import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dispatcher } from '../../../runtime/dispatcher.js';
import { ManualScheduler } from '../../support/manual-host.js';

function dispatcher() {
  const scheduler = new ManualScheduler();
  const faults: unknown[] = [];
  const made = new Dispatcher(scheduler, (thrown) => faults.push(thrown));
  const log: string[] = [];
  /** Somebody with that many messages. */
  const worker = (name: string, messages: number, act: () => void = () => undefined) => {
    let left = messages;
    const runnable = {
      runOne: () => {
        left -= 1;
        log.push(name);
        act();
        return left > 0;
      },
      refill: (more: number) => {
        left = more;
        made.wake(runnable);
      },
    };
    return runnable;
  };
  return { dispatcher: made, scheduler, faults, log, worker };
}

describe('the dispatcher', () => {
  it('runs whoever was woken until no message is left', () => {
    const { dispatcher: made, scheduler, log, worker } = dispatcher();
    made.wake(worker('a', 2));
    made.wake(worker('b', 1));
    assert.equal(made.depth, 2);

    scheduler.runSoon();

    assert.deepEqual(log, ['a', 'a', 'b']);
    assert.equal(made.depth, 0);
  });

  it('lets the next have a turn before one with many messages goes on', () => {
    const { dispatcher: made, scheduler, log, worker } = dispatcher();
    made.wake(worker('a', 100));
    made.wake(worker('b', 1));

    scheduler.runSoon();

    assert.ok(log.indexOf('b') < log.lastIndexOf('a'));
    assert.equal(log.length, 101);
  });

  it('keeps who is woken twice only once', () => {
    const { dispatcher: made, scheduler, log, worker } = dispatcher();
    const a = worker('a', 1);
    made.wake(a);
    made.wake(a);

    scheduler.runSoon();

    assert.deepEqual(log, ['a']);
  });

  it('looks at the outside after a bounded number of messages, even when two actors keep waking each other', () => {
    const { dispatcher: made, scheduler, log, worker } = dispatcher();
    const ping = worker('ping', 1, () => pong.refill(1));
    const pong = worker('pong', 1, () => ping.refill(1));
    made.wake(ping);

    scheduler.runSoon();

    assert.ok(log.length >= 2_048 && log.length < 3_000, `${log.length} messages`);
    assert.equal(scheduler.waitingLater, 1);
  });

  it('goes on later with what it had to leave', () => {
    const { dispatcher: made, scheduler, log, worker } = dispatcher();
    made.wake(worker('a', 5_000));

    scheduler.runSoon();
    assert.ok(log.length < 5_000);
    scheduler.run();

    assert.equal(log.length, 5_000);
    assert.equal(scheduler.waiting, 0);
  });

  it('reports who throws, and runs the others', () => {
    const { dispatcher: made, scheduler, faults, log, worker } = dispatcher();
    made.wake({
      runOne: () => {
        throw new Error('no');
      },
    });
    made.wake(worker('b', 1));

    scheduler.runSoon();

    assert.deepEqual(log, ['b']);
    assert.equal(faults.length, 1);
    assert.equal(made.depth, 0);
  });
});
