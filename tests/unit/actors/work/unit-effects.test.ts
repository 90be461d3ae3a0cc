import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkOutcome } from '../../../../actors/control/work-desk.js';
import { unitActor } from '../../../../actors/work/unit.actor.js';
import type { StartOutcome, UnitInput, UnitMessage } from '../../../../actors/work/unit-vocabulary.js';
import type { Address } from '../../../../runtime/address.js';
import type { FileFaultCode } from '../../../../runtime/file-port.js';
import type { DiskAct } from '../../../../runtime/simulation/disk-fault.js';
import { remoteStatus, statusOf, UNIT } from './work-parts.js';
import { WorkStage } from './work-stage.js';

const ECHO = { type: 'command', job: { command: 'echo', params: 'a "b c"' } } as const;
const SLEEP = { type: 'command', job: { command: 'sleep', params: '' } } as const;

/** One unit, raised by the test. */
class OneUnit extends WorkStage {
  address: Address | undefined;

  async make(changes: Partial<UnitInput> = {}): Promise<void> {
    const input: UnitInput = { unitId: UNIT, plan: SLEEP, beginning: 'new', status: statusOf(), ...changes };
    this.address = this.raise(unitActor, input, UNIT);
    await this.pass();
  }

  /** Hands the input over and has the unit started. */
  async complete(input = ''): Promise<StartOutcome> {
    const intake = this.work.workKit.intakes.get(UNIT);
    assert.ok(intake !== undefined, 'it takes no input');
    await this.wait(intake.write(new TextEncoder().encode(input)));
    return this.tell<StartOutcome>((replyTo) => ({ type: 'input.complete', replyTo }));
  }

  tell<T = WorkOutcome<string>>(message: Parameters<typeof this.ask<T>>[1]): Promise<T> {
    assert.ok(this.address !== undefined);
    return this.ask<T>(this.address, message);
  }

  release(force = false): Promise<WorkOutcome<string>> {
    return this.tell((replyTo): UnitMessage => ({ type: 'unit.release', replyTo, force }));
  }

  cancel(): Promise<WorkOutcome<string>> {
    return this.tell((replyTo): UnitMessage => ({ type: 'unit.cancel', replyTo }));
  }

  fault(code: FileFaultCode | undefined, acts: readonly DiskAct[], name = ''): void {
    this.work.disk.fault = (act, path) => (acts.includes(act) && path.endsWith(name) ? code : undefined);
  }

  get storageFaults(): number {
    return this.heard('unit.storage-failed').length;
  }
}

async function running(): Promise<OneUnit> {
  const stage = new OneUnit();
  await stage.make();
  assert.deepEqual(await stage.complete(), { ok: true, value: 'Job Started' });
  await stage.pass();
  return stage;
}

