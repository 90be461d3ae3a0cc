import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World } from '../../../../runtime/simulation/world.js';
import { peerOn } from '../../../support/simulated-peer.js';

const world = () => new World({ seed: 'world' });

describe('advancing', () => {
  it('stops at every deadline, then stands at the end', async () => {
    const made = world();
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(made.nowMs);
      made.clock.setTimer(40, tick);
    };
    made.clock.setTimer(10, tick);

    await made.advance(100);

    assert.deepEqual(seen, [10, 50, 90]);
    assert.equal(made.nowMs, 100);
  });

  it('lets promises settle at the moment in which they can', async () => {
    const made = world();
    const seen: [string, number][] = [];
    const work = async (): Promise<void> => {
      for (let step = 0; step < 50; step += 1) {
        await undefined;
      }
      seen.push(['settled', made.nowMs]);
    };
    made.clock.setTimer(5, () => void work());
    made.clock.setTimer(6, () => seen.push(['next', made.nowMs]));

    await made.advance(10);

    assert.deepEqual(seen, [
      ['settled', 5],
      ['next', 6],
    ]);
  });

  it('runs what is due soon before what is due later, both before time moves on', async () => {
    const made = world();
    const seen: string[] = [];
    made.later(() => seen.push('later'));
    made.soon(() => {
      seen.push('soon');
      made.soon(() => seen.push('soon again'));
    });
    made.clock.setTimer(0, () => seen.push('timer'));

    await made.advance(1);

    assert.deepEqual(seen, ['soon', 'soon again', 'later', 'timer']);
  });

  it('is done by one at a time', async () => {
    const made = world();
    const first = made.advance(10);

    await assert.rejects(made.advance(10), /an await is missing/);
    await first;
    await made.advance(10);

    assert.equal(made.nowMs, 20);
  });
});

describe('waiting', () => {
  it('ends as soon as the claim holds', async () => {
    const made = world();
    let isReady = false;
    made.clock.setTimer(30, () => {
      isReady = true;
    });

    assert.equal(await made.until(() => isReady, 1_000), true);
    assert.equal(made.nowMs, 30);
  });

  it('ends at its limit when the claim does not hold', async () => {
    const made = world();

    assert.equal(await made.until(() => false, 1_000), false);
    assert.equal(made.nowMs, 1_000);
  });

  it('for a promise gives its value, its error, or says that nothing came', async () => {
    const made = world();
    const later = <T>(value: T) => new Promise<T>((resolve) => void made.clock.setTimer(50, () => resolve(value)));

    assert.equal(await made.wait(later('value'), 100), 'value');
    await assert.rejects(
      made.wait(
        later(0).then(() => Promise.reject(new Error('fault'))),
        100,
      ),
      /fault/,
    );
    await assert.rejects(made.wait(later('late'), 10), /within 10 ms of virtual time \(seed world\)/);
  });
});

describe('a checker', () => {
  it('looks after every moment, and its complaint ends the run with time and seed', async () => {
    const made = world();
    const looked: number[] = [];
    made.checkers.push(({ nowMs }) => {
      looked.push(nowMs);
      assert.ok(nowMs < 20, 'too late');
    });
    made.clock.setTimer(10, () => undefined);
    made.clock.setTimer(20, () => undefined);

    await assert.rejects(made.advance(100), /^Error: at 20 ms, seed world: too late$/);

    assert.deepEqual(looked, [0, 10, 20]);
  });

  it('that is dear looks now and then', async () => {
    const made = world();
    const looked: number[] = [];
    made.checkEvery(50, ({ nowMs }) => looked.push(nowMs));
    for (let atMs = 1; atMs <= 100; atMs += 1) {
      made.clock.setTimer(atMs, () => undefined);
    }

    await made.advance(120);

    assert.deepEqual(looked, [0, 50, 100]);
  });
});

describe('a loop that never ends', () => {
  it('is found, be it made of callbacks or of timers without delay', async () => {
    const callbacks = new World({ seed: 'callbacks', tasksPerMoment: 10_000 });
    const again = (): void => callbacks.soon(again);
    callbacks.soon(again);
    await assert.rejects(callbacks.advance(1), /time stands still/);

    const timers = new World({ seed: 'timers', tasksPerMoment: 10_000 });
    const tick = (): void => void timers.clock.setTimer(0, tick);
    timers.clock.setTimer(0, tick);
    await assert.rejects(timers.advance(1), /time stands still/);
  });
});

it('many callbacks in many moments are no loop', async () => {
  const made = new World({ seed: 'long', tasksPerMoment: 100 });
  let ticks = 0;
  const tick = (): void => {
    ticks += 1;
    made.clock.setTimer(1, tick);
  };
  tick();

  await made.advance(1_000);

  assert.equal(ticks, 1_001);
});

describe('the hosts of a world', () => {
  it('are made at first mention', () => {
    const made = world();
    peerOn(made, 'a');
    made.host('b');

    assert.deepEqual(
      made.hosts().map((host) => [host.name, host.isRunning]),
      [
        ['a', true],
        ['b', false],
      ],
    );
  });
});

describe('the generators of a world', () => {
  it('are one for each concern, and do not disturb each other', () => {
    const [made, other] = [world(), world()];
    made.random('faults').unit();

    assert.equal(made.random('workload').unit(), other.random('workload').unit());
    assert.notEqual(made.random('workload').unit(), made.random('faults').unit());
    assert.notEqual(made.random('workload').unit(), new World({ seed: 'other' }).random('workload').unit());
  });
});
