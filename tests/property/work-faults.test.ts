import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UnitId } from '../../protocol/names.js';
import {
  CollectingReader,
  cat,
  echo,
  patterned,
  requestFor,
  type Submitted,
  sleeper,
  steadily,
  WorkWorld,
} from './work-world.js';

const PIECES = 40;
const PIECE_BYTES = 50_000;
const WHOLE = patterned(PIECES * PIECE_BYTES);
const IDS = ['a', 'b', 'c', 'd'];

const COMMANDS = { cat, echo, sleeper, stream: steadily(PIECES, PIECE_BYTES, 100) };

async function started(seed: string): Promise<WorkWorld> {
  const made = new WorkWorld({ seed, ids: IDS, commands: COMMANDS });
  await made.ready();
  return made;
}

/** Follows a unit of `a`; the reader is one client through all that happens to other nodes. */
async function follow(made: WorkWorld, unitId: UnitId, position = 0): Promise<CollectingReader> {
  const reader = new CollectingReader(position);
  const desk = made.node('a').ports.work;
  const followed = await made.world.wait(
    desk.follow({ ...requestFor(unitId), startPosition: position }, reader),
    10_000,
  );
  assert.equal(followed.ok, true);
  return reader;
}

describe('results of a unit three hops away', () => {
  for (const victim of ['b', 'c', 'd']) {
    for (const isSilent of [false, true]) {
      const how = isSilent ? 'vanishes' : 'crashes';
      const isExecutorGone = victim === 'd' && isSilent;
      it(`are ${isExecutorGone ? 'given up with a reason' : 'complete'} when ${victim} ${how} and returns`, async () => {
        const made = await started(`results ${victim} ${how}`);
        const { world } = made;
        const { unitId, outcome } = await world.wait(made.submit('a', 'd', 'stream'), 10_000);
        const reader = await follow(made, unitId);
        await world.advance(1_500);
        const before = reader.nextOffset;

        made.crash(victim, { isSilent });
        await world.advance(3_000);
        made.start(victim);
        await world.until(() => reader.ending !== undefined, 180_000);

        assert.deepEqual(outcome, { ok: true, value: 'Job Started' });
        assert.ok(before > 0 && before < WHOLE.length);
        assert.deepEqual(reader.gaps, []);
        if (isExecutorGone) {
          assert.match(reader.ending ?? '', /^end 3 the command was lost: its runner is gone/);
          assert.ok(reader.output.equals(WHOLE.subarray(0, reader.output.length)));
        } else {
          assert.equal(reader.ending, `end 2 exit status 0 ${WHOLE.length}`);
          assert.ok(reader.output.equals(WHOLE));
        }
        assert.deepEqual(made.alarms, []);
      });
    }
  }

  it('go on as soon as it is heard that the executor has started anew, long before its old stream is given up', async () => {
    const made = await started('results d at once');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'd', 'stream'), 10_000);
    const reader = await follow(made, unitId);
    await world.advance(1_500);

    made.crash('d');
    await world.advance(500);
    made.start('d');
    const before = reader.nextOffset;

    assert.equal(await world.until(() => reader.nextOffset > before, 5_000), true, 'nothing came for 5 s');
    assert.deepEqual(made.alarms, []);
  });

  it('are complete when the submitter crashes and returns, and no byte is stored twice', async () => {
    const made = await started('results a');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'd', 'stream'), 10_000);
    await world.advance(1_500);

    made.crash('a');
    await world.advance(1_000);
    made.start('a');
    await world.advance(100);
    const reader = await follow(made, unitId, 1_000);
    await world.until(() => reader.ending !== undefined, 120_000);

    assert.equal(reader.ending, `end 2 exit status 0 ${WHOLE.length}`);
    assert.ok(reader.output.equals(WHOLE.subarray(1_000)));
    assert.equal(world.host('a').disk.content.get(`/data/a/${unitId}/stdout`).size, WHOLE.length);
    assert.deepEqual(made.alarms, []);
  });

  for (const victim of ['a', 'd']) {
    it(`are still whole when ${victim} loses its power after the end`, async () => {
      const made = await started(`results after the end ${victim}`);
      const { world } = made;
      const { unitId } = await world.wait(made.submit('a', 'd', 'stream'), 10_000);
      await world.advance(60_000);

      made.crash(victim, { isSilent: true });
      made.start(victim);
      await world.advance(1_000);
      const reader = await follow(made, unitId);
      await world.until(() => reader.ending !== undefined, 120_000);

      assert.ok(reader.output.equals(WHOLE));
      const far = world.host('d').disk.content;
      const stdout = far.paths().find((path) => path.endsWith('/stdout')) ?? '';
      assert.equal(far.get(stdout).size, WHOLE.length);
    });
  }

  it('are what was synced and the rest when the submitter loses its power', async () => {
    const made = await started('results a power');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'd', 'stream'), 10_000);
    await world.advance(1_500);

    made.crash('a', { isSilent: true });
    await world.advance(1_000);
    made.start('a');
    await world.advance(100);
    const reader = await follow(made, unitId);
    await world.until(() => reader.ending !== undefined, 120_000);

    assert.ok(reader.output.equals(WHOLE));
    assert.deepEqual(made.alarms, []);
  });
});

