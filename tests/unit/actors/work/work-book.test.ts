import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WORK } from '../../../../actors/addresses.js';
import type { WorkOutcome } from '../../../../actors/control/work-desk.js';
import type { NewUnit } from '../../../../actors/work/submit-rules.js';
import type { UnitPlace } from '../../../../actors/work/work-vocabulary.js';
import type { UnitId } from '../../../../protocol/names.js';
import { encodeStatusFile, type UnitStatus } from '../../../../protocol/work/status.js';
import { type Address, childAddress } from '../../../../runtime/address.js';
import { OTHER_UNIT, remoteStatus, statusOf, UNIT } from './work-parts.js';
import { UNIT_ADDRESS, WorkStage } from './work-stage.js';

const SLEEP: NewUnit = { plan: { type: 'command', job: { command: 'sleep', params: '' } }, status: statusOf() };
const LOST = 'the command was lost: its runner is gone and left no exit status';

/** The manager with its book, over a disk on which earlier lives may have left something. */
class Managed extends WorkStage {
  /** A unit's folder, as an earlier life has left it. */
  leave(status: UnitStatus, unitId: UnitId = UNIT): void {
    this.work.put('status', new TextDecoder().decode(encodeStatusFile(status)), unitId);
    this.work.put('stdin', '', unitId);
  }

  create(unitId: UnitId | undefined): Promise<WorkOutcome<UnitPlace>> {
    return this.askManager((replyTo) => ({ type: 'unit.wanted', unit: SLEEP, unitId, replyTo }));
  }

  /** A new unit whose command runs. */
  async run(): Promise<void> {
    await this.create(UNIT);
    await this.ask(UNIT_ADDRESS, (replyTo) => ({ type: 'input.wanted', replyTo }));
    await this.ask(UNIT_ADDRESS, (replyTo) => ({ type: 'input.complete', replyTo }));
    await this.pass();
    assert.match(this.shown(), /^1 Running/);
  }

  /** The node is over, and begins anew: nothing is known but what is on the disk. */
  async beginAnew(): Promise<void> {
    this.stop(WORK);
    await this.pass();
    for (const unitId of this.work.workKit.board.all().keys()) {
      this.work.workKit.board.drop(unitId);
    }
    await this.manage();
  }

  addressOf(unitId: UnitId = UNIT): Promise<Address | undefined> {
    return this.askManager((replyTo) => ({ type: 'actor.wanted', unitId, replyTo }));
  }

  seek(unitId: UnitId = UNIT): Promise<boolean> {
    return this.askManager((replyTo) => ({ type: 'unit.sought', unitId, replyTo }));
  }

  isRaised(unitId: UnitId = UNIT): boolean {
    return this.system.cellAt(childAddress(WORK, unitId)) !== undefined;
  }

  get storageFaults(): readonly string[] {
    return this.heard('unit.storage-failed').map((fault) => (fault as { readonly text: string }).text);
  }
}

async function managed(prepare: (stage: Managed) => void = () => undefined): Promise<Managed> {
  const stage = new Managed();
  prepare(stage);
  await stage.manage();
  return stage;
}

