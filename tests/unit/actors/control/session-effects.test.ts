import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sessionActor } from '../../../../actors/control/session.actor.js';
import type { WorkOrigin } from '../../../../actors/control/work-desk.js';
import { CONTROL_LINE_BYTES_MAX } from '../../../../protocol/control/lines.js';
import type { Address } from '../../../../runtime/address.js';
import type { RecordingSession } from '../../../support/recording-session.js';
import { ActorStage } from '../actor-stage.js';
import { ScriptedDesk, ScriptedStreams, statusOf, UNIT } from './control-parts.js';

const GREETING = 'Receptor Control, node here\n';
const VERSION = '{"command":"status","requested_fields":["Version"]}\n';
const VERSION_REPLY = '{"Version":"1.2.3"}\n';
const PROMPT = `Work unit created with ID ${UNIT}. Send stdin data and EOF.\n`;
const done = statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 2 });

/** One control session whose client, work and streams are held by the test. */
class SessionStage extends ActorStage {
  readonly work: ScriptedDesk;
  readonly streams: ScriptedStreams;
  readonly client: RecordingSession;
  readonly session: Address;

  constructor(origin: WorkOrigin = 'unix') {
    const work = new ScriptedDesk();
    const streams = new ScriptedStreams();
    super({ work, streams });
    this.work = work;
    this.streams = streams;
    this.client = this.parts.sessions.session();
    const giver = { own: () => ({ close: () => undefined, release: () => undefined }) };
    const session = this.parts.handover.put(giver, this.client);
    this.session = this.raise(sessionActor, { session, origin });
  }

  /** What was sent since the greeting. */
  get answers(): string {
    assert.ok(this.client.text.startsWith(GREETING));
    return this.client.text.slice(GREETING.length);
  }

  get now(): string {
    return this.state(this.session);
  }

  async hear(text: string | Uint8Array): Promise<void> {
    this.client.hear(text);
    await this.host.settle();
  }

  async hearEnd(): Promise<void> {
    this.client.hearEnd();
    await this.host.settle();
  }

  async clientLeaves(): Promise<void> {
    this.client.break();
    await this.host.settle();
    assert.equal(this.now, 'gone');
  }

  /** Nothing failed, and nothing of the session is left. */
  assertClean(): void {
    const left = [...this.parts.leftOpen(), ...this.streams.outside.leftOpen(), ...this.work.leftOpen()];
    assert.deepEqual([left, this.alarms], [[], []]);
  }
}

describe('a control session', () => {
  it('greets at once with the id of the node', () => {
    const stage = new SessionStage();
    assert.equal(stage.client.text, GREETING);
  });

  it('ends at once where there is no client', () => {
    const stage = new SessionStage();
    const nobody = stage.raise(sessionActor, { session: 9_999, origin: 'unix' }, 'nobody');
    assert.equal(stage.state(nobody), 'gone');
    assert.deepEqual(stage.outcome('nobody'), { type: 'done', output: undefined });
  });

  it('answers one command after another, and nothing to an empty line', async () => {
    const stage = new SessionStage();
    await stage.hear(VERSION);
    await stage.hear('\r\n\nbogus\n');
    assert.equal(stage.answers, `${VERSION_REPLY}ERROR: Unknown command, bogus\n`);
    assert.equal(stage.now, 'reading');
  });

  it('answers in order what was sent at once, and what was not ended by a newline', async () => {
    const stage = new SessionStage();
    stage.client.hear(`${VERSION}bogus\nstatus x`);
    await stage.hearEnd();
    const errors = 'ERROR: Unknown command, bogus\nERROR: status command does not take parameters\n';
    assert.equal(stage.answers, VERSION_REPLY + errors);
    assert.equal(stage.client.acts.at(-1), 'end');
  });

  it('carries out one command at a time', async () => {
    const stage = new SessionStage();
    const prober = stage.listener('prober', ['probe.wanted']);
    await stage.hear(`ping far\n${VERSION}`);
    assert.deepEqual([stage.now, stage.answers], ['running', '']);
    prober.answer('probe.wanted', { from: 'far', elapsedMs: 1, problem: undefined });
    await stage.host.settle();
    const pinged = '{"From":"far","Success":true,"Time":1000000,"TimeStr":"1ms"}\n';
    assert.equal(stage.answers, pinged + VERSION_REPLY);
  });

  it('tells its work from where it came', async () => {
    for (const origin of ['unix', 'network'] as const) {
      const stage = new SessionStage(origin);
      stage.work.answer('cancel', { ok: true, value: 'cancelled' });
      await stage.hear(`work cancel ${UNIT}\n`);
      assert.deepEqual(stage.work.asked[0]?.with, [{ unitId: UNIT, signature: '', origin }]);
      assert.equal(stage.answers, `{"cancelled":"${UNIT}"}\n`);
    }
  });

  it('is over when its client is, and then leaves nothing', async () => {
    const stage = new SessionStage();
    await stage.clientLeaves();
    stage.assertClean();
  });

  it('closes its client when it is stopped', () => {
    const stage = new SessionStage();
    stage.stop(stage.session);
    assert.equal(stage.client.acts.at(-1), 'close');
    stage.assertClean();
  });
});

