import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PayloadTask, receivePayload } from '../../../../actors/control/payload.js';
import { settlePromises } from '../../../../runtime/clock.js';
import { RecordingSession } from '../../../support/recording-session.js';
import { ScriptedInput, UNIT } from './control-parts.js';

class Receiving {
  readonly session = new RecordingSession();
  readonly input = new ScriptedInput();
  readonly task: PayloadTask = receivePayload(this.session, { unitId: UNIT, input: this.input });
  line: string | undefined;

  constructor() {
    this.task.settled.then((line) => {
      this.line = line;
    });
  }

  async hear(text: string): Promise<void> {
    this.session.hear(text);
    await settlePromises();
  }

  async end(): Promise<void> {
    this.session.hearEnd();
    await settlePromises();
  }

  async store(): Promise<void> {
    this.input.store();
    await settlePromises();
  }

  async breakOff(text?: string): Promise<void> {
    this.session.break(text === undefined ? undefined : { code: 'ECONNRESET', text });
    await settlePromises();
  }
}

const started = { ok: true, value: 'Job Started' } as const;

/** A client that has sent its input to the end. */
async function whole(): Promise<Receiving> {
  const receiving = new Receiving();
  await receiving.hear('input');
  await receiving.store();
  await receiving.end();
  return receiving;
}

describe('the standard input of a unit', () => {
  it('is everything up to the client’s end; then the unit is started', async () => {
    const receiving = new Receiving();
    for (const piece of ['one ', 'two']) {
      await receiving.hear(piece);
      await receiving.store();
    }
    assert.equal(receiving.input.state, 'open');
    await receiving.end();
    assert.deepEqual([receiving.input.state, receiving.line], ['complete', undefined]);

    receiving.input.started(started);
    await settlePromises();
    assert.deepEqual(receiving.input.written, ['one ', 'two']);
    assert.equal(receiving.line, `{"result":"Job Started","unitid":"${UNIT}"}\n`);
  });

  it('may be empty', async () => {
    const receiving = new Receiving();
    await receiving.end();
    receiving.input.started({ ok: true, value: 'Job Submitted' });
    await settlePromises();
    assert.deepEqual(receiving.input.written, []);
    assert.equal(receiving.line, `{"result":"Job Submitted","unitid":"${UNIT}"}\n`);
  });

  it('is read no faster than it is stored, piece by piece', async () => {
    const receiving = new Receiving();
    await receiving.hear('one');
    assert.deepEqual(receiving.session.acts, ['attach', 'pause']);
    // A read that was under way comes all the same.
    await receiving.hear('two');
    assert.deepEqual(receiving.input.written, ['one']);
    await receiving.store();
    await receiving.store();
    assert.deepEqual(receiving.session.acts, ['attach', 'pause', 'pause', 'resume', 'resume']);
    assert.deepEqual([receiving.input.written, receiving.input.hasOverlapped], [['one', 'two'], false]);
  });

  it('that the client has ended starts the unit once it is stored, and not before', async () => {
    const receiving = new Receiving();
    await receiving.hear('slow');
    await receiving.end();
    assert.equal(receiving.input.state, 'open');
    await receiving.store();
    assert.equal(receiving.input.state, 'complete');
  });

  it('that is refused at the start is answered by the reason', async () => {
    const receiving = await whole();
    receiving.input.started({ ok: false, refusal: 'fork/exec /no/such/bin: no such file or directory' });
    await settlePromises();
    assert.equal(receiving.line, 'ERROR: fork/exec /no/such/bin: no such file or directory\n');
  });

  it('that cannot be closed fails the unit', async () => {
    const receiving = await whole();
    receiving.input.startBroke('EIO: i/o error');
    await settlePromises();
    assert.deepEqual([receiving.line, receiving.input.failures], ['ERROR: EIO: i/o error\n', ['EIO: i/o error']]);
  });

  it('that cannot be stored fails the unit, once, and what still comes is dropped', async () => {
    const receiving = new Receiving();
    await receiving.hear('one');
    await receiving.hear('two');
    receiving.input.refuse('no space left on device');
    await settlePromises();
    await receiving.hear('three');
    await receiving.end();

    const reason = 'Error storing input data: no space left on device';
    assert.equal(receiving.line, `ERROR: ${reason}\n`);
    assert.deepEqual([receiving.input.written, receiving.input.failures], [['one'], [reason]]);
    assert.equal(receiving.input.state, 'failed');
    assert.equal(receiving.session.acts.at(-1), 'resume', 'it is read to its end, so that the answer is');
  });
});

describe('a client that leaves', () => {
  it('in the middle of its input fails the unit at once, for that very reason', async () => {
    for (const [text, reason] of [
      ['read ECONNRESET', 'Error reading input data: read ECONNRESET'],
      [undefined, 'Error reading input data: the connection was closed'],
    ] as const) {
      const receiving = new Receiving();
      await receiving.hear('half of');
      receiving.session.break(text === undefined ? undefined : { code: 'ECONNRESET', text });
      receiving.task.cut('Error reading input data: the session was ended');
      assert.deepEqual(receiving.input.failures, [reason], 'while a piece is still being stored');
      await receiving.store();
      assert.deepEqual([receiving.line, receiving.input.state], [`ERROR: ${reason}\n`, 'failed']);
    }
  });

  it('behind the end of its input has said all: the unit is started', async () => {
    for (const leave of [
      (receiving: Receiving): Promise<void> => receiving.breakOff('read ECONNRESET'),
      (receiving: Receiving): Promise<void> => receiving.breakOff(),
      async ({ task }: Receiving): Promise<void> => task.cut('the session was ended'),
    ]) {
      const receiving = new Receiving();
      await receiving.hear('all');
      await receiving.end();
      await leave(receiving);
      await receiving.store();
      assert.deepEqual([receiving.input.state, receiving.input.failures], ['complete', []]);
    }
  });

  it('is not waited for when its session is ended here', async () => {
    const receiving = new Receiving();
    receiving.task.cut('the session was ended');
    receiving.task.cut('again');
    await settlePromises();
    assert.deepEqual(
      [receiving.line, receiving.input.failures],
      ['ERROR: the session was ended\n', ['the session was ended']],
    );
  });
});