describe('what earlier lives have left', () => {
  it('is shown, and has no actor, where it is finished', async () => {
    for (const state of [2, 3, 4]) {
      const left = statusOf({ state, detail: 'as it was', stdoutSize: 7 });
      const stage = await managed((made) => made.leave(left));

      assert.deepEqual(stage.status(), left);
      assert.equal(stage.isRaised(), false);
    }
  });

  it('fails where a command was never started, and where it was lost', async () => {
    const stage = await managed((made) => {
      made.leave(statusOf());
      made.leave(statusOf({ state: 1, detail: 'Running: PID 1' }), OTHER_UNIT);
    });
    await stage.pass();

    assert.equal(stage.shown(), '3 Pending at restart 0');
    assert.equal(stage.shown(OTHER_UNIT), `3 ${LOST} 0`);
    assert.match(stage.work.text('status') ?? '', /^\{"State":3,"Detail":"Pending at restart"/);
    assert.deepEqual(stage.alarms, []);
  });

  it('is followed where the command still runs, and its result is the real one', async () => {
    const stage = await managed();
    await stage.run();
    stage.programs[0]?.write('before');
    await stage.beginAnew();
    await stage.pass(220);
    assert.match(stage.shown(), /^1 Running: PID \d+ 6$/);
    stage.programs[0]?.write(' after');
    stage.programs[0]?.exit(3);
    await stage.pass();

    assert.equal(stage.shown(), '3 exit status 3 12');
    assert.equal(stage.work.commands.runs.length, 1);
    assert.deepEqual(stage.alarms, []);
  });

  it('is only kept where its work type is not known any more', async () => {
    const foreign = statusOf({ state: 1, workType: 'gone', extraData: { type: 'other', json: '{"KubePod":"x"}' } });
    const stage = await managed((made) => made.leave(foreign));

    assert.deepEqual(stage.status(), { ...foreign, extraData: { type: 'other', json: '"Unknown WorkType"' } });
    assert.equal(stage.isRaised(), false);
    assert.match(stage.work.text('status') ?? '', /"KubePod":"x"/, 'the file stays as it was');
  });

  it('goes on where it is work on another node that may still change', async () => {
    const started = { remoteStarted: true, remoteUnitId: 'there0001' };
    const done = { state: 2, detail: 'exit status 0', stdoutSize: 4 };
    const cases = [
      [remoteStatus(started, { state: 1 }), '', true],
      [remoteStatus(started, done), 'some', false],
      [remoteStatus(started, done), 'so', true],
      [remoteStatus({ ...started, localReleased: true }, done), 'some', true],
      [remoteStatus({}, { state: 3, detail: 'Work unit expired' }), '', false],
    ] as const;
    for (const [left, output, isRaised] of cases) {
      const stage = await managed((made) => {
        made.leave(left);
        made.work.put('stdout', output);
      });

      assert.equal(stage.isRaised(), isRaised, JSON.stringify(left));
      assert.notEqual(stage.status(), undefined);
    }
  });

  it('is passed over, and said, where the status is half-written or foreign; the others are read', async () => {
    const whole = new TextDecoder().decode(encodeStatusFile(statusOf({ state: 2, detail: 'exit status 0' })));
    const spoilt = ['', '{', whole.slice(0, whole.length / 2), '[]', 'null', '{"State":"x"}\n', '\u0000\u0000'];
    for (const text of spoilt) {
      const stage = await managed((made) => {
        made.work.put('status', text);
        made.leave(statusOf({ state: 2, detail: 'exit status 0' }), OTHER_UNIT);
      });

      assert.equal(stage.shown(), 'unknown', text);
      assert.equal(stage.shown(OTHER_UNIT), '2 exit status 0 0');
      assert.equal(stage.storageFaults.length, 1, text);
      assert.match(stage.storageFaults[0] ?? '', /^unreadable status: /);
      assert.equal(stage.work.text('status'), text, 'nothing is repaired by force');
    }
  });

  it('is no unit where a folder has no status, or no name of a unit', async () => {
    const stage = await managed((made) => {
      made.work.put('stdin', '');
      made.work.disk.content.makeFolders('/data/here/lost+found');
    });

    assert.equal(stage.work.workKit.board.size, 0);
    assert.deepEqual([stage.storageFaults, stage.alarms], [[], []]);
  });

  it('is all read, however much it is', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => `hereMany${at}` as UnitId);
    const stage = await managed((made) => {
      for (const unitId of ids) {
        made.leave(statusOf({ state: 2, detail: 'exit status 0' }), unitId);
      }
    });

    assert.equal(stage.work.workKit.board.size, 60);
  });
});