describe('the bounds of a control session', () => {
  it('end a line of more than 8 MiB, and drop what still comes', async () => {
    const stage = new SessionStage();
    await stage.hear(new Uint8Array(CONTROL_LINE_BYTES_MAX).fill(0x78));
    assert.deepEqual([stage.now, stage.answers], ['reading', '']);
    await stage.hear('x');
    assert.deepEqual([stage.now, stage.answers], ['closing', 'ERROR: the line is too long\n']);
    await stage.hear(`\n${VERSION}`);
    await stage.hearEnd();
    assert.equal(stage.answers, 'ERROR: the line is too long\n');
    assert.ok(stage.client.acts.includes('end'));

    await stage.clientLeaves();
    stage.assertClean();
  });

  it('close a client that does not close itself within a minute', async () => {
    const stage = new SessionStage();
    await stage.hearEnd();
    stage.host.advance(59_999);
    assert.equal(stage.now, 'closing');
    stage.host.advance(1);
    assert.deepEqual([stage.now, stage.client.acts.at(-1)], ['gone', 'close']);
    stage.assertClean();
  });

  it('answer no more to a client that does not read its answers', async () => {
    const stage = new SessionStage();
    stage.client.hasRoom = false;
    await stage.hear(VERSION.repeat(1_000));
    assert.equal(stage.answers, VERSION_REPLY);
    assert.equal(stage.client.acts.at(-1), 'pause');

    stage.client.drain();
    await stage.host.settle();
    assert.equal(stage.answers, VERSION_REPLY.repeat(1_000));
    assert.deepEqual(stage.alarms, []);
  });
});

describe('a control session and work', () => {
  it('takes everything behind the line for the input of the unit, tells that it runs, and ends', async () => {
    const stage = new SessionStage();
    stage.work.create();
    await stage.hear(`work submit localhost cat\n${VERSION}`);
    assert.deepEqual([stage.answers, stage.work.input.written], [PROMPT, [VERSION]]);
    stage.work.input.store();
    await stage.hearEnd();
    stage.work.input.started({ ok: true, value: 'Job Started' });
    await stage.host.settle();

    assert.equal(stage.answers, `${PROMPT}{"result":"Job Started","unitid":"${UNIT}"}\n`);
    assert.ok(stage.client.acts.includes('end'));
    await stage.clientLeaves();
    assert.deepEqual(stage.work.input.failures, []);
    stage.assertClean();
  });

  it('reads on when a submit is refused', async () => {
    const stage = new SessionStage();
    stage.work.refuse('submit', 'unknown work type cat');
    await stage.hear(`work submit localhost cat\n${VERSION}`);
    assert.equal(stage.answers, `ERROR: unknown work type cat\n${VERSION_REPLY}`);
  });

  it('fails a unit whose client is gone within its input, and one that was made for nobody', async () => {
    const stage = new SessionStage();
    stage.work.create();
    await stage.hear('work submit localhost cat\nhalf');
    await stage.clientLeaves();
    assert.deepEqual(stage.work.input.failures, ['Error reading input data: the connection was closed']);
    stage.assertClean();

    const late = new SessionStage();
    await late.hear('work submit localhost cat\n');
    await late.clientLeaves();
    late.work.create();
    await late.host.settle();
    assert.deepEqual(late.work.input.failures, ['Error reading input data: the session was ended']);
    late.assertClean();
  });

  it('fails a unit that is within its input when the node stops', async () => {
    const stage = new SessionStage();
    stage.work.create();
    await stage.hear('work submit localhost cat\nhalf');
    stage.stop(stage.session);
    assert.deepEqual(stage.work.input.failures, ['Error reading input data: the session was ended']);
    stage.assertClean();
  });

  it('starts a unit whose client has said all and is gone before it is stored', async () => {
    const stage = new SessionStage();
    stage.work.create();
    await stage.hear('work submit localhost cat\nall');
    stage.client.hearEnd();
    await stage.clientLeaves();
    stage.work.input.store();
    await stage.host.settle();
    assert.deepEqual([stage.work.input.state, stage.work.input.failures], ['complete', []]);
    stage.assertClean();
  });

  it('sends results to a client that has ended its direction, and ends behind them', async () => {
    const stage = new SessionStage();
    stage.work.read();
    stage.client.hear(`work results ${UNIT}\n`);
    await stage.hearEnd();
    assert.equal(stage.now, 'streaming');
    stage.work.reader.bytes(0, Uint8Array.from([0, 255]));
    stage.work.reader.end(done, 2);
    await stage.host.settle();

    assert.equal(stage.answers, `Streaming results for work unit ${UNIT}\n\u0000\u00ff`);
    assert.equal(stage.now, 'closing');
    await stage.clientLeaves();
    stage.assertClean();
  });

  it('takes no command behind results, but behind a unit that was followed', async () => {
    for (const [verb, answer] of [
      ['results', ''],
      ['follow', VERSION_REPLY],
    ] as const) {
      const stage = new SessionStage();
      stage.work.read();
      await stage.hear(`work ${verb} ${UNIT}\n`);
      await stage.hear(VERSION);
      const before = stage.answers;
      stage.work.reader.failed('gone');
      await stage.host.settle();
      const last = verb === 'follow' ? 'ERROR: gone\n' : '';
      assert.equal(stage.answers, before + last + answer);
    }
  });

  it('reads on when there is no such unit', async () => {
    const stage = new SessionStage();
    stage.work.refuse('follow', `unknown work unit ${UNIT}`);
    await stage.hear(`work results ${UNIT} 0\n${VERSION}`);
    assert.equal(stage.answers, `ERROR: unknown work unit ${UNIT}\n${VERSION_REPLY}`);

    const broken = new SessionStage();
    broken.work.breakOff('follow', 'a bug');
    await broken.hear(`work results ${UNIT} 0\n`);
    assert.equal(broken.answers, 'ERROR: a bug\n');
  });

  it('stops reading output when its client is gone, sends too much, or the node stops', async () => {
    const ends: readonly ((stage: SessionStage) => void)[] = [
      (stage) => stage.client.break(),
      (stage) => stage.client.hear(new Uint8Array(65_537)),
      (stage) => stage.stop(stage.session),
    ];
    for (const end of ends) {
      const stage = new SessionStage();
      stage.work.read();
      await stage.hear(`work results ${UNIT} 0\n`);
      end(stage);
      await stage.host.settle();
      assert.deepEqual([stage.now, stage.work.isStopped], ['gone', true]);
      stage.assertClean();
    }
  });
});

