import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf } from '../../../runtime/errors.js';
import { Scope } from '../../../runtime/scope.js';
import { VirtualClock } from '../../../runtime/simulation/virtual-clock.js';

function scope(closeWithinMs?: number) {
  const faults: string[] = [];
  const closed: string[] = [];
  const clock = new VirtualClock();
  const patience = closeWithinMs === undefined ? undefined : { clock, closeWithinMs };
  const made = new Scope((label, thrown) => faults.push(`${label} ${codeOf(thrown)}`), patience);
  const own = (label: string) => made.own(label, () => void closed.push(label));
  return { scope: made, own, closed, faults, clock };
}

describe('a scope', () => {
  it('closes everything in the reverse order of opening, then says so', () => {
    const { scope: made, own, closed } = scope();
    own('a');
    own('b');
    own('c');

    made.close(() => closed.push('done'));

    assert.deepEqual(closed, ['c', 'b', 'a', 'done']);
    assert.equal(made.size, 0);
  });

  it('is done at once when nothing is open', () => {
    let isDone = false;

    scope().scope.close(() => {
      isDone = true;
    });

    assert.ok(isDone);
  });

  it('closes each only after the one before it has ended', () => {
    const { scope: made, own, closed } = scope();
    const ends: (() => void)[] = [];
    own('a');
    made.own('slow', (done: () => void) => {
      closed.push('slow begins');
      ends.push(done);
    });
    own('c');

    made.close(() => closed.push('done'));

    assert.deepEqual(closed, ['c', 'slow begins']);
    assert.deepEqual(made.labels(), ['a', 'slow']);
    ends[0]?.();
    assert.deepEqual(closed, ['c', 'slow begins', 'a', 'done']);
  });

  it('closes neighbours of one word at the same time, and waits for all of them', () => {
    const { scope: made, own, closed } = scope();
    const ends: (() => void)[] = [];
    const slow = (label: string) =>
      made.own(
        label,
        (done: () => void) => {
          closed.push(label);
          ends.push(done);
        },
        { together: 'child link' },
      );
    own('first');
    slow('x');
    slow('y');
    own('between');
    slow('z');

    made.close(() => closed.push('done'));
    assert.deepEqual(closed, ['z']);
    ends[0]?.();
    assert.deepEqual(closed, ['z', 'between', 'x', 'y']);
    ends[1]?.();
    assert.deepEqual(closed, ['z', 'between', 'x', 'y']);
    ends[2]?.();

    assert.deepEqual(closed, ['z', 'between', 'x', 'y', 'first', 'done']);
  });

  it('closes the others when one closer throws, and reports the fault', () => {
    const { scope: made, own, closed, faults } = scope();
    own('a');
    made.own('bad', () => {
      throw new TypeError('no');
    });
    own('c');

    made.close(() => closed.push('done'));

    assert.deepEqual(closed, ['c', 'a', 'done']);
    assert.deepEqual(faults, ['bad TypeError']);
  });

  it('forgets what was closed or released before', () => {
    const { scope: made, own, closed } = scope();
    const a = own('a');
    const b = own('b');
    own('c');

    a.close();
    a.close();
    b.release();
    made.close(() => closed.push('done'));

    assert.deepEqual(closed, ['a', 'c', 'done']);
  });

  it('waits for what is being closed already, and does not close it twice', () => {
    const { scope: made, closed } = scope();
    const ends: (() => void)[] = [];
    const owned = made.own('slow', (done: () => void) => {
      closed.push('slow');
      ends.push(done);
    });
    owned.close();
    assert.deepEqual(made.labels(), ['slow']);

    made.close(() => closed.push('done'));
    assert.deepEqual(closed, ['slow']);
    ends[0]?.();

    assert.deepEqual(closed, ['slow', 'done']);
  });

  it('closes at once what is opened while it closes, and waits for its end', () => {
    const { scope: made, closed } = scope();
    const ends: (() => void)[] = [];
    made.own('a', () => {
      made.own('late', (done: () => void) => {
        closed.push('late');
        ends.push(done);
      });
    });

    made.close(() => closed.push('done'));

    assert.deepEqual(closed, ['late']);
    assert.ok(made.isClosing);
    ends[0]?.();
    assert.deepEqual(closed, ['late', 'done']);
  });

  it('goes on without a closer that takes too long, and reports it', () => {
    const { scope: made, own, closed, faults, clock } = scope(5_000);
    own('a');
    made.own('stuck', (done: () => void) => void done.length);

    made.close(() => closed.push('done'));
    assert.deepEqual(closed, []);
    clock.fireNext(4_999);
    assert.deepEqual(closed, []);
    clock.fireNext(5_000);

    assert.deepEqual(closed, ['a', 'done']);
    assert.deepEqual(faults, ['stuck stop-overdue']);
  });

  it('waits as long as it takes for what has a limit of its own', () => {
    const { scope: made, clock } = scope(5_000);
    made.own('child', (done: () => void) => void done.length, { isPatient: true });

    made.close(() => assert.fail('not yet'));

    assert.equal(clock.nextMs(), undefined);
  });

  it('leaves no timer behind when a closer ends in time', () => {
    const { scope: made, clock } = scope(5_000);
    const ends: (() => void)[] = [];
    made.own('slow', (done: () => void) => void ends.push(done));

    made.close(() => undefined);
    ends[0]?.();
    ends[0]?.();

    assert.equal(clock.armed, 0);
  });

  it('closes a hundred thousand entries without deep recursion', () => {
    const { scope: made } = scope();
    let open = 0;
    for (let entry = 0; entry < 100_000; entry += 1) {
      open += 1;
      made.own(`entry ${entry}`, (done: () => void) => {
        open -= 1;
        done();
      });
    }

    made.close(() => assert.equal(open, 0));

    assert.equal(made.size, 0);
  });

  it('is done for each who asks it to close', () => {
    const { scope: made } = scope();
    const ends: (() => void)[] = [];
    const done: string[] = [];
    made.own('slow', (ended: () => void) => void ends.push(ended));

    made.close(() => done.push('first'));
    made.close(() => done.push('second'));
    ends[0]?.();

    assert.deepEqual(done.sort(), ['first', 'second']);
  });
});