describe('a unit that is sought', () => {
  it('is found on the disk, once, though several look for it', async () => {
    const stage = await managed();
    stage.leave(statusOf());
    const answers = await Promise.all([stage.seek(), stage.seek(), stage.seek()]);

    assert.deepEqual(answers, [true, true, true]);
    await stage.pass();
    assert.equal(stage.shown(), '3 Pending at restart 0');
    assert.deepEqual([stage.storageFaults, stage.alarms], [[], []]);
  });

  it('is not known when there is nothing, or nothing that can be read', async () => {
    const stage = await managed();
    assert.equal(await stage.seek(), false);
    assert.deepEqual(stage.storageFaults, []);

    stage.leave(statusOf());
    stage.work.disk.fault = (act) => (act === 'read' ? 'denied' : undefined);
    assert.equal(await stage.seek(), false);
    assert.equal(stage.storageFaults.length, 1);
  });

  it('while its folder is being made is not taken for one that was found', async () => {
    const stage = await managed();
    const created = stage.create(UNIT);
    stage.host.advance(0);
    await stage.host.settle();
    for (let tenth = 0; tenth < 20; tenth += 1) {
      stage.send(WORK, { type: 'unit.sought', unitId: UNIT, replyTo: 0 } as never);
      stage.host.advance(0.1);
      await stage.host.settle();
    }
    await stage.pass();

    assert.equal((await created).ok, true);
    assert.equal(stage.shown(), '0 Waiting for Input Data 0');
    assert.deepEqual([stage.storageFaults, stage.alarms], [[], []]);
  });
});

describe('a new unit', () => {
  it('gets the id that was asked for, or one of the form of the reference', async () => {
    const stage = await managed();
    assert.deepEqual(await stage.create(UNIT), { ok: true, value: { unitId: UNIT, address: UNIT_ADDRESS } });
    const other = await stage.create(undefined);
    assert.ok(other.ok);

    assert.match(other.value.unitId, /^here[0-9a-zA-Z]{8}$/);
  });

  it('is refused an id that is in use, on the board or by one that is being made', async () => {
    const refused = {
      ok: false,
      refusal: `workunit ID ${UNIT} is already in use, cannot use the same workunit ID more than once`,
    };
    const stage = await managed((made) => made.leave(statusOf({ state: 2 }), OTHER_UNIT));
    const [first, second] = await Promise.all([stage.create(UNIT), stage.create(UNIT)]);
    assert.deepEqual([first?.ok, second], [true, refused]);
    assert.equal((await stage.create(OTHER_UNIT)).ok, false);
  });

  it('is refused when too many are being received', async () => {
    const stage = await managed();
    const { intakes } = stage.work.workKit;
    for (let at = 0; at < 1_000; at += 1) {
      intakes.set(`hereFull${at}` as UnitId, {} as never);
    }

    assert.deepEqual(await stage.create(UNIT), {
      ok: false,
      refusal: 'this node has too many work units now; try again later',
    });
    intakes.clear();
    assert.equal((await stage.create(UNIT)).ok, true);
  });
});

describe('the actor of a unit', () => {
  it('is raised again for one that has ended, when somebody wants something of it', async () => {
    const stage = await managed((made) => made.leave(statusOf({ state: 2, detail: 'exit status 0' })));
    assert.equal(await stage.addressOf(), UNIT_ADDRESS);
    assert.equal(stage.isRaised(), true);
    await stage.pass(6_000);
    assert.equal(stage.isRaised(), false, 'it rests, and then goes');
    assert.equal(await stage.addressOf(), UNIT_ADDRESS);
    assert.equal(await stage.addressOf(OTHER_UNIT), undefined);
  });

  it('is raised again when it fails, and finds the command that it had begun', async () => {
    const stage = await managed();
    await stage.run();
    stage.work.disk.fault = (act, path) => (act === 'read' && path.endsWith('/stdout') ? 'failed' : undefined);
    stage.programs[0]?.write('x');
    stage.host.advance(0.15);
    await stage.host.settle();
    await stage.pass(4);
    stage.work.disk.fault = () => undefined;
    await stage.pass(220);
    assert.match(stage.shown(), /^1 Running: PID \d+ 1$/);
    stage.programs[0]?.exit(0);
    await stage.pass();

    assert.equal(stage.shown(), '2 exit status 0 1');
    assert.equal(stage.work.commands.runs.length, 1);
    assert.ok(stage.alarms.length > 0, 'it has failed');
  });

  it('is given up after four failures, and the unit says so', async () => {
    const stage = await managed();
    await stage.run();
    stage.work.disk.fault = (act, path) => (act === 'read' && path.endsWith('/stdout') ? 'failed' : undefined);
    stage.programs[0]?.write('x');
    await stage.pass(1_000);

    assert.match(stage.shown(), /^3 the work was given up after faults of this program: /);
    assert.equal(stage.isRaised(), false);
  });
});