describe('input of a unit three hops away', () => {
  const input = patterned(3_000_000);

  /** Crashes `victim` as soon as so much of the input has reached the executor. */
  async function cut(made: WorkWorld, victim: string, atBytes: number, isSilent: boolean): Promise<Submitted> {
    const { world } = made;
    let done: Submitted | undefined;
    made.submit('a', 'd', 'cat', { input }).then((submitted) => {
      done = submitted;
    }, assert.fail);
    const received = (): number => {
      const { content } = world.host('d').disk;
      const path = content.paths().find((known) => known.endsWith('/stdin'));
      return path === undefined ? -1 : content.get(path).size;
    };
    assert.equal(await world.until(() => received() >= atBytes, 60_000), true);
    made.crash(victim, { isSilent });
    await world.advance(2_000);
    made.start(victim);
    assert.equal(await world.until(() => done !== undefined, 240_000), true, 'the client was not answered');
    return done ?? assert.fail();
  }

  for (const victim of ['b', 'd']) {
    for (const isSilent of [false, true]) {
      for (const atBytes of [0, 1, 1_500_000, input.length]) {
        const how = isSilent ? 'vanishes' : 'crashes';
        it(`is whole and the command runs once when ${victim} ${how} after ${atBytes} bytes`, async () => {
          const made = await started(`input ${victim} ${how} ${atBytes}`);
          const { world } = made;

          const { unitId, outcome } = await cut(made, victim, atBytes, isSilent);
          const reader = await follow(made, unitId);
          await world.until(() => reader.ending !== undefined, 240_000);

          const { runs } = world.host('d').processes;
          assert.equal(outcome.ok, true);
          if (reader.ending === `end 2 exit status 0 ${input.length}`) {
            assert.ok(reader.output.equals(Buffer.from(input)));
          } else {
            // The executor had it all, and lost its power while the command ran.
            assert.match(reader.ending ?? '', /^end 3 the command was lost/);
            assert.equal(isSilent && victim === 'd', true);
          }
          assert.deepEqual(
            runs.map(({ inputBytes }) => inputBytes),
            [input.length],
          );
          assert.deepEqual(made.alarms, []);
        });
      }
    }
  }

  it('fails the unit with the reason when the submitter crashes, and the command does not run', async () => {
    const made = await started('input a');
    const { world } = made;
    let unitId: UnitId | undefined;
    made
      .submit('a', 'd', 'cat', {
        input,
        onCreated: (created) => {
          unitId = created;
        },
      })
      .catch(assert.fail);
    const isThere = (): boolean =>
      world
        .host('d')
        .disk.content.paths()
        .some((path) => path.endsWith('/stdin'));
    assert.equal(await world.until(isThere, 60_000), true);

    made.crash('a');
    await world.advance(2_000);
    made.start('a');
    await world.advance(60_000);

    const units = await made.units('a');
    assert.deepEqual(units, { [`${unitId}`]: '3 Failed to restart: remote work had not previously started' });
    assert.deepEqual(world.host('d').processes.runs, []);
    const [far = ''] = Object.values(await made.units('d'));
    assert.match(far, /^3 Error reading input data: /);
    assert.deepEqual(made.alarms, []);
  });

  it('is never taken for complete when the submitter is stopped in order while it is sent', async () => {
    const made = await started('input a stops');
    const { world } = made;
    made.submit('a', 'd', 'cat', { input }).catch(() => undefined);
    const isThere = (): boolean =>
      world
        .host('d')
        .disk.content.paths()
        .some((path) => path.endsWith('/stdin'));
    assert.equal(await world.until(isThere, 60_000), true);

    await world.wait(world.host('a').stop(), 30_000);
    await world.advance(60_000);

    assert.deepEqual(world.host('d').processes.runs, []);
    const [far = ''] = Object.values(await made.units('d'));
    assert.match(far, /^3 Error reading input data: /);
    assert.deepEqual(made.alarms, []);
  });
});

