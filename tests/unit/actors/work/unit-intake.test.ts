import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../../actors/errors.js';
import { UnitIntake } from '../../../../actors/work/unit-intake.js';
import type { FileFaultCode } from '../../../../runtime/file-port.js';
import { ManualHost } from '../../../support/manual-host.js';
import { pass, UNIT, WorkParts } from './work-parts.js';

const PATH = `/data/here/${UNIT}/stdin`;

/** An intake over a pretended disk. */
class Taking {
  readonly host = new ManualHost();
  readonly parts = new WorkParts(this.host);
  readonly broken: string[] = [];
  fault: FileFaultCode | undefined;

  async open(): Promise<UnitIntake> {
    this.parts.put('status', '');
    this.parts.disk.fault = (act) => (act === 'append' ? this.fault : undefined);
    const opening = this.parts.files.openAppend(PATH);
    await pass(this.host);
    return new UnitIntake(await opening, (text) => this.broken.push(text));
  }

  async outcome(work: Promise<unknown>): Promise<unknown> {
    const settled = Promise.allSettled([work]);
    await pass(this.host);
    const [outcome] = await settled;
    return outcome?.status === 'rejected' ? outcome.reason : 'done';
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the intake of a unit', () => {
  it('stores what comes, in its order, and counts it', async () => {
    const taking = new Taking();
    const intake = await taking.open();
    assert.equal(await taking.outcome(intake.write(bytes('hel'))), 'done');
    assert.equal(await taking.outcome(intake.write(bytes('lo'))), 'done');
    assert.equal(await taking.outcome(intake.write(bytes(''))), 'done');

    assert.equal(intake.size, 5);
    assert.equal(taking.parts.text('stdin'), 'hello');
  });

  it('takes nothing once it is closed, and leaves no file open', async () => {
    const taking = new Taking();
    const intake = await taking.open();
    await taking.outcome(intake.close());
    await taking.outcome(intake.close());
    const refused = await taking.outcome(intake.write(bytes('late')));

    assert.ok(refused instanceof MeshError);
    assert.equal(refused.code, 'unit-gone');
    assert.deepEqual([taking.parts.text('stdin'), taking.parts.disk.leftOpen, taking.broken], ['', [], []]);
  });

  it('says that the disk has refused bytes, to the unit and to who sent them', async () => {
    const taking = new Taking();
    const intake = await taking.open();
    await taking.outcome(intake.write(bytes('some')));
    taking.fault = 'full';
    const refused = await taking.outcome(intake.write(bytes('more')));

    assert.ok(refused instanceof MeshError);
    assert.deepEqual([refused.code, refused.data], ['storage-failed', { code: 'full' }]);
    assert.deepEqual(taking.broken, [`full: append '${PATH}'`]);
    assert.equal(taking.parts.text('stdin'), 'some');
  });

  it('says so, too, when the disk tells only at the close', async () => {
    const broken: string[] = [];
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'full' });
    const file = {
      size: 3,
      append: async () => undefined,
      sync: async () => undefined,
      close: () => Promise.reject(full),
    };
    const intake = new UnitIntake(file, (text) => broken.push(text));
    await assert.rejects(intake.close(), { code: 'storage-failed', message: 'ENOSPC: no space left' });
    await intake.close();

    assert.deepEqual(broken, ['ENOSPC: no space left']);
  });
});
