import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { farPollActor } from '../../../../actors/work/far-poll.actor.js';
import { unitStatusLine } from '../../../../protocol/control/work-reply.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import type { Address } from '../../../../runtime/address.js';
import { FAR } from '../node-parts.js';
import { FarStage, taskInput } from './far-stage.js';
import { type FarDial, remoteStatus, statusOf, UNIT } from './work-parts.js';

const RESULTS = 'Streaming results for work unit there\n';
const running = (stdoutSize: number): UnitStatus => statusOf({ state: 1, detail: 'Running: PID 5', stdoutSize });
const ended = (stdoutSize: number): UnitStatus => statusOf({ state: 2, detail: 'exit status 0', stdoutSize });

class Rig {
  readonly stage = new FarStage();
  poll: Address | undefined;

  /** On the way to the other node, which may be opened. */
  async begin(stored = ''): Promise<this> {
    this.stage.putOutput(stored);
    this.stage.parts.workKit.board.put(UNIT, remoteStatus());
    this.poll = this.stage.belowTask(farPollActor, taskInput());
    await this.stage.pass();
    return this;
  }

  /** The session on which the status is asked for. */
  get asker(): FarDial {
    return this.stage.parts.streams.dials[0] ?? assert.fail('nobody asks');
  }

  get state(): string {
    return this.poll === undefined ? 'gone' : this.stage.state(this.poll);
  }

  /** The other node answers the last question with this. */
  async answer(status: UnitStatus): Promise<void> {
    this.asker.session.hear(unitStatusLine(status));
    await this.stage.pass();
  }

  /** The other node takes the last session, and streams on it. */
  async stream(text: string): Promise<void> {
    this.stage.last.open();
    await this.stage.pass();
    this.stage.last.session.hear(`${RESULTS}${text}`);
  }

  get words(): readonly string[] {
    return this.stage.toUnit.map(({ type }) => type);
  }
}

async function polling(stored = ''): Promise<Rig> {
  const rig = await new Rig().begin(stored);
  rig.asker.open();
  await rig.stage.pass();
  return rig;
}

describe('an attempt to poll a unit', () => {
  it('ends by itself when the unit has and all is stored: the reference never ends a stream of results', async () => {
    const rig = await polling();
    await rig.answer(running(8));
    await rig.stream('one ');
    await rig.stage.pass();
    rig.stage.host.advance(250);
    await rig.answer(ended(8));
    assert.deepEqual(rig.words, ['far.status', 'far.status']);

    rig.stage.last.session.hear('two\n');
    await rig.stage.pass();

    assert.deepEqual(rig.stage.toUnit.at(-1), { type: 'watch.complete', status: ended(8) });
    assert.equal(rig.stage.parts.text('stdout'), 'one two\n');
    assert.equal(rig.state, 'gone');
    assert.deepEqual(rig.stage.parts.streams.leftOpen(), []);
    assert.equal(rig.stage.parts.workKit.board.heard, 0);
    assert.deepEqual(rig.stage.alarms, []);
  });

  it('is complete with the last byte, and needs no other question for that', async () => {
    const rig = await polling();
    await rig.answer(ended(3));
    const { length } = rig.asker.lines;
    await rig.stream('all');
    await rig.stage.pass();

    assert.equal(rig.words.at(-1), 'watch.complete');
    assert.equal(rig.asker.lines.length, length);
  });

  it('asks on one session and fetches on another, one stream at a time', async () => {
    const rig = await polling();
    await rig.answer(running(4));
    await rig.stream('on');
    for (let count = 0; count < 3; count += 1) {
      rig.stage.host.advance(1_000);
      await rig.answer(running(4));
    }

    assert.deepEqual(
      rig.stage.parts.streams.dials.map(({ lines }) => lines.length),
      [4, 1],
    );
    assert.deepEqual(new Set(rig.asker.lines), new Set(['work status there']));
  });

  it('fetches on behind what is stored when the stream of results breaks, and doubles nothing', async () => {
    const rig = await polling('stored-');
    await rig.answer(running(20));
    await rig.stream('first-');
    rig.stage.last.session.break();
    await rig.stage.pass();
    rig.stage.host.advance(250);
    await rig.answer(ended(20));
    await rig.stream('second');
    await rig.stage.pass();
    rig.stage.last.session.hear('!');
    await rig.stage.pass();

    assert.match(`${rig.stage.last.lines[0]}`, /"startpos":13,/);
    assert.equal(rig.stage.parts.text('stdout'), 'stored-first-second!');
    assert.equal(rig.words.at(-1), 'watch.complete');
  });

  it('tells of a unit that is gone as many bytes as are stored in the end', async () => {
    const rig = await polling();
    await rig.answer(running(100));
    await rig.stream('some ');
    await rig.stage.pass();
    rig.stage.host.advance(250);
    rig.stage.last.session.hear('and the rest');
    rig.asker.session.hear('ERROR: unknown work unit there\n');
    await rig.stage.pass();

    assert.equal(rig.stage.parts.text('stdout'), 'some and the rest');
    assert.deepEqual(rig.stage.toUnit.at(-1), { type: 'watch.gone', storedSize: 17 });
    assert.deepEqual(rig.stage.parts.streams.leftOpen(), []);
  });

  it('does not take the news of a unit that goes on for its end', async () => {
    const rig = await polling('abc');
    await rig.answer(running(3));

    rig.stage.parts.workKit.board.put(UNIT, remoteStatus({}, ended(3)));
    await rig.stage.pass();

    assert.equal(rig.state, 'polling.pausing');
    assert.deepEqual(rig.words, ['far.status']);
  });

  it('forgets how the node speaks when it is lost', async () => {
    const rig = await polling();
    rig.stage.parts.workKit.farNodes.noteRequestsOnly(FAR);

    rig.asker.session.break({ code: 'reset', text: 'gone' });
    await rig.stage.pass();

    assert.equal(rig.stage.parts.workKit.farNodes.dialectOf(FAR), 'follow');
    assert.deepEqual(rig.stage.toTask.at(-1), { type: 'attempt.lost', text: 'gone' });
    assert.deepEqual(rig.stage.parts.streams.leftOpen(), []);
  });

  it('is lost for a unit that nobody watches, and when the file cannot be opened', async () => {
    const stage = new FarStage();
    stage.belowTask(farPollActor, taskInput());
    await stage.pass();
    assert.deepEqual(stage.toTask, [{ type: 'attempt.lost', text: 'nobody watches the unit any more' }]);

    const rig = new Rig();
    rig.stage.parts.disk.fault = (act) => (act === 'open' ? 'denied' : undefined);
    await rig.begin();
    assert.match(`${rig.stage.toTask[0]?.['text']}`, /^denied: open/);
  });

  it('leaves nothing open but the output, which is the unit’s, when it is stopped', async () => {
    const rig = await polling();
    await rig.answer(running(4));
    await rig.stream('on');

    rig.stage.stop(rig.poll ?? assert.fail());
    await rig.stage.pass();

    assert.deepEqual(rig.stage.parts.streams.leftOpen(), []);
    assert.equal(rig.stage.parts.workKit.board.heard, 0);
    assert.deepEqual(rig.stage.parts.leftOpen(), [
      `file ${rig.stage.parts.workKit.pathsOf(UNIT).stdout}`,
      `the output of ${UNIT}`,
    ]);
    assert.deepEqual(rig.stage.alarms, []);
  });
});
