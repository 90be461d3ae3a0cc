import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { farUnitActor } from '../../../../actors/work/far-unit.actor.js';
import type { WorkerInput } from '../../../../actors/work/unit-vocabulary.js';
import { decodeText } from '../../../../protocol/text.js';
import { encodeFollowBlock, encodeFollowEnd } from '../../../../protocol/work/follow.js';
import type { Address } from '../../../../runtime/address.js';
import { FarStage, said } from './far-stage.js';
import { remoteStatus, statusOf, UNIT } from './work-parts.js';

const begun = { remoteUnitId: 'there', remoteStarted: true };
const fresh: WorkerInput = { unitId: UNIT, beginning: 'new', status: remoteStatus() };
const found: WorkerInput = { unitId: UNIT, beginning: 'found', status: remoteStatus(begun) };
const release = said('worker.release', { manner: 'patient' });

async function working(input: WorkerInput, stdin = 'the input'): Promise<{ stage: FarStage; worker: Address }> {
  const stage = new FarStage();
  stage.parts.put('stdin', stdin);
  const worker = stage.belowUnit(farUnitActor, input);
  await stage.pass();
  return { stage, worker };
}

/** The other node takes the last session, and is asked something. */
async function asked(stage: FarStage): Promise<string> {
  stage.last.open();
  await stage.pass();
  return `${stage.last.lines.at(-1)}`;
}

async function hear(stage: FarStage, text: string): Promise<void> {
  stage.last.session.hear(text);
  await stage.pass();
}

const expiringIn = (stage: FarStage, ms: number): WorkerInput => {
  const atMs = stage.host.clock.wallMs() + ms;
  const expiration = { text: '', seconds: Math.floor(atMs / 1_000), nanoseconds: (atMs % 1_000) * 1_000_000 };
  return { ...fresh, status: remoteStatus({ expiration }) };
};

describe('work on another node', () => {
  it('is started, watched, and ended, and the unit is told each step', async () => {
    const { stage, worker } = await working(fresh);
    assert.match(await asked(stage), /"subcommand":"submit"/);
    await hear(stage, 'Work unit created with ID there. Send stdin data and EOF.\n');
    await hear(stage, '{"result":"Job Started","unitid":"there"}\n');
    assert.equal(stage.state(worker), 'started.following');
    assert.equal(await asked(stage), 'work follow there 0');
    const ended = statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 3 });
    await hear(stage, `Following work unit there\n${decodeText(encodeFollowBlock(0, 3))}out`);
    await hear(stage, decodeText(encodeFollowEnd(ended, 3)));

    assert.equal(stage.state(worker), 'gone');
    assert.deepEqual(
      stage.toUnit.filter(({ type }) => type === 'work.started'),
      [{ type: 'work.started', outcome: { ok: true, value: 'Job Started' } }],
    );
    const last = { state: 2, detail: 'exit status 0', stdoutSize: 3 };
    assert.deepEqual(stage.toUnit.at(-1), {
      type: 'work.changed',
      status: remoteStatus(begun, last),
      weight: 'lasting',
    });
    assert.equal(stage.parts.text('stdout'), 'out');
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('has its output in the kit while it is watched, for as long as it lives', async () => {
    const { stage, worker } = await working(found);
    const store = stage.parts.workKit.outputs.get(UNIT);
    assert.ok(store !== undefined);

    stage.stop(worker);
    await stage.pass();

    assert.equal(stage.parts.workKit.outputs.has(UNIT), false);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('keeps the same output when it is watched again', async () => {
    const { stage, worker } = await working(found);
    const store = stage.parts.workKit.outputs.get(UNIT);
    stage.send(worker, release);
    await stage.pass();
    await asked(stage);

    await hear(stage, 'ERROR: no\n');

    assert.equal(stage.state(worker), 'started.following');
    assert.equal(stage.parts.workKit.outputs.get(UNIT), store);
    assert.deepEqual(stage.toUnit.at(-1), {
      type: 'work.ordered',
      orders: ['release'],
      news: { refusal: 'error cancelling remote unit:  no' },
    });
    assert.deepEqual(stage.alarms, []);
  });

  it('shows on the board how much is stored', async () => {
    const { stage } = await working(found);
    stage.parts.workKit.board.put(UNIT, remoteStatus(begun));
    await asked(stage);

    await hear(stage, `Following work unit there\n${decodeText(encodeFollowBlock(0, 5))}bytes`);

    assert.equal(stage.parts.workKit.board.get(UNIT)?.stdoutSize, 5);
  });

  it('ends the session of a task that is not wanted any more', async () => {
    const { stage, worker } = await working(found);
    await asked(stage);
    const [watch] = stage.parts.streams.dials;

    stage.send(worker, release);
    await stage.pass();

    assert.equal(watch?.session.isOver, true);
    assert.equal(await asked(stage), '{"command":"work","subcommand":"release","unitid":"there"}');
  });

  it('hurries a task that waits, and leaves one alone that does not', async () => {
    const { stage, worker } = await working(found);
    stage.send(worker, said('worker.cancel'));
    await stage.pass();
    stage.send(worker, said('worker.cancel'));
    await stage.pass();
    assert.equal(stage.parts.streams.dials.length, 2, 'it is being tried already');
    stage.last.fail();
    await stage.pass();

    stage.send(worker, said('worker.cancel'));
    await stage.pass();

    assert.equal(stage.parts.streams.dials.length, 3);
    assert.deepEqual(stage.toUnit.at(-1), {
      type: 'work.ordered',
      orders: ['cancel', 'release'],
      news: 'pending',
    });
  });

  it('is given up when its time for the start is over, and not a moment sooner', async () => {
    const stage = new FarStage();
    const worker = stage.belowUnit(farUnitActor, expiringIn(stage, 3_000));
    stage.host.advance(2_999);
    assert.equal(stage.state(worker), 'starting');

    stage.host.advance(1);
    await stage.pass();

    assert.equal(stage.state(worker), 'gone');
    assert.deepEqual(stage.parts.leftOpen(), []);
  });

  it('is given up at once when its time was over before it began', async () => {
    const stage = new FarStage();
    const worker = stage.belowUnit(farUnitActor, expiringIn(stage, -60_000));
    await stage.pass();

    assert.equal(stage.state(worker), 'gone');
    assert.deepEqual(stage.parts.leftOpen(), []);
  });

  it('leaves no timer behind when it ends before its time', async () => {
    const stage = new FarStage();
    const worker = stage.belowUnit(farUnitActor, expiringIn(stage, 3_600_000));
    await stage.pass();

    stage.stop(worker);
    await stage.pass();

    assert.equal(stage.host.clock.armed, 0);
    assert.deepEqual(stage.alarms, []);
  });
});

describe('work on another node that is cancelled while its input is sent', () => {
  it('is aborted there and released, so that it never runs on half of it', async () => {
    const { stage, worker } = await working(fresh, 'x'.repeat(200_000));
    await asked(stage);
    stage.last.session.hasRoom = false;
    await hear(stage, 'Work unit created with ID there. Send stdin data and EOF.\n');
    const [start] = stage.parts.streams.dials;

    stage.send(worker, said('worker.cancel'));
    await stage.pass();

    assert.deepEqual(start?.session.acts, ['attach', 'abort']);
    assert.equal(await asked(stage), '{"command":"work","subcommand":"release","unitid":"there"}');
    await hear(stage, '{"released":"there"}\n');
    assert.equal(stage.state(worker), 'gone');
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });
});