describe('the folder of a new unit', () => {
  it('holds its status before anybody is told of it, and then takes its input', async () => {
    const stage = new OneUnit();
    stage.work.commands.commands.set('echo', (process) => {
      process.write(process.input);
      process.exit(0);
    });
    await stage.make({ plan: ECHO });
    assert.equal(
      stage.work.text('status'),
      '{"State":0,"Detail":"Waiting for Input Data","StdoutSize":0,"WorkType":"echo","ExtraData":null}\n',
    );
    assert.equal(stage.shown(), '0 Waiting for Input Data 0');
    await stage.complete('hello');
    await stage.pass();

    assert.deepEqual([stage.work.text('stdin'), stage.work.text('stdout')], ['hello', 'hello']);
    assert.equal(stage.shown(), '2 exit status 0 5');
    assert.match(stage.work.text('status') ?? '', /^\{"State":2,"Detail":"exit status 0","StdoutSize":5,/);
    assert.deepEqual(stage.work.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('leaves nothing behind when it cannot be made, and the unit is not known', async () => {
    const failing = [
      ['make', ''],
      ['replace', '/status'],
      ['open', '/stdin'],
    ] as const;
    for (const [act, name] of failing) {
      const stage = new OneUnit();
      stage.fault('full', [act], name);
      await stage.make();

      assert.equal(stage.shown(), 'unknown', act);
      assert.deepEqual(stage.work.disk.content.paths(), []);
      assert.deepEqual([stage.work.leftOpen(), stage.alarms], [[], []]);
      assert.equal(stage.outcome(UNIT)?.type, 'done');
    }
  });

  it('is refused when the name is taken, and what is there stays', async () => {
    const stage = new OneUnit();
    stage.work.put('status', 'of somebody else');
    stage.address = stage.raise(unitActor, { unitId: UNIT, plan: SLEEP, beginning: 'new', status: statusOf() }, UNIT);
    const ready = await stage.tell((replyTo) => ({ type: 'input.wanted', replyTo }));

    assert.deepEqual(ready, {
      ok: false,
      refusal: `workunit ID ${UNIT} is already in use, cannot use the same workunit ID more than once`,
    });
    assert.equal(stage.work.text('status'), 'of somebody else');
  });
});

describe('the input of a unit', () => {
  it('that the disk refuses fails the unit with the reason, and its command does not run', async () => {
    const stage = new OneUnit();
    await stage.make();
    stage.fault('full', ['append']);
    const intake = stage.work.workKit.intakes.get(UNIT);
    await assert.rejects(stage.wait(intake?.write(new Uint8Array(1)) ?? Promise.resolve()), { code: 'storage-failed' });
    await stage.pass();

    assert.match(stage.shown(), /^3 Error reading input data: full: append/);
    assert.match(stage.work.text('status') ?? '', /^\{"State":3,/);
    assert.deepEqual(stage.work.commands.runs, []);
    assert.deepEqual([stage.work.leftOpen(), stage.alarms], [[], []]);
  });

  it('is closed when the unit is cancelled meanwhile', async () => {
    const stage = new OneUnit();
    await stage.make();
    assert.deepEqual(await stage.cancel(), { ok: true, value: 'cancelled' });
    await stage.pass();

    assert.equal(stage.shown(), '4 Canceled 0');
    assert.deepEqual([stage.work.leftOpen(), stage.work.commands.runs], [[], []]);
  });
});

describe('the status of a unit', () => {
  it('is told to everybody, and written down where a later life must know it', async () => {
    const stage = await running();
    const pid = stage.programs[0]?.pid;
    assert.equal(stage.shown(), `1 Running: PID ${pid} 0`);
    assert.match(stage.work.text('status') ?? '', /^\{"State":1,"Detail":"Running: PID /);
    const details = stage.heard('unit.changed').map((news) => (news as { readonly detail: string }).detail);

    assert.deepEqual(details, [
      'Waiting for Input Data',
      'Starting Worker',
      'Launching command runner',
      'Not started yet',
      `Running: PID ${pid}`,
    ]);
  });

  it('never shows less output than was seen already', async () => {
    const stage = await running();
    stage.programs[0]?.write('of an earlier life');
    await stage.pass();
    assert.ok(stage.address !== undefined);
    stage.stop(stage.address);
    const status = statusOf({ state: 1, detail: 'Running: PID 1' });
    stage.work.workKit.board.put(UNIT, status);
    const sizes: number[] = [];
    stage.work.workKit.board.hear(UNIT, (heard) => sizes.push(heard?.stdoutSize ?? -1));
    await stage.make({ beginning: 'found', status });
    await stage.pass(220);

    assert.deepEqual(sizes, [0, 18, 18]);
    assert.match(stage.shown(), /^1 Running: PID \d+ 18$/);
    assert.match(stage.work.text('status') ?? '', /^\{"State":1,"Detail":"Running: PID \d+","StdoutSize":18,/);
  });

  it('that could not be written while it ran costs a notice, and nothing else', async () => {
    const stage = new OneUnit();
    await stage.make();
    stage.fault('full', ['replace']);
    await stage.complete();
    await stage.pass();
    assert.match(stage.shown(), /^1 Running/);
    assert.equal(stage.storageFaults, 1);
    stage.fault(undefined, []);
    stage.programs[0]?.exit(0);
    await stage.pass();

    assert.match(stage.work.text('status') ?? '', /^\{"State":2,/);
    assert.deepEqual(stage.alarms, []);
  });

  it('that is the last one is written again until the disk takes it', async () => {
    const stage = await running();
    stage.fault('full', ['replace']);
    stage.programs[0]?.exit(0);
    await stage.pass();
    assert.equal(stage.shown(), '2 exit status 0 0');
    assert.equal(stage.outcome(UNIT), undefined, 'it stays for this');
    await stage.pass(8_000);
    assert.equal(stage.storageFaults, 2);
    stage.fault(undefined, []);
    await stage.pass(8_000);

    assert.match(stage.work.text('status') ?? '', /^\{"State":2,/);
    assert.equal(stage.outcome(UNIT)?.type, 'done');
  });
});

describe('the removal of a unit', () => {
  it('ends its command, removes all its files, and tells those who know of it', async () => {
    const stage = await running();
    const heard: unknown[] = [];
    stage.work.workKit.board.hear(UNIT, (status) => heard.push(status));
    assert.deepEqual(await stage.release(), { ok: true, value: 'released' });

    assert.deepEqual(stage.work.disk.content.paths(), []);
    assert.deepEqual([stage.shown(), heard.at(-1)], ['unknown', undefined]);
    assert.deepEqual(stage.heard('unit.released'), [{ unitId: UNIT }]);
    assert.deepEqual([stage.work.commands.living, stage.work.leftOpen(), stage.alarms], [[], [], []]);
  });

  it('waits for a status that is being written: it must not be there again afterwards', async () => {
    const stage = await running();
    stage.programs[0]?.exit(0);
    while (!stage.shown().startsWith('2')) {
      stage.host.advance(0.05);
      await stage.host.settle();
    }
    assert.deepEqual(await stage.release(), { ok: true, value: 'released' });

    assert.deepEqual(stage.work.disk.content.paths(), []);
    assert.equal(stage.storageFaults, 0);
  });

  it('says after three tries why it cannot be done, and the unit stays', async () => {
    const stage = await running();
    stage.fault('denied', ['remove']);
    const refused = await stage.release();

    assert.deepEqual(refused, { ok: false, refusal: `denied: remove '/data/here/${UNIT}'` });
    await stage.pass();
    assert.equal(stage.shown(), '4 Canceled 0');
    assert.match(stage.work.text('status') ?? '', /^\{"State":4,/);
    assert.deepEqual(stage.work.commands.living, []);
  });

  it('is done for us in any case when it is forced', async () => {
    const stage = await running();
    stage.fault('denied', ['remove']);

    assert.deepEqual(await stage.release(true), { ok: true, value: 'released' });
    assert.equal(stage.shown(), 'unknown');
    assert.deepEqual(stage.alarms, []);
  });
});

describe('the worker of a unit', () => {
  it('works on another node where the plan says so', async () => {
    const stage = new OneUnit();
    await stage.make({ plan: { type: 'far' }, status: remoteStatus() });
    const started = stage.complete();
    await stage.pass();

    assert.equal(stage.work.streams.last.node, 'far');
    stage.work.streams.last.fail();
    assert.deepEqual(await started, { ok: true, value: 'Job Submitted' });
  });

  it('has its promises told only when what they rest on is written down', async () => {
    const stage = new OneUnit();
    await stage.make({ plan: { type: 'far' }, status: remoteStatus() });
    const told: unknown[] = [];
    stage.complete().then((outcome) => told.push(outcome), assert.fail);
    await stage.pass();
    assert.ok(stage.address !== undefined);
    const status = remoteStatus({ remoteStarted: true });
    stage.send(stage.address, { type: 'work.changed', status, weight: 'lasting' } as UnitMessage);
    stage.send(stage.address, { type: 'work.started', outcome: { ok: true, value: 'Job Started' } } as UnitMessage);
    await stage.host.settle();
    assert.deepEqual(told, []);
    await stage.pass();

    assert.deepEqual(told, [{ ok: true, value: 'Job Started' }]);
    assert.match(stage.work.text('status') ?? '', /"RemoteStarted":true/);
  });

  it('is not there for a unit of an unknown work type, which is only kept, and can be released', async () => {
    const stage = new OneUnit();
    stage.work.put('status', 'of a work type that was taken out of the configuration');
    await stage.make({ plan: { type: 'unknown' }, beginning: 'found', status: statusOf({ state: 1 }) });
    assert.deepEqual(await stage.cancel(), { ok: true, value: 'cancelled' });
    assert.deepEqual(await stage.release(), { ok: true, value: 'released' });

    assert.deepEqual(stage.work.disk.content.paths(), []);
    assert.deepEqual(stage.alarms, []);
  });
});
