import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CellTimers } from '../../../runtime/cell-timers.js';
import { type Random, seededRandom } from '../../../runtime/random.js';
import { VirtualClock } from '../../../runtime/simulation/virtual-clock.js';

function timers(unit = 0.5) {
  const clock = new VirtualClock();
  const fired: { readonly name: string; readonly generation: number; readonly atMs: number }[] = [];
  const random: Random = { ...seededRandom('unused'), unit: () => unit };
  const made = new CellTimers(clock, random, (name, generation) =>
    fired.push({ name, generation, atMs: clock.monotonicMs() }),
  );
  const advance = (limitMs: number) => {
    for (let isLeft = true; isLeft; ) {
      isLeft = clock.fireNext(limitMs);
    }
  };
  return { timers: made, clock, fired, advance };
}

describe('timers of a cell', () => {
  it('fire once at their deadline', () => {
    const { timers: made, fired, advance } = timers();
    made.arm('a', 10);
    made.arm('b', 5);
    assert.deepEqual(
      [...made.deadlines()],
      [
        ['a', 10],
        ['b', 5],
      ],
    );

    advance(100);

    assert.deepEqual(
      fired.map(({ name, atMs }) => [name, atMs]),
      [
        ['b', 5],
        ['a', 10],
      ],
    );
  });

  it('may be spent once, and only in the arming that fired', () => {
    const { timers: made, fired, advance } = timers();
    made.arm('a', 10);
    advance(10);
    const generation = fired[0]?.generation ?? 0;

    assert.equal(made.spend('a', generation + 1), false);
    assert.equal(made.spend('a', generation), true);
    assert.equal(made.spend('a', generation), false);
  });

  it('are not spent when they were disarmed, or armed anew, after they fired', () => {
    const { timers: made, fired, advance } = timers();
    made.arm('a', 10);
    made.arm('b', 10);
    advance(10);
    made.disarm('a');
    made.arm('b', 10);

    assert.deepEqual(
      fired.map(({ name, generation }) => made.spend(name, generation)),
      [false, false],
    );
    assert.deepEqual([...made.deadlines().keys()], ['b']);
  });

  it('that are armed anew leave only one deadline with the clock', () => {
    const { timers: made, clock } = timers();
    made.arm('a', 10);
    made.arm('a', 20);

    assert.equal(clock.armed, 1);
  });

  it('draw a part of the delay by chance', () => {
    const { timers: made } = timers(0.25);

    made.arm('a', 100, 0.4);

    assert.deepEqual([...made.deadlines().values()], [70]);
  });

  it('are all cancelled at once', () => {
    const { timers: made, clock, fired, advance } = timers();
    made.arm('a', 10);
    made.arm('b', 10);

    made.disarmAll();
    advance(100);

    assert.deepEqual(fired, []);
    assert.equal(clock.armed, 0);
  });
});