describe('a command of this node', () => {
  it('outlives the death of its node and is found again', async () => {
    const made = await started('local found');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'localhost', 'stream'), 10_000);
    await world.advance(1_500);

    made.crash('a');
    await world.advance(500);
    made.start('a');
    await world.advance(100);
    const reader = await follow(made, unitId);
    await world.until(() => reader.ending !== undefined, 60_000);

    assert.equal(reader.ending, `end 2 exit status 0 ${WHOLE.length}`);
    assert.ok(reader.output.equals(WHOLE));
    assert.equal(world.host('a').processes.runs.length, 1);
    assert.deepEqual(made.alarms, []);
  });

  it('that ended while its node was away has its real result', async () => {
    const made = await started('local ended');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'localhost', 'stream'), 10_000);

    made.crash('a');
    await world.advance(60_000);
    made.start('a');
    await world.advance(1_000);

    const status = await made.status('a', unitId);
    assert.equal(status.ok && `${status.value.state} ${status.value.detail}`, '2 exit status 0');
    assert.equal(status.ok && status.value.stdoutSize, WHOLE.length);
  });

  it('fails with a reason when the machine was restarted under it', async () => {
    const made = await started('local power');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'localhost', 'sleeper'), 10_000);
    await world.advance(1_000);

    made.crash('a', { isSilent: true });
    made.start('a');
    await world.advance(5_000);

    const status = await made.status('a', unitId);
    assert.equal(
      status.ok && `${status.value.state} ${status.value.detail}`,
      '3 the command was lost: its runner is gone and left no exit status',
    );
  });

  it('that ended before its machine lost its power still has its whole output', async () => {
    const made = await started('local synced');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'localhost', 'stream'), 10_000);
    await world.advance(60_000);

    made.crash('a', { isSilent: true });
    made.start('a');
    await world.advance(1_000);
    const reader = await follow(made, unitId);
    await world.until(() => reader.ending !== undefined, 10_000);

    assert.equal(reader.ending, `end 2 exit status 0 ${WHOLE.length}`);
    assert.ok(reader.output.equals(WHOLE));
  });

  it('fails when somebody kills its runner, and does not go on without it', async () => {
    const made = await started('local runner');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'localhost', 'sleeper'), 10_000);
    await world.advance(1_000);
    const { processes } = world.host('a');
    const [runner] = processes.living;

    processes.killRunner(runner?.pid ?? 0);
    await world.advance(1_000);

    const status = await made.status('a', unitId);
    assert.match(status.ok ? status.value.detail : '', /^the command was lost/);
    assert.deepEqual(processes.living, []);
  });
});