describe('a control session and a stream of the mesh', () => {
  async function bridged(behind = ''): Promise<{ stage: SessionStage; far: RecordingSession }> {
    const stage = new SessionStage();
    await stage.hear(`connect far control \n${behind}`);
    const far = stage.streams.outside.open();
    await stage.host.settle();
    return { stage, far };
  }

  it('are joined, with what was sent behind the line, and end one direction at a time', async () => {
    const { stage, far } = await bridged('ear');
    await stage.hear('ly');
    far.hear('Receptor Control, node far\n');
    await stage.hearEnd();
    far.hear('an answer\n');
    assert.equal(far.text, 'early');
    assert.equal(stage.answers, 'Connecting\nReceptor Control, node far\nan answer\n');
    assert.deepEqual([far.acts.at(-1), stage.now], ['end', 'bridging']);

    far.break();
    await stage.host.settle();
    assert.deepEqual([stage.now, stage.client.acts.at(-1)], ['gone', 'close']);
    stage.assertClean();
  });

  it('hold each other up when one does not read', async () => {
    const { stage, far } = await bridged();
    stage.client.hasRoom = false;
    far.hear('much');
    assert.equal(far.acts.at(-1), 'pause');
    stage.client.drain();
    assert.equal(far.acts.at(-1), 'resume');
    far.hasRoom = false;
    await stage.hear('much');
    assert.equal(stage.client.acts.at(-1), 'pause');
    far.drain();
    assert.equal(stage.client.acts.at(-1), 'resume');
  });

  it('end together', async () => {
    const { stage, far } = await bridged();
    await stage.clientLeaves();
    assert.equal(far.isOver, true);
    stage.assertClean();

    const stopped = await bridged();
    stopped.stage.stop(stopped.stage.session);
    assert.equal(stopped.far.isOver, true);
    stopped.stage.assertClean();
  });

  it('goes on when the dial fails', async () => {
    const stage = new SessionStage();
    await stage.hear(`connect far nosvc\n${VERSION}`);
    stage.streams.outside.fail({ code: 'service-unknown', text: 'context canceled' });
    await stage.host.settle();
    assert.equal(stage.answers, `ERROR: context canceled\n${VERSION_REPLY}`);
  });

  it('dials no more when its client is gone', async () => {
    const stage = new SessionStage();
    await stage.hear('connect far control\n');
    await stage.clientLeaves();
    stage.assertClean();
  });
});
