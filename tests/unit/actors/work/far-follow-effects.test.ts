import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { farFollowActor } from '../../../../actors/work/far-follow.actor.js';
import { decodeText } from '../../../../protocol/text.js';
import { encodeFollowBlock, encodeFollowEnd, encodeFollowStatus } from '../../../../protocol/work/follow.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import type { Address } from '../../../../runtime/address.js';
import { FAR } from '../node-parts.js';
import { FarStage, taskInput } from './far-stage.js';
import { statusOf } from './work-parts.js';

const running = statusOf({ state: 1, detail: 'Running: PID 5', stdoutSize: 3 });
const ended = (stdoutSize: number): UnitStatus => statusOf({ state: 2, detail: 'exit status 0', stdoutSize });
const block = (offset: number, text: string): string => `${decodeText(encodeFollowBlock(offset, text.length))}${text}`;
const end = (size: number): string => decodeText(encodeFollowEnd(ended(size), size));
const MIB = 1_048_576;

interface Rig {
  readonly stage: FarStage;
  readonly follow: Address;
}

async function asking(stored = '', stage = new FarStage()): Promise<Rig> {
  if (stage.parts.workKit.outputs.size === 0) {
    stage.putOutput(stored);
  }
  const follow = stage.belowTask(farFollowActor, taskInput());
  await stage.pass();
  stage.last.open();
  await stage.pass();
  return { stage, follow };
}

async function streaming(stored = '', stage?: FarStage): Promise<Rig> {
  const rig = await asking(stored, stage);
  rig.stage.last.session.hear('Following work unit there\n');
  rig.stage.host.run();
  return rig;
}

describe('an attempt to follow a unit', () => {
  it('tells each status, stores the output, and is complete with the end', async () => {
    const { stage, follow } = await streaming();

    stage.last.session.hear(
      `${decodeText(encodeFollowStatus(running))}${block(0, 'one')}${block(3, ' two\n')}${end(8)}`,
    );
    await stage.pass();

    assert.deepEqual(stage.toUnit, [
      { type: 'far.status', status: running },
      { type: 'watch.complete', status: ended(8) },
    ]);
    assert.deepEqual(stage.toTask, [{ type: 'attempt.thrived' }]);
    assert.equal(stage.parts.text('stdout'), 'one two\n');
    assert.equal(stage.state(follow), 'gone');
    assert.equal(stage.last.session.isOver, true);
    assert.deepEqual(stage.alarms, []);
  });

  it('is not complete before the last byte is stored', async () => {
    const { stage } = await streaming();

    stage.last.session.hear(`${block(0, 'slowly')}${end(6)}`);
    await stage.host.settle();
    assert.deepEqual(stage.toUnit, []);
    assert.equal(stage.parts.text('stdout'), '');
    await stage.pass();

    assert.equal(stage.parts.text('stdout'), 'slowly');
    assert.deepEqual(stage.toUnit, [{ type: 'watch.complete', status: ended(6) }]);
  });

  it('goes on behind what is stored after a loss in the middle of a block: no byte twice, none left out', async () => {
    const first = await streaming('stored-');
    first.stage.last.session.hear(block(7, 'one-two-three').slice(0, -5));
    first.stage.last.session.break({ code: 'reset', text: 'gone' });
    await first.stage.pass();
    assert.deepEqual(first.stage.toTask.at(-1), { type: 'attempt.lost', text: 'gone' });

    const { stage } = await streaming('', first.stage);
    stage.last.session.hear(`${block(15, 'three')}${end(20)}`);
    await stage.pass();

    assert.deepEqual(
      stage.parts.streams.dials.map(({ lines }) => lines),
      [['work follow there 7'], ['work follow there 15']],
    );
    assert.equal(stage.parts.text('stdout'), 'stored-one-two-three');
    assert.deepEqual(stage.toUnit, [{ type: 'watch.complete', status: ended(20) }]);
  });

  it('is lost when output comes from another place than it should, which is not stored', async () => {
    for (const offset of [2, 4]) {
      const { stage } = await streaming('abc');

      stage.last.session.hear(`${block(offset, 'xyz')}${end(6)}`);
      await stage.pass();

      assert.deepEqual(stage.toTask.at(-1), {
        type: 'attempt.lost',
        text: `output at ${offset}, expected 3`,
      });
      assert.equal(stage.parts.text('stdout'), 'abc');
      assert.deepEqual(stage.toUnit, []);
      assert.deepEqual(stage.alarms, []);
    }
  });

  it('is lost when the end comes before all bytes', async () => {
    const { stage } = await streaming();

    stage.last.session.hear(`${block(0, 'half')}${end(8)}`);
    await stage.pass();

    assert.deepEqual(stage.toTask.at(-1), { type: 'attempt.lost', text: 'the output came with gaps' });
    assert.deepEqual(stage.toUnit, []);
    assert.equal(stage.parts.text('stdout'), 'half');
  });

  it('is lost, and not complete, when the disk refuses the last bytes', async () => {
    const { stage } = await streaming();
    stage.parts.disk.fault = (act) => (act === 'append' ? 'full' : undefined);

    stage.last.session.hear(`${block(0, 'whole')}${end(5)}`);
    await stage.pass();

    assert.equal(stage.toTask.at(-1)?.type, 'attempt.lost');
    assert.match(`${stage.toTask.at(-1)?.['text']}`, /^full: append/);
    assert.deepEqual(stage.toUnit, []);
    assert.deepEqual(stage.alarms, []);
  });

  it('reads no faster than the disk writes', async () => {
    const { stage } = await streaming();

    stage.last.session.hear(block(0, 'x'.repeat(MIB)));
    assert.deepEqual(stage.last.session.acts, ['attach', 'pause']);
    await stage.pass();

    assert.deepEqual(stage.last.session.acts, ['attach', 'pause', 'resume']);
    assert.equal(stage.parts.text('stdout')?.length, MIB);
  });

  it('remembers that the node does not know this way', async () => {
    const { stage } = await asking();

    stage.last.session.hear('ERROR: bad command\n');
    await stage.pass();

    assert.equal(stage.parts.workKit.farNodes.dialectOf(FAR), 'requests');
    assert.deepEqual(stage.toTask, [{ type: 'attempt.again' }]);
  });

  it('tells of a unit that is gone as many bytes as are here', async () => {
    const { stage } = await asking('stored');

    stage.last.session.hear('ERROR: unknown work unit there\n');
    await stage.pass();

    assert.deepEqual(stage.toUnit, [{ type: 'watch.gone', storedSize: 6 }]);
  });

  it('is lost for a unit that nobody watches', async () => {
    const stage = new FarStage();
    stage.belowTask(farFollowActor, taskInput());
    await stage.pass();

    assert.deepEqual(stage.toTask, [{ type: 'attempt.lost', text: 'nobody watches the unit any more' }]);
    assert.deepEqual(stage.parts.streams.dials, []);
  });

  it('stores what it has taken when it is stopped', async () => {
    const { stage, follow } = await streaming();

    stage.last.session.hear(block(0, 'taken'));
    stage.stop(follow);
    await stage.pass();

    assert.equal(stage.parts.text('stdout'), 'taken');
    assert.equal(stage.last.session.isOver, true);
    assert.deepEqual(stage.alarms, []);
  });
});
