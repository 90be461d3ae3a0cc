import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WORK } from '../../../../actors/addresses.js';
import type { CreatedUnit, WorkOutcome } from '../../../../actors/control/work-desk.js';
import type { NodeWork } from '../../../../actors/work/node-work.js';
import type { WorkSubmit } from '../../../../protocol/control/command-line.js';
import { encodeStatusFile, type UnitStatus } from '../../../../protocol/work/status.js';
import type { FileFaultCode } from '../../../../runtime/file-port.js';
import type { DiskAct } from '../../../../runtime/simulation/disk-fault.js';
import { RecordingReader } from './output-readers.js';
import { OTHER_UNIT, remoteStatus, statusOf, UNIT } from './work-parts.js';
import { WorkStage } from './work-stage.js';

/** The desk of a node whose manager is there, and a client at it. */
class Desk extends WorkStage {
  readonly client: NodeWork = this.desk();

  submit(changes: Partial<WorkSubmit> = {}): Promise<WorkOutcome<CreatedUnit>> {
    const submit: WorkSubmit = {
      type: 'work.submit',
      node: 'localhost',
      workType: 'sleep',
      params: new Map(),
      tlsClient: '',
      ttl: undefined,
      signWork: false,
      signature: '',
      unitId: UNIT,
      ...changes,
    };
    return this.wait(this.client.submit(submit, 'unix'));
  }

  /** A unit that runs, with this input. */
  async run(input = ''): Promise<void> {
    const { value } = accepted(await this.submit());
    await this.wait(value.input.write(new TextEncoder().encode(input)));
    assert.deepEqual(await this.wait(value.input.end()), { ok: true, value: 'Job Started' });
    await this.pass();
  }

  leave(status: UnitStatus): void {
    this.work.put('status', new TextDecoder().decode(encodeStatusFile(status)));
  }

  async follow(startPosition = 0, reader = new RecordingReader()): Promise<RecordingReader> {
    const followed = await this.wait(this.client.follow({ ...REQUEST, startPosition }, reader));
    assert.equal(followed.ok, true);
    await this.pass();
    return reader;
  }

  fault(code: FileFaultCode, acts: readonly DiskAct[], name = ''): void {
    this.work.disk.fault = (act, path) => (acts.includes(act) && path.endsWith(name) ? code : undefined);
  }
}

const REQUEST = { unitId: UNIT, signature: '', origin: 'unix' } as const;
const UNKNOWN = { ok: false, refusal: `unknown work unit ${UNIT}` };

function accepted<T>(outcome: WorkOutcome<T>): { readonly value: T } {
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome;
}

async function opened(): Promise<Desk> {
  const desk = new Desk();
  await desk.manage();
  return desk;
}

