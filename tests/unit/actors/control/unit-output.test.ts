import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type OutputEnd,
  type OutputForm,
  type OutputTask,
  streamOutput,
} from '../../../../actors/control/unit-output.js';
import type { OutputReader } from '../../../../actors/control/work-desk.js';
import { settlePromises } from '../../../../runtime/clock.js';
import { bytesOf, RecordingSession, textOf } from '../../../support/recording-session.js';
import { ScriptedDesk, statusOf, UNIT } from './control-parts.js';

const request = { unitId: UNIT, signature: '', origin: 'unix', startPosition: 3 } as const;
const running = statusOf({ state: 1, detail: 'Running: PID 7' });
const done = statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 5 });
const replied = (status: typeof running): string => {
  const name = status.state === 1 ? 'Running' : 'Succeeded';
  const text = `"Detail":"${status.detail}","ExtraData":null,"State":${status.state},"StateName":"${name}"`;
  return `{${text},"StdoutSize":${status.stdoutSize},"WorkType":"cat"}`;
};

class Streaming {
  readonly session = new RecordingSession();
  readonly desk = new ScriptedDesk();
  readonly task: OutputTask;
  end: OutputEnd | undefined;
  error: unknown;

  constructor(form: OutputForm = 'results') {
    this.task = streamOutput(this.session, this.desk, form, request);
    this.task.end.then(
      (end) => {
        this.end = end;
      },
      (error: unknown) => {
        this.error = error;
      },
    );
  }

  static async begun(form: OutputForm = 'results'): Promise<Streaming> {
    const streaming = new Streaming(form);
    streaming.desk.read();
    await settlePromises();
    return streaming;
  }

  get reader(): OutputReader {
    return this.desk.reader;
  }

  /** Hands over output; true once more may follow. */
  async bytes(offset: number, text: string): Promise<{ isTaken: boolean }> {
    const taking = { isTaken: false };
    this.reader.bytes(offset, bytesOf(text)).then(() => {
      taking.isTaken = true;
    });
    await settlePromises();
    return taking;
  }
}

describe('the output of a unit', () => {
  it('is sent raw behind one line, and nothing follows it', async () => {
    const streaming = await Streaming.begun();
    assert.deepEqual(streaming.desk.asked, [{ what: 'follow', with: [request] }]);
    streaming.reader.status(running);
    await streaming.bytes(3, 'lo');
    streaming.reader.end(done, 5);
    await settlePromises();

    assert.equal(streaming.session.text, `Streaming results for work unit ${UNIT}\nlo`);
    assert.deepEqual(streaming.end, { type: 'ended' });
    assert.equal(streaming.desk.isStopped, true);
  });

  it('comes with its status in our own form', async () => {
    const streaming = await Streaming.begun('follow');
    streaming.reader.status(running);
    await streaming.bytes(3, 'lo');
    streaming.reader.end(done, 5);
    await settlePromises();

    assert.deepEqual(streaming.session.text.split('\n'), [
      `Following work unit ${UNIT}`,
      `{"Status":${replied(running)}}`,
      '{"Offset":3,"Length":2}',
      `lo{"End":true,"Size":5,"Status":${replied(done)}}`,
      '',
    ]);
  });

  it('that came before the client was told what comes is sent behind that', async () => {
    const streaming = new Streaming();
    const early = await streaming.bytes(3, 'lo');
    assert.deepEqual([early.isTaken, streaming.session.text], [true, '']);
    streaming.desk.read();
    await settlePromises();
    assert.equal(streaming.session.text, `Streaming results for work unit ${UNIT}\nlo`);
  });

  it('that cannot go on ends without a word, or with one in our own form', async () => {
    for (const [form, last] of [
      ['results', ''],
      ['follow', `ERROR: unknown work unit ${UNIT}\n`],
    ] as const) {
      const streaming = await Streaming.begun(form);
      const before = streaming.session.text;
      streaming.reader.failed(`unknown work unit ${UNIT}`);
      await settlePromises();
      assert.equal(streaming.session.text, before + last);
      assert.deepEqual(streaming.end, { type: 'ended' });
    }
  });

  it('that is refused leaves the session as it was', async () => {
    const streaming = new Streaming();
    streaming.desk.refuse('follow', `unknown work unit ${UNIT}`);
    await settlePromises();
    assert.deepEqual(streaming.end, { type: 'refused', text: `ERROR: unknown work unit ${UNIT}\n` });
    assert.deepEqual([streaming.session.text, streaming.session.acts], ['', []]);
  });

  it('that nobody can give is told as the fault that it is', async () => {
    const streaming = new Streaming();
    streaming.desk.breakOff('follow', 'a bug');
    await settlePromises();
    assert.equal(`${streaming.error}`, 'Error: a bug');
  });
});

