import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { farStartActor } from '../../../../actors/work/far-start.actor.js';
import type { Address } from '../../../../runtime/address.js';
import type { ReadFile } from '../../../../runtime/file-port.js';
import { FarStage, taskInput } from './far-stage.js';

const CHUNK_BYTES = 65_536;
const input = Array.from({ length: 200_000 }, (_, at) => String.fromCharCode(0x21 + ((at * 7 + (at >> 8)) % 90))).join(
  '',
);
const prompt = 'Work unit created with ID there. Send stdin data and EOF.\n';
const result = '{"result":"Job Started","unitid":"there"}\n';

/** A start whose submit is on its way. */
async function submitting(
  stdin: string | undefined,
  stage = new FarStage(),
): Promise<{ stage: FarStage; start: Address }> {
  if (stdin !== undefined) {
    stage.parts.put('stdin', stdin);
  }
  const start = stage.belowTask(farStartActor, taskInput({ task: 'start', farUnitId: undefined }));
  stage.last.open();
  await stage.pass();
  return { stage, start };
}

/** The bytes that were sent behind the submit line. */
const inputOf = ({ last }: FarStage): string => last.session.text.slice(last.session.text.indexOf('\n') + 1);
const acts = ({ last }: FarStage): readonly string[] => last.session.acts.filter((act) => act !== 'attach');

describe('the input of a start', () => {
  it('is not sent before there is a unit for it', async () => {
    const { stage } = await submitting(input);

    assert.equal(inputOf(stage), '');
    assert.deepEqual(acts(stage), []);
  });

  it('is sent whole and in order, and then its end', async () => {
    const { stage, start } = await submitting(input);
    stage.last.session.hear(prompt);
    await stage.pass();

    assert.equal(inputOf(stage), input);
    assert.deepEqual(acts(stage), ['end']);
    assert.equal(stage.state(start), 'starting.awaiting');
    assert.deepEqual(stage.parts.disk.leftOpen, [], 'the file is closed once it was read');
    stage.last.session.hear(result);
    await stage.pass();
    assert.deepEqual(stage.toUnit.at(-1), { type: 'start.done', farUnitId: 'there' });
    assert.deepEqual(acts(stage), ['end', 'close']);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('is an end at once when it is empty', async () => {
    const { stage } = await submitting('');
    stage.last.session.hear(prompt);
    await stage.pass();

    assert.equal(inputOf(stage), '');
    assert.deepEqual(acts(stage), ['end']);
  });

  it('is sent as fast as the other node takes it', async () => {
    const { stage } = await submitting(input);
    stage.last.session.hasRoom = false;
    stage.last.session.hear(prompt);
    await stage.pass();
    assert.equal(inputOf(stage).length, CHUNK_BYTES);

    stage.last.session.drain();
    stage.last.session.hasRoom = false;
    await stage.pass();
    assert.equal(inputOf(stage).length, 2 * CHUNK_BYTES);
    assert.deepEqual(acts(stage), []);
    stage.last.session.drain();
    await stage.pass();

    assert.equal(inputOf(stage), input);
    assert.deepEqual(acts(stage), ['end']);
  });

  it('is sent on after room was told of for which nobody had waited', async () => {
    const { stage } = await submitting(input);
    stage.last.session.drain();
    stage.last.session.hear(prompt);
    await stage.pass();

    assert.equal(inputOf(stage), input);
  });
});

describe('input that cannot be sent whole', () => {
  /** A start that waits for room in the middle of its input. */
  async function held(): Promise<{ stage: FarStage; start: Address }> {
    const made = await submitting(input);
    made.stage.last.session.hasRoom = false;
    made.stage.last.session.hear(prompt);
    await made.stage.pass();
    return made;
  }

  it('has no end when the start is stopped: the session is aborted, and the file closed', async () => {
    const { stage, start } = await held();

    stage.stop(start);
    await stage.pass();

    assert.equal(stage.state(start), 'gone');
    assert.deepEqual(acts(stage), ['abort']);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('has no end when the start is stopped while the disk is read, whatever is read then', async () => {
    for (const count of [0, 5]) {
      const reads: ((count: number) => void)[] = [];
      const file: ReadFile = {
        readAt: () => new Promise((resolve) => void reads.push(resolve)),
        close: () => Promise.resolve(),
      };
      const slow = new FarStage({ files: { openRead: () => Promise.resolve(file) } });
      const { stage, start } = await submitting(undefined, slow);
      stage.last.session.hear(prompt);
      await stage.pass();
      assert.equal(reads.length, 1);

      stage.stop(start);
      reads[0]?.(count);
      await stage.pass();

      assert.equal(inputOf(stage), '');
      assert.deepEqual(acts(stage), ['abort']);
      assert.equal(reads.length, 1);
    }
  });

  it('has no end when the session is lost, and the loss is the task’s business', async () => {
    const { stage } = await held();

    stage.last.session.break({ code: 'timeout', text: 'timeout: no recent network activity' });
    await stage.pass();

    assert.deepEqual(acts(stage), []);
    assert.deepEqual(stage.toTask.at(-1), { type: 'attempt.lost', text: 'timeout: no recent network activity' });
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('has no end when the other node gives up in the middle of it', async () => {
    const { stage } = await held();

    stage.last.session.hear('ERROR: no space left on device\n');
    await stage.pass();

    assert.deepEqual(stage.toUnit.at(-1), {
      type: 'start.refused',
      text: 'error from remote: no space left on device',
    });
    assert.deepEqual(acts(stage), ['abort']);
    assert.deepEqual(stage.parts.leftOpen(), []);
  });

  it('has no end when the other node gives up in one breath with the prompt', async () => {
    const { stage } = await submitting(input);

    stage.last.session.hear(`${prompt}ERROR: no space left on device\n`);
    await stage.pass();

    assert.equal(stage.toUnit.at(-1)?.type, 'start.refused');
    assert.deepEqual(acts(stage), ['abort']);
    assert.deepEqual(stage.parts.leftOpen(), []);
  });

  it('fails the start when it cannot be read here', async () => {
    const { stage } = await submitting(undefined);
    stage.last.session.hear(prompt);
    await stage.pass();

    assert.equal(stage.toUnit.at(-1)?.type, 'start.refused');
    assert.match(`${stage.toUnit.at(-1)?.['text']}`, /stdin/);
    assert.deepEqual(acts(stage), ['abort']);
    assert.deepEqual(stage.parts.leftOpen(), []);
  });

  it('fails the start when the disk fails in the middle of it', async () => {
    const { stage, start } = await held();
    stage.parts.disk.programDied(); // its files are closed under it: reads fail

    stage.last.session.drain();
    await stage.pass();

    assert.equal(stage.state(start), 'gone');
    assert.match(`${stage.toUnit.at(-1)?.['text']}`, /EBADF/);
    assert.deepEqual(acts(stage), ['abort']);
  });
});