describe('a submit at the desk', () => {
  it('gives an id that may be asked for at once, takes the input, and starts the command', async () => {
    const desk = await opened();
    const { value } = accepted(await desk.submit({ unitId: undefined }));
    assert.match(value.unitId, /^here[0-9a-zA-Z]{8}$/);
    assert.equal(desk.shown(value.unitId), '0 Waiting for Input Data 0');
    await desk.wait(value.input.write(new Uint8Array(70_000)));
    await desk.wait(value.input.write(new Uint8Array(5)));
    assert.deepEqual(await desk.wait(value.input.end()), { ok: true, value: 'Job Started' });
    await desk.pass();

    assert.deepEqual(
      desk.work.commands.runs.map(({ inputBytes }) => inputBytes),
      [70_005],
    );
    assert.deepEqual(desk.alarms, []);
  });

  it('is refused with the reason, and leaves no folder', async () => {
    const desk = await opened();
    assert.deepEqual(await desk.submit({ workType: 'nosuch' }), { ok: false, refusal: 'unknown work type nosuch' });
    desk.fault('full', ['make', 'replace', 'open']);
    const full = await desk.submit();
    assert.equal(full.ok, false);
    assert.match(full.ok ? '' : full.refusal, /^full: /);
    assert.deepEqual(desk.work.disk.content.paths(), []);

    desk.work.disk.fault = () => undefined;
    accepted(await desk.submit());
    assert.deepEqual(await desk.submit(), {
      ok: false,
      refusal: `workunit ID ${UNIT} is already in use, cannot use the same workunit ID more than once`,
    });
  });

  it('says that the work was started and shows the failure when the command cannot be run', async () => {
    const desk = await opened();
    const { value } = accepted(await desk.submit({ workType: 'nobin' }));
    assert.deepEqual(await desk.wait(value.input.end()), { ok: true, value: 'Job Started' });
    await desk.pass();

    assert.equal(desk.shown(), '3 fork/exec /no/such: no such file or directory 0');
  });

  it('whose input is cut short fails with the reason, and never runs', async () => {
    const desk = await opened();
    const { value } = accepted(await desk.submit());
    value.input.fail('Error reading input data: reset');
    await desk.pass();

    assert.equal(desk.shown(), '3 Error reading input data: reset 0');
    await assert.rejects(desk.wait(value.input.write(new Uint8Array(1))), { code: 'unit-gone' });
    assert.equal((await desk.wait(value.input.end())).ok, false);
    assert.deepEqual([desk.work.commands.runs, desk.work.leftOpen()], [[], []]);
  });

  it('whose input the disk refuses fails with the reason, and says so at the end', async () => {
    const desk = await opened();
    const { value } = accepted(await desk.submit());
    desk.fault('full', ['append']);
    await assert.rejects(desk.wait(value.input.write(new Uint8Array(1))), { code: 'storage-failed' });
    await desk.pass();

    const refused = `Error reading input data: full: append '/data/here/${UNIT}/stdin'`;
    assert.equal(desk.shown(), `3 ${refused} 0`);
    assert.deepEqual(await desk.wait(value.input.end()), { ok: false, refusal: refused });
  });

  it('whose input cannot be closed in order fails with the reason, and never runs', async () => {
    const desk = new Desk((host) => {
      const parts = WorkStage.partsOver(host);
      const openAppend: typeof parts.files.openAppend = async (path) => {
        const file = await parts.files.openAppend(path);
        const close = (): Promise<void> => file.close().then(() => Promise.reject(new Error('no room at the close')));
        return path.endsWith('/stdin')
          ? { size: 0, append: (bytes) => file.append(bytes), sync: file.sync, close }
          : file;
      };
      return Object.assign(WorkStage.partsOver(host), { files: { ...parts.files, openAppend } });
    });
    await desk.manage();
    const { value } = accepted(await desk.submit());
    assert.deepEqual(await desk.wait(value.input.end()), { ok: false, refusal: 'no room at the close' });
    await desk.pass();

    assert.equal(desk.shown(), '3 Error reading input data: no room at the close 0');
    assert.deepEqual(desk.work.commands.runs, []);
  });

  it('that is cancelled or released while it takes its input tells so at the end', async () => {
    for (const order of ['cancel', 'release'] as const) {
      const desk = await opened();
      const { value } = accepted(await desk.submit());
      const ordered = order === 'cancel' ? desk.client.cancel(REQUEST) : desk.client.release(REQUEST, { force: false });
      assert.equal((await desk.wait(ordered)).ok, true);
      const started = await desk.wait(value.input.end());

      assert.equal(started.ok, false);
      assert.deepEqual([desk.work.commands.runs, desk.work.leftOpen(), desk.alarms], [[], [], []]);
    }
  });
});

describe('the status at the desk', () => {
  it('is what the board shows, or what is found on the disk', async () => {
    const desk = await opened();
    assert.deepEqual(await desk.wait(desk.client.status(UNIT)), UNKNOWN);
    desk.leave(statusOf({ state: 2, detail: 'exit status 0' }));
    assert.deepEqual(accepted(await desk.wait(desk.client.status(UNIT))).value.detail, 'exit status 0');
  });

  it('is listed for all units, or for one', async () => {
    const desk = await opened();
    assert.deepEqual(await desk.wait(desk.client.list(undefined)), { ok: true, value: new Map() });
    desk.work.workKit.board.put(UNIT, statusOf());
    desk.work.workKit.board.put(OTHER_UNIT, remoteStatus());

    assert.deepEqual(accepted(await desk.wait(desk.client.list(undefined))).value.size, 2);
    assert.deepEqual(await desk.wait(desk.client.list(UNIT)), { ok: true, value: new Map([[UNIT, statusOf()]]) });
    assert.deepEqual(await desk.wait(desk.client.list('nosuch' as typeof UNIT)), {
      ok: false,
      refusal: 'unknown work unit nosuch',
    });
  });

  it('is refused, not thrown, when nobody answers', async () => {
    const desk = new Desk();
    const refused = await desk.wait(desk.client.status(UNIT));

    assert.equal(refused.ok, false);
  });
});

