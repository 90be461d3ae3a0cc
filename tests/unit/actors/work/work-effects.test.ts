import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WORK } from '../../../../actors/addresses.js';
import type { WorkOutcome } from '../../../../actors/control/work-desk.js';
import { WorkKit } from '../../../../actors/work/work-kit.js';
import type { UnitPlace } from '../../../../actors/work/work-vocabulary.js';
import type { FileFaultCode } from '../../../../runtime/file-port.js';
import type { DiskAct } from '../../../../runtime/simulation/disk-fault.js';
import { HERE } from '../node-parts.js';
import { statusOf, UNIT } from './work-parts.js';
import { WorkStage } from './work-stage.js';

const UNIT_WANTED = {
  type: 'unit.wanted',
  unit: { plan: { type: 'command', job: { command: 'sleep', params: '' } }, status: statusOf() },
  unitId: UNIT,
} as const;

function create(stage: WorkStage): Promise<WorkOutcome<UnitPlace>> {
  return stage.askManager((replyTo) => ({ ...UNIT_WANTED, replyTo }));
}

function refuse(stage: WorkStage, code: FileFaultCode | undefined, refused: DiskAct): void {
  stage.work.disk.fault = (act) => (act === refused ? code : undefined);
}

describe('the manager at its start', () => {
  it('makes the data folder, tells the mesh its work types, and then that it is ready', async () => {
    const stage = new WorkStage();
    const directory = stage.listener('directory', ['work-types.changed']);
    await stage.manage();

    assert.deepEqual(
      directory.last('work-types.changed')['workTypes'],
      ['echo', 'fixed', 'sleep', 'nobin'].map((workType) => ({ workType, secure: false })),
    );
    assert.deepEqual(stage.heard('part.ready'), [{ part: WORK }]);
    const made = stage.work.files.makeNewFolder('/data/here/x');
    await stage.wait(made);
  });

  it('makes no folder on a node that does no work', async () => {
    const stage = new WorkStage((host) =>
      Object.assign(WorkStage.partsOver(host), { workKit: new WorkKit(HERE, { dataDir: '/data' }) }),
    );
    const directory = stage.listener('directory', ['work-types.changed']);
    await stage.manage();

    assert.deepEqual(directory.last('work-types.changed')['workTypes'], []);
    assert.equal(stage.heard('part.ready').length, 1);
    const refused = assert.rejects(stage.wait(stage.work.files.makeNewFolder('/data/here/x')), { code: 'not-found' });
    await refused;
  });

  it('says where and why the data folder cannot be used, tries again, and is ready when it can', async () => {
    for (const act of ['make', 'list'] as const) {
      const stage = new WorkStage();
      refuse(stage, 'denied', act);
      await stage.manage();
      const fault = { code: 'data-folder', text: `denied: ${act} '/data/here' (denied)` };
      const address = { transport: 'unix', path: '/data/here' };
      assert.deepEqual(stage.heard('part.failed'), [{ part: WORK, address, fault }]);
      assert.deepEqual(await create(stage), { ok: false, refusal: `work is not ready yet: ${fault.text}` });
      await stage.pass(5_000);
      await stage.pass();
      assert.equal(stage.heard('part.failed').length, 2);
      assert.deepEqual(stage.heard('part.ready'), []);

      refuse(stage, undefined, act);
      await stage.pass(5_000);
      await stage.pass();
      assert.deepEqual(stage.heard('part.ready'), [{ part: WORK }]);
      assert.equal((await create(stage)).ok, true);
    }
  });
});

describe('the manager', () => {
  it('answers who makes, seeks or addresses a unit', async () => {
    const stage = new WorkStage();
    await stage.manage();
    const made = await create(stage);
    await stage.pass();
    const address = await stage.askManager((replyTo) => ({ type: 'actor.wanted', unitId: UNIT, replyTo }));

    assert.deepEqual(made, { ok: true, value: { unitId: UNIT, address } });
    assert.equal(await stage.askManager((replyTo) => ({ type: 'unit.sought', unitId: UNIT, replyTo })), true);
    const unknown = 'nosuch' as typeof UNIT;
    assert.equal(await stage.askManager((replyTo) => ({ type: 'unit.sought', unitId: unknown, replyTo })), false);
    assert.equal(await stage.askManager((replyTo) => ({ type: 'actor.wanted', unitId: unknown, replyTo })), undefined);
  });

  it('forgets the actor of a unit that has ended, and takes its units with it when it is stopped', async () => {
    const stage = new WorkStage();
    await stage.manage();
    await create(stage);
    await stage.pass();
    stage.stop(WORK);
    await stage.pass();

    assert.deepEqual([stage.work.leftOpen(), stage.alarms], [[], []]);
    assert.equal(stage.system.counts().actors, 1);
  });
});
