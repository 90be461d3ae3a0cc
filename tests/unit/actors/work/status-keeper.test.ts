import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusKeeper } from '../../../../actors/work/status-keeper.js';
import { decodeStatusFile, type UnitStatus } from '../../../../protocol/work/status.js';
import { FileError, type FileFaultCode, type FilePort } from '../../../../runtime/file-port.js';
import { ManualHost } from '../../../support/manual-host.js';
import { pass, statusOf, UNIT, WorkParts } from './work-parts.js';

const PATH = `/data/here/${UNIT}/status`;

/** A disk that counts writes, and refuses those that the test names by their number. */
class Keeping {
  readonly host = new ManualHost();
  readonly parts = new WorkParts(this.host);
  /** The detail of each status that was given to the disk. */
  readonly writes: string[] = [];
  readonly refused = new Map<number, FileFaultCode>();
  readonly keeper: StatusKeeper;

  constructor() {
    this.parts.put('stdin', '');
    const { files } = this.parts;
    const port: FilePort = {
      ...files,
      replace: (path, bytes) => {
        const status = decodeStatusFile(bytes);
        this.writes.push(status.ok ? status.value.detail : 'unreadable');
        const code = this.refused.get(this.writes.length);
        return code === undefined
          ? files.replace(path, bytes)
          : Promise.reject(new FileError(code, path, `${code}: write ${this.writes.length}`));
      },
    };
    this.keeper = new StatusKeeper(port, PATH);
  }

  /** Keeps a status; the outcome is in the list that is returned, once there is one. */
  keep(status: UnitStatus): string[] {
    const outcome: string[] = [];
    this.keeper.keep(status).then(
      () => outcome.push('kept'),
      (error: Error) => outcome.push(error.message),
    );
    return outcome;
  }
}

const status = (detail: string): UnitStatus => statusOf({ detail });

describe('the keeper of a status', () => {
  it('writes the file that the reference reads', async () => {
    const keeping = new Keeping();
    const outcome = keeping.keep(statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 6 }));
    await pass(keeping.host);

    assert.deepEqual(outcome, ['kept']);
    assert.equal(
      keeping.parts.text('status'),
      '{"State":2,"Detail":"exit status 0","StdoutSize":6,"WorkType":"echo","ExtraData":null}\n',
    );
  });

  it('writes one after the other, and leaves out what is overtaken', async () => {
    const keeping = new Keeping();
    const outcomes = ['a', 'b', 'c'].map((detail) => keeping.keep(status(detail)));
    assert.deepEqual(keeping.writes, ['a']);
    await pass(keeping.host);

    assert.deepEqual(keeping.writes, ['a', 'c']);
    assert.deepEqual(outcomes, [['kept'], ['kept'], ['kept']]);
    const last = keeping.keep(status('d'));
    await pass(keeping.host);
    assert.deepEqual([last, keeping.writes], [['kept'], ['a', 'c', 'd']]);
  });

  it('says why it could not write, and writes the next', async () => {
    const keeping = new Keeping();
    keeping.refused.set(1, 'full');
    const first = keeping.keep(status('a'));
    await pass(keeping.host);
    assert.deepEqual(first, ['full: write 1']);

    const second = keeping.keep(status('b'));
    await pass(keeping.host);
    assert.deepEqual(second, ['kept']);
    assert.match(keeping.parts.text('status') ?? '', /"Detail":"b"/);
  });

  it('still writes the newer one when the one before it was refused', async () => {
    const keeping = new Keeping();
    keeping.refused.set(1, 'full');
    const outcomes = ['a', 'b'].map((detail) => keeping.keep(status(detail)));
    await pass(keeping.host);

    assert.deepEqual(keeping.writes, ['a', 'b']);
    assert.deepEqual(outcomes, [['kept'], ['kept']]);
    assert.match(keeping.parts.text('status') ?? '', /"Detail":"b"/);
  });

  it('tells everybody who waits when the last one was refused', async () => {
    const keeping = new Keeping();
    keeping.refused.set(2, 'denied');
    const outcomes = ['a', 'b'].map((detail) => keeping.keep(status(detail)));
    await pass(keeping.host);

    assert.deepEqual(outcomes, [['denied: write 2'], ['denied: write 2']]);
  });

  it('is idle when nothing is being written, whatever became of it', async () => {
    const keeping = new Keeping();
    let idle = 0;
    keeping.keeper.idle().then(() => {
      idle += 1;
    });
    await keeping.host.settle();
    assert.equal(idle, 1);

    keeping.refused.set(1, 'full');
    keeping.keep(status('a'));
    keeping.keep(status('b'));
    keeping.keeper.idle().then(() => {
      idle += 1;
    });
    await keeping.host.settle();
    assert.equal(idle, 1, 'the second write is under way');
    await pass(keeping.host);
    assert.equal(idle, 2);
  });

  it('leaves the old status as it was when the new one cannot be written', async () => {
    const keeping = new Keeping();
    keeping.keep(status('a'));
    await pass(keeping.host);
    keeping.refused.set(2, 'full');
    keeping.keep(status('b'));
    await pass(keeping.host);

    assert.match(keeping.parts.text('status') ?? '', /"Detail":"a"/);
  });
});