describe('an order at the desk', () => {
  it('ends a command and changes nothing of what has ended', async () => {
    const desk = await opened();
    await desk.run();
    assert.deepEqual(await desk.wait(desk.client.cancel(REQUEST)), { ok: true, value: 'cancelled' });
    assert.equal(desk.shown(), '4 Canceled 0');
    assert.deepEqual(await desk.wait(desk.client.cancel(REQUEST)), { ok: true, value: 'cancelled' });
    assert.equal(desk.shown(), '4 Canceled 0');
    assert.deepEqual(await desk.wait(desk.client.release(REQUEST, { force: false })), { ok: true, value: 'released' });
    assert.deepEqual(await desk.wait(desk.client.status(UNIT)), UNKNOWN);
    assert.deepEqual(desk.alarms, []);
  });

  it('is refused for a unit that is not known, or with a signature that none expects', async () => {
    const desk = await opened();
    assert.deepEqual(await desk.wait(desk.client.cancel(REQUEST)), UNKNOWN);
    assert.deepEqual(await desk.wait(desk.client.release(REQUEST, { force: true })), UNKNOWN);
    await desk.run();

    assert.deepEqual(await desk.wait(desk.client.cancel({ ...REQUEST, signature: 'x' })), {
      ok: false,
      refusal: 'work type did not expect a signature',
    });
    assert.match(desk.shown(), /^1 Running/);
  });

  it('is pending when it takes longer than a client waits', async () => {
    for (const [order, pending] of [
      ['cancel', 'cancel pending'],
      ['release', 'release pending'],
    ] as const) {
      const desk = await opened();
      await desk.run();
      // Signals reach nobody, and nobody tells of the end.
      desk.programs[0]?.onSignal(() => undefined);
      desk.work.processes.signal = () => new Promise(() => undefined);
      const ordered = order === 'cancel' ? desk.client.cancel(REQUEST) : desk.client.release(REQUEST, { force: false });

      assert.deepEqual(await desk.wait(ordered, 70_000), { ok: true, value: pending });
    }
  });
});

describe('results at the desk', () => {
  it('come from any byte while the command runs, and end with it', async () => {
    const desk = await opened();
    await desk.run();
    desk.programs[0]?.write('hello');
    await desk.pass();
    const readers = await Promise.all(
      [0, 2, 5, 8].map((at) => desk.client.follow({ ...REQUEST, startPosition: at }, new RecordingReader())),
    );
    assert.deepEqual(
      readers.map(({ ok }) => ok),
      [true, true, true, true],
    );
    const first = await desk.follow(0);
    const middle = await desk.follow(7);
    assert.equal(desk.client.readers, 6);
    desk.programs[0]?.write(' world');
    await desk.pass();
    assert.equal(first.text, 'hello world');
    desk.programs[0]?.write('!');
    desk.programs[0]?.exit(0);
    await desk.pass();

    assert.deepEqual([first.text, middle.text], ['hello world!', 'orld!']);
    assert.deepEqual([first.last, middle.last], ['end 2 exit status 0 size 12', 'end 2 exit status 0 size 12']);
    assert.equal(desk.client.readers, 0);
    assert.deepEqual(desk.work.leftOpen(), []);
  });

  it('lose no byte when the news of changes is lost', async () => {
    const desk = await opened();
    desk.work.disk.losesNews = true;
    await desk.run();
    const reader = await desk.follow();
    for (let piece = 0; piece < 10; piece += 1) {
      desk.programs[0]?.write(`${piece}`);
      await desk.pass(300);
    }
    await desk.pass(2_000);
    assert.equal(reader.text, '0123456789', 'the slow poll sees it');
    desk.programs[0]?.write('end');
    desk.programs[0]?.exit(0);
    await desk.pass();

    assert.equal(reader.text, '0123456789end');
    assert.equal(reader.last, 'end 2 exit status 0 size 13');
  });

  it('are refused for a unit that is not known', async () => {
    const desk = await opened();

    assert.deepEqual(
      await desk.wait(desk.client.follow({ ...REQUEST, startPosition: 0 }, new RecordingReader())),
      UNKNOWN,
    );
  });

  it('are left when their reader has had enough', async () => {
    const desk = await opened();
    await desk.run();
    const reader = new RecordingReader();
    const { value: stop } = accepted(await desk.wait(desk.client.follow({ ...REQUEST, startPosition: 0 }, reader)));
    stop();
    await desk.pass();
    desk.programs[0]?.write('x');
    await desk.pass();

    assert.deepEqual([reader.text, desk.client.readers], ['', 0]);
  });

  it('have at most so many readers at a time', async () => {
    const desk = await opened();
    await desk.run();
    const follow = () => desk.client.follow({ ...REQUEST, startPosition: 0 }, new RecordingReader());
    const followed = await desk.wait(Promise.all(Array.from({ length: 513 }, follow)));

    assert.equal(followed.filter(({ ok }) => ok).length, 512);
    assert.deepEqual(followed.at(-1), {
      ok: false,
      refusal: 'this node has too many readers of results now; try again later',
    });
  });

  it('end with a reason when the node is over, and none begin after that', async () => {
    const desk = await opened();
    await desk.run();
    const reader = await desk.follow();
    const late = new RecordingReader();
    const following = desk.client.follow({ ...REQUEST, startPosition: 0 }, late);
    desk.client.close();
    const refused = await desk.wait(following);
    await desk.pass();

    assert.equal(reader.last, 'failed the node is being stopped');
    assert.deepEqual(refused, { ok: false, refusal: 'the node is being stopped' });
    assert.equal(desk.client.readers, 0);
    desk.stop(WORK);
    await desk.pass();
    assert.deepEqual(desk.work.leftOpen(), []);
  });
});