describe('orders for a unit three hops away', () => {
  const order = (made: WorkWorld, verb: 'cancel' | 'release', unitId: UnitId) => {
    const desk = made.node('a').ports.work;
    return verb === 'cancel' ? desk.cancel(requestFor(unitId)) : desk.release(requestFor(unitId), { force: false });
  };

  it('are pending while the executor is away, and done when it is back', async () => {
    const made = await started('orders pending');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'd', 'sleeper'), 10_000);
    await world.advance(1_000);
    made.crash('d');
    await world.advance(500);

    const cancelled = await world.wait(order(made, 'cancel', unitId), 100_000);
    made.start('d');
    await world.advance(120_000);
    const afterCancel = await made.units('a');
    const farAfterCancel = await made.units('d');
    made.crash('d');
    await world.advance(500);
    const released = await world.wait(order(made, 'release', unitId), 100_000);
    made.start('d');
    await world.advance(120_000);

    assert.deepEqual(cancelled, { ok: true, value: 'cancel pending' });
    assert.deepEqual(afterCancel, { [unitId]: '4 Canceled' });
    assert.deepEqual(farAfterCancel, { [unitId]: '4 Canceled' });
    assert.deepEqual(released, { ok: true, value: 'release pending' });
    assert.deepEqual(await made.units('a'), {});
    assert.deepEqual(await made.units('d'), {});
    assert.deepEqual(made.alarms, []);
  });

  it('are remembered when the submitter crashes while they are pending', async () => {
    const made = await started('orders crash');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'd', 'sleeper'), 10_000);
    await world.advance(1_000);
    made.crash('d');
    await world.advance(500);
    await world.wait(order(made, 'release', unitId), 100_000);

    made.crash('a');
    await world.advance(500);
    made.start('a');
    made.start('d');
    await world.advance(120_000);

    assert.deepEqual(await made.units('a'), {});
    assert.deepEqual(await made.units('d'), {});
    assert.deepEqual(world.host('d').processes.living, []);
    assert.deepEqual(made.alarms, []);
  });

  it('end a running command there at once', async () => {
    const made = await started('orders now');
    const { world } = made;
    const first = await world.wait(made.submit('a', 'd', 'sleeper'), 10_000);
    const second = await world.wait(made.submit('a', 'd', 'sleeper'), 10_000);
    await world.advance(500);
    const reader = await follow(made, first.unitId);

    const cancelled = await world.wait(order(made, 'cancel', first.unitId), 5_000);
    const released = await world.wait(order(made, 'release', second.unitId), 5_000);
    await world.until(() => reader.ending !== undefined, 5_000);

    assert.deepEqual(cancelled, { ok: true, value: 'cancelled' });
    assert.equal(reader.ending, 'end 4 Canceled 9');
    assert.deepEqual(released, { ok: true, value: 'released' });
    assert.deepEqual(await made.units('a'), { [first.unitId]: '4 Canceled' });
    assert.deepEqual(await made.units('d'), { [first.unitId]: '4 Canceled' });
    assert.deepEqual(world.host('d').processes.living, []);
    assert.deepEqual(made.alarms, []);
  });

  it('are not needed to be rid of a unit: a forced release is always done here', async () => {
    const made = await started('orders force');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'd', 'sleeper'), 10_000);
    await world.advance(500);
    made.crash('d');
    await world.advance(500);

    const desk = made.node('a').ports.work;
    const released = await world.wait(desk.release(requestFor(unitId), { force: true }), 30_000);

    assert.deepEqual(released, { ok: true, value: 'released' });
    assert.deepEqual(await made.units('a'), {});
    assert.deepEqual(made.alarms, []);
  });

  it('find out that the executor has forgotten the unit', async () => {
    const made = await started('orders gone');
    const { world } = made;
    const { unitId } = await world.wait(made.submit('a', 'd', 'sleeper'), 10_000);
    await world.advance(500);
    const far = made.node('d').ports.work;

    await world.wait(far.release(requestFor(unitId), { force: false }), 10_000);
    await world.advance(120_000);

    assert.deepEqual(await made.units('a'), { [unitId]: '3 Remote work unit is gone' });
    assert.deepEqual(made.alarms, []);
  });
});
