import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputFollower } from '../../../../actors/work/output-follower.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import type { FileFaultCode } from '../../../../runtime/file-port.js';
import { ManualHost } from '../../../support/manual-host.js';
import { RecordingReader } from './output-readers.js';
import { pass, remoteStatus, statusOf, UNIT, WorkParts } from './work-parts.js';

const running = (stdoutSize = 0): UnitStatus => statusOf({ state: 1, detail: 'Running: PID 7', stdoutSize });
const succeeded = (stdoutSize: number): UnitStatus => statusOf({ state: 2, detail: 'exit status 0', stdoutSize });

/** A unit whose output is followed; the test is the command that writes it. */
class Following {
  readonly host = new ManualHost();
  readonly parts = new WorkParts(this.host);
  readonly reader = new RecordingReader();
  readonly #path = this.parts.workKit.pathsOf(UNIT).stdout;
  #follower: OutputFollower | undefined;
  state: 'new' | 'running' | 'settled' = 'new';

  constructor(status: UnitStatus | undefined = running()) {
    this.parts.put('stdin', '');
    if (status !== undefined) {
      this.show(status);
    }
  }

  show(status: UnitStatus): void {
    this.parts.workKit.board.put(UNIT, status);
  }

  write(output: string | Uint8Array): void {
    const { content } = this.parts.disk;
    const bytes = typeof output === 'string' ? new TextEncoder().encode(output) : output;
    content.append(this.#path, content.opened(this.#path), bytes);
  }

  /** The runner's watch has seen so many bytes. */
  grew(size: number): void {
    this.parts.workKit.board.grew(UNIT, size);
  }

  async follow(position = 0): Promise<OutputFollower> {
    const { board } = this.parts.workKit;
    const follower = new OutputFollower(
      { board, files: this.parts.files, unitId: UNIT, path: this.#path },
      position,
      this.reader,
    );
    this.#follower = follower;
    this.state = 'running';
    follower.run().then(() => {
      this.state = 'settled';
    });
    await pass(this.host);
    return follower;
  }

  async stop(): Promise<void> {
    this.#follower?.stop();
    await pass(this.host);
  }

  fault(code: FileFaultCode): void {
    this.parts.disk.fault = (act) => (act === 'open' ? code : undefined);
  }
}

describe('a follower of output', () => {
  it('hands over what is there, then what comes, then the end', async () => {
    const following = new Following();
    following.write('one');
    await following.follow();
    following.write('two');
    following.grew(6);
    await pass(following.host);
    assert.equal(following.host.clock.armed, 0, 'it sleeps until there is news');
    following.show(succeeded(6));
    await pass(following.host);

    assert.deepEqual(following.reader.told, [
      'status 1 Running: PID 7',
      'at 0 3 bytes',
      'at 3 3 bytes',
      'status 2 exit status 0',
      'end 2 exit status 0 size 6',
    ]);
    assert.equal(following.reader.text, 'onetwo');
    assert.equal(following.state, 'settled');
    assert.deepEqual(following.parts.leftOpen(), []);
  });

  it('begins at any byte, while the unit runs and when it has ended', async () => {
    for (const position of [0, 1, 5, 6, 7, 1_000_000]) {
      const live = new Following();
      live.write('onetwo');
      await live.follow(position);
      live.write('three');
      live.grew(11);
      await pass(live.host);
      live.show(succeeded(11));
      await pass(live.host);
      assert.equal(live.reader.text, 'onetwothree'.slice(position), `from ${position}, running`);
      assert.equal(live.reader.last, 'end 2 exit status 0 size 11');

      const ended = new Following(succeeded(6));
      ended.write('onetwo');
      await ended.follow(position);
      assert.equal(ended.reader.text, 'onetwo'.slice(position), `from ${position}, ended`);
      assert.equal(ended.reader.last, 'end 2 exit status 0 size 6');
    }
  });

  it('loses no byte that nobody has told of before the end', async () => {
    const following = new Following();
    await following.follow();
    following.write('never seen by a watch');
    following.show(succeeded(0));
    await pass(following.host);

    assert.equal(following.reader.text, 'never seen by a watch');
    assert.equal(following.reader.last, 'end 2 exit status 0 size 21');
  });

  it('waits for output that is not there yet, and ends without any', async () => {
    const following = new Following();
    await following.follow();
    assert.deepEqual(following.reader.told, ['status 1 Running: PID 7']);
    assert.equal(following.host.clock.armed, 0, 'nothing is polled');
    following.show(succeeded(0));
    await pass(following.host);
    assert.deepEqual(following.reader.told.slice(1), ['status 2 exit status 0', 'end 2 exit status 0 size 0']);

    const late = new Following();
    await late.follow();
    late.write('x');
    late.grew(1);
    await pass(late.host);
    assert.equal(late.reader.text, 'x');
  });

  it('ends for a cancelled unit, too', async () => {
    const following = new Following();
    following.write('some');
    await following.follow();
    following.show(statusOf({ state: 4, detail: 'Canceled', stdoutSize: 4 }));
    await pass(following.host);

    assert.equal(following.reader.last, 'end 4 Canceled size 4');
  });

  it('hands over nothing while its reader is busy, and loses nothing meanwhile', async () => {
    const following = new Following();
    following.reader.hold();
    following.write('a');
    await following.follow();
    following.write('b');
    following.grew(2);
    following.write('c');
    following.grew(3);
    await pass(following.host);
    assert.deepEqual(following.reader.told.slice(1), ['at 0 1 bytes']);

    following.reader.take();
    await pass(following.host);
    assert.deepEqual(following.reader.told.slice(2), ['at 1 2 bytes']);
    following.show(succeeded(3));
    following.reader.take();
    await pass(following.host);
    assert.equal(following.reader.text, 'abc');
    assert.equal(following.reader.last, 'end 2 exit status 0 size 3');
  });

  it('cuts much output into pieces of 64 KiB that the reader may keep', async () => {
    const whole = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7 + (at >> 8) + (at >> 16)) & 0xff);
    const following = new Following();
    following.write(whole);
    await following.follow();
    following.show(succeeded(whole.length));
    await pass(following.host);

    assert.deepEqual(
      following.reader.chunks.map(({ length }) => length),
      [65_536, 65_536, 65_536, 3_392],
    );
    assert.ok(following.reader.output.equals(whole));
  });

  it('reads to the end what has ended, though the disk gives a few bytes at a time', async () => {
    const following = new Following(succeeded(11));
    following.write('hello world');
    const { files } = following.parts;
    const openRead = files.openRead;
    files.openRead = async (path) => {
      const file = await openRead(path);
      return { ...file, readAt: (position, target) => file.readAt(position, target.subarray(0, 3)) };
    };
    await following.follow();

    assert.equal(following.reader.text, 'hello world');
    assert.equal(following.reader.last, 'end 2 exit status 0 size 11');
  });

  it('tells the status when people would see a change, not at each byte', async () => {
    const following = new Following(statusOf());
    await following.follow();
    following.show(statusOf({ detail: 'Starting Worker' }));
    await pass(following.host);
    following.show(statusOf({ detail: 'Starting Worker', stdoutSize: 5 }));
    await pass(following.host);

    assert.deepEqual(following.reader.told, ['status 0 Waiting for Input Data', 'status 0 Starting Worker']);
  });

  it('waits for output of another node that is still on its way when the unit has ended', async () => {
    const following = new Following(remoteStatus({}, { state: 2, detail: 'exit status 0', stdoutSize: 6 }));
    following.write('one');
    await following.follow();
    assert.equal(following.state, 'running');
    following.write('two');
    following.parts.workKit.board.stored(UNIT, 6);
    await pass(following.host);

    assert.equal(following.reader.text, 'onetwo');
    assert.equal(following.reader.last, 'end 2 exit status 0 size 6');
  });

  it('fails when the unit is released, or is not known', async () => {
    const following = new Following();
    following.write('one');
    await following.follow();
    following.parts.workKit.board.drop(UNIT);
    await pass(following.host);
    assert.equal(following.reader.last, `failed unknown work unit ${UNIT}`);

    const unknown = new Following();
    unknown.parts.workKit.board.drop(UNIT);
    await unknown.follow();
    assert.deepEqual(unknown.reader.told, [`failed unknown work unit ${UNIT}`]);
    for (const { state, parts } of [following, unknown]) {
      assert.deepEqual([state, parts.leftOpen()], ['settled', []]);
    }
  });

  it('fails with the reason when the output cannot be read, or the reader cannot take it', async () => {
    const unreadable = new Following();
    unreadable.fault('denied');
    await unreadable.follow();
    assert.equal(unreadable.reader.last, `failed denied: open '/data/here/${UNIT}/stdout'`);

    const broken = new Following();
    broken.reader.fault = new Error('the client is gone');
    broken.write('x');
    await broken.follow();
    assert.equal(broken.reader.last, 'failed the client is gone');
    for (const { state, parts } of [unreadable, broken]) {
      assert.deepEqual([state, parts.leftOpen()], ['settled', []]);
    }
  });

  it('says nothing more once it is stopped, even to a reader that never answers', async () => {
    const sleeping = new Following();
    await sleeping.follow();
    await sleeping.stop();
    sleeping.show(succeeded(0));
    await pass(sleeping.host);
    assert.deepEqual(sleeping.reader.told, ['status 1 Running: PID 7']);

    const stuck = new Following();
    stuck.reader.hold();
    stuck.write('x');
    await stuck.follow();
    await stuck.stop();
    assert.deepEqual(stuck.reader.told.slice(1), ['at 0 1 bytes']);
    for (const { state, parts } of [sleeping, stuck]) {
      assert.deepEqual([state, parts.leftOpen()], ['settled', []]);
    }
  });

  it('tells a failure once, and none after its end', async () => {
    const following = new Following();
    const follower = await following.follow();
    follower.fail('the node is being stopped');
    follower.fail('again');
    await pass(following.host);
    assert.deepEqual(following.reader.told.slice(1), ['failed the node is being stopped']);

    const ended = new Following(succeeded(0));
    (await ended.follow()).fail('late');
    assert.equal(ended.reader.last, 'end 2 exit status 0 size 0');
  });
});