describe('a client that is sent output', () => {
  it('and does not read holds it up, until it reads on', async () => {
    const streaming = await Streaming.begun();
    streaming.session.hasRoom = false;
    const held = await streaming.bytes(3, 'a');
    assert.equal(held.isTaken, false);
    streaming.session.drain();
    await settlePromises();
    assert.equal(held.isTaken, true);
    assert.equal((await streaming.bytes(4, 'b')).isTaken, true);
  });

  it('and does not read is told the newest status only, once it does', async () => {
    const streaming = await Streaming.begun('follow');
    streaming.session.hasRoom = false;
    streaming.reader.status(running);
    const before = streaming.session.sends.length;
    for (let pid = 1; pid <= 1_000; pid += 1) {
      streaming.reader.status(statusOf({ state: 1, detail: `Running: PID ${pid}` }));
    }
    assert.equal(streaming.session.sends.length, before);

    streaming.session.drain();
    assert.deepEqual(streaming.session.sends.length, before + 1);
    assert.match(streaming.session.parts.at(-1) ?? '', /"Running: PID 1000"/);
    streaming.session.drain();
    assert.equal(streaming.session.sends.length, before + 1, 'it is told once');
  });

  it('and does not read is not told of a status behind the last one', async () => {
    const streaming = await Streaming.begun('follow');
    streaming.session.hasRoom = false;
    streaming.reader.status(running);
    streaming.reader.status(running);
    streaming.reader.end(done, 5);
    streaming.session.drain();
    assert.match(streaming.session.parts.at(-1) ?? '', /^\{"End":true/);
  });

  it('may end its direction, as receptorctl does', async () => {
    const streaming = await Streaming.begun();
    streaming.session.hearEnd();
    await streaming.bytes(3, 'lo');
    assert.equal(streaming.end, undefined);
    assert.match(streaming.session.text, /\nlo$/);
  });

  it('may send something meanwhile, which is kept, up to 64 KiB', async () => {
    const streaming = await Streaming.begun('follow');
    streaming.session.hear('status\n');
    streaming.session.hear('ping');
    assert.equal(textOf(streaming.task.rest), 'status\nping');
    streaming.session.hear('x'.repeat(65_536 - 11));
    assert.equal(streaming.session.isOver, false);

    streaming.session.hear('x');
    await settlePromises();
    assert.equal(streaming.session.acts.at(-1), 'abort');
    assert.deepEqual(streaming.end, { type: 'gone' });
    assert.equal(streaming.desk.isStopped, true);
  });

  it('and is gone stops it, even in the middle of a piece', async () => {
    for (const leave of [
      ({ session }: Streaming): void => session.break({ code: 'ECONNRESET', text: 'reset' }),
      ({ task }: Streaming): void => task.stop(),
    ]) {
      const streaming = await Streaming.begun();
      streaming.session.hasRoom = false;
      const held = await streaming.bytes(3, 'a');
      leave(streaming);
      await settlePromises();
      assert.deepEqual([streaming.end, held.isTaken, streaming.desk.isStopped], [{ type: 'gone' }, true, true]);
    }
  });

  it('and is gone before it begins is sent nothing, and the unit is read no more', async () => {
    const streaming = new Streaming();
    streaming.task.stop();
    streaming.desk.read();
    await settlePromises();
    assert.deepEqual([streaming.end, streaming.desk.isStopped], [{ type: 'gone' }, true]);
    assert.deepEqual([streaming.session.text, streaming.session.acts], ['', []]);
  });
});
