import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeAppeared } from '../../../../actors/topics.js';
import { type FarExpectation, FarLine, type FarReply } from '../../../../actors/work/far-line.js';
import { encodeText } from '../../../../protocol/text.js';
import { ManualHost } from '../../../support/manual-host.js';
import { textOf } from '../../../support/recording-session.js';
import { FAR, HERE } from '../node-parts.js';
import { RecordingSelf } from '../recording-self.js';
import { type FarDial, RecordingStreams } from './work-parts.js';

/** A line to the far node for an actor of which everything is written down. */
class Rig {
  readonly host = new ManualHost();
  readonly streams = new RecordingStreams();
  readonly self = new RecordingSelf();
  readonly replies: FarReply[] = [];
  readonly raw: string[] = [];
  readonly line = new FarLine(this.self.face, {
    reply: (reply) => void this.replies.push(reply),
    bytes: (chunk) => void this.raw.push(textOf(chunk)),
    drained: () => void this.raw.push('(drained)'),
  });

  connect(): this {
    this.line.connect({ streams: this.streams, clock: this.host.clock }, FAR);
    return this;
  }

  /** Greeted, and asked for this. */
  asked(expects: FarExpectation, answer: string): this {
    this.connect();
    this.dial.open();
    this.self.answers.splice(0);
    this.line.ask('the question\n', expects);
    this.dial.session.hear(answer);
    return this;
  }

  get dial(): FarDial {
    return this.streams.last;
  }
}

const prompt = 'Work unit created with ID nuQihvhQ. Send stdin data and EOF.\n';

describe('a line to another node', () => {
  it('tells its actor when the node is ready, sends no more, and is lost', () => {
    const rig = new Rig().connect();
    assert.equal(rig.dial.node, FAR);

    rig.dial.open();
    rig.dial.session.hearEnd();
    rig.dial.session.break({ code: 'reset', text: 'gone' });

    assert.deepEqual(rig.self.answers, [
      { type: 'far.ready' },
      { type: 'far.ended' },
      { type: 'far.lost', loss: { kind: 'lost', fault: { code: 'reset', text: 'gone' } } },
    ]);
  });

  it('reads what was asked for', () => {
    const json =
      '{"Detail":"exit status 0","ExtraData":null,"State":2,"StateName":"Succeeded","StdoutSize":6,"WorkType":"cat"}\n';
    const status = { state: 2, detail: 'exit status 0', stdoutSize: 6, workType: 'cat', extraData: { type: 'none' } };
    for (const [expects, answer, reply] of [
      ['prompt', prompt, { type: 'reply.prompt', unitId: 'nuQihvhQ' }],
      ['result', '{"result":"Job Started","unitid":"x"}\n', { type: 'reply.result' }],
      ['status', json, { type: 'reply.status', status }],
      ['outcome', '{"released":"x"}\n', { type: 'reply.outcome' }],
      ['outcome', '{"cancel pending":"x"}\n', { type: 'reply.outcome' }],
      ['follow', 'Following work unit x\n', { type: 'reply.stream' }],
      ['results', 'Streaming results for work unit x\n', { type: 'reply.stream' }],
    ] as const) {
      const rig = new Rig().asked(expects, answer);
      assert.deepEqual(rig.replies, [reply]);
      assert.deepEqual(rig.self.answers, []);
      assert.equal(rig.dial.session.text, 'the question\n');
    }
  });

  it('tells a refusal, whatever was asked for, and what kind it is', () => {
    for (const expects of ['prompt', 'result', 'status', 'outcome', 'follow', 'results'] as const) {
      for (const [text, kind] of [
        ['unknown work unit x', 'unknown-unit'],
        ['bad command', 'unknown-command'],
        ['Unknown command, work', 'unknown-command'],
        ['no', 'other'],
      ]) {
        const rig = new Rig().asked(expects, `ERROR: ${text}\n`);
        assert.deepEqual(rig.self.answers, [{ type: 'reply.refused', text, kind }]);
        assert.deepEqual(rig.replies, []);
      }
    }
  });

  it('tells what it cannot read, and cuts what is long', () => {
    for (const expects of ['prompt', 'result', 'status', 'outcome', 'follow', 'results'] as const) {
      const rig = new Rig().asked(expects, `${'x'.repeat(1_001)}\n`);
      assert.deepEqual(rig.self.answers, [{ type: 'reply.garbled', line: 'x'.repeat(1_000) }]);
    }
  });

  it('passes on what follows the beginning of a stream, even in the same piece', () => {
    for (const [expects, answer] of [
      ['follow', 'Following work unit x\n'],
      ['results', 'Streaming results for work unit x\n'],
    ] as const) {
      const rig = new Rig().asked(expects, `${answer}ERROR: not at all\n`);
      rig.dial.session.hear('more');

      assert.deepEqual(rig.replies, [{ type: 'reply.stream' }]);
      assert.deepEqual(rig.raw, ['ERROR: not at all\n', 'more']);
      assert.deepEqual(rig.self.answers, []);
    }
  });

  it('takes no stream for one of the other kind', () => {
    const rig = new Rig().asked('results', 'Following work unit x\n');

    assert.deepEqual(rig.self.answerTypes, ['reply.garbled']);
  });

  it('sends bytes, and passes on that there is room', () => {
    const rig = new Rig().asked('prompt', prompt);
    rig.dial.session.hasRoom = false;

    assert.equal(rig.line.sendBytes(encodeText('some')), false);
    rig.dial.session.drain();
    assert.equal(rig.line.sendBytes(encodeText('more')), true);
    rig.line.end();

    assert.deepEqual(rig.raw, ['(drained)']);
    assert.equal(rig.dial.session.text, 'the question\nsomemore');
    assert.deepEqual(rig.dial.session.acts, ['attach', 'end']);
  });

  it('pauses and resumes the session', () => {
    const rig = new Rig().asked('results', 'Streaming results\n');

    rig.line.pause();
    rig.line.resume();

    assert.deepEqual(rig.dial.session.acts, ['attach', 'pause', 'resume']);
  });

  it('does nothing without a session', () => {
    const rig = new Rig();

    rig.line.ask('x\n', 'prompt');
    rig.line.end();
    rig.line.pause();
    rig.line.resume();
    rig.line.disconnect();

    assert.equal(rig.line.sendBytes(encodeText('x')), true);
    assert.deepEqual(rig.streams.dials, []);
  });

  it('ends its session with its actor', () => {
    const rig = new Rig().asked('status', '');

    rig.self.close();

    assert.deepEqual(rig.dial.session.acts, ['attach', 'close']);
  });

  it('is lost when its node has started anew, and by no other node', () => {
    const rig = new Rig().connect();
    rig.dial.open();

    rig.self.publish(nodeAppeared, { node: HERE });
    rig.self.publish(nodeAppeared, { node: FAR });

    assert.deepEqual(rig.self.answers, [
      { type: 'far.ready' },
      {
        type: 'far.lost',
        loss: { kind: 'lost', fault: { code: 'started-anew', text: 'the other node has started anew' } },
      },
    ]);
  });

  it('ends one session and opens another, and hears no more of the first', () => {
    const rig = new Rig().asked('results', 'Streaming results\n');
    const [first] = rig.streams.dials;
    rig.line.disconnect();
    rig.connect();
    rig.dial.open();

    first?.session.hear('late');
    rig.line.ask('again\n', 'results');
    rig.dial.session.hear('Streaming results\nnew');

    assert.equal(first?.session.isOver, true);
    assert.deepEqual(rig.raw, ['new']);
    assert.equal(rig.dial.session.text, 'again\n');
    assert.deepEqual(Array.from(rig.self.owned.keys()), ['hearing node.appeared', 'far session']);
  });
});

describe('the end of a line on which input is sent', () => {
  it('is an abort from the submit on, since the unit may be there already', () => {
    const rig = new Rig().asked('prompt', '');

    rig.self.close();

    assert.deepEqual(rig.dial.session.acts, ['attach', 'abort']);
  });

  it('is an abort until all input was sent', () => {
    const rig = new Rig().asked('prompt', prompt);
    rig.line.sendBytes(encodeText('half of it'));

    rig.self.close();

    assert.deepEqual(rig.dial.session.acts, ['attach', 'abort']);
  });

  it('is in order after the end of the input', () => {
    const rig = new Rig().asked('prompt', prompt);
    rig.line.end();

    rig.self.close();

    assert.deepEqual(rig.dial.session.acts, ['attach', 'end', 'close']);
  });

  it('is in order when the submit was refused: there is no unit', () => {
    for (const answer of ['ERROR: unknown work type x\n', 'what?\n']) {
      const rig = new Rig().asked('prompt', answer);
      rig.self.close();
      assert.deepEqual(rig.dial.session.acts, ['attach', 'close']);
    }
  });

  it('is an abort when the unit was made and refused in one breath: its input is not complete', () => {
    for (const answer of ['ERROR: no space left on device\n', 'what?\n', '{"result":"Job Started","unitid":"x"}\n']) {
      const rig = new Rig().asked('prompt', `${prompt}${answer}`);
      rig.self.close();
      assert.deepEqual(rig.dial.session.acts, ['attach', 'abort'], answer);
    }
  });

  it('hears the result even when it comes before the first byte was sent', () => {
    const rig = new Rig().asked('prompt', `${prompt}{"result":"Job Started","unitid":"x"}\n`);

    assert.deepEqual(
      rig.replies.map(({ type }) => type),
      ['reply.prompt', 'reply.result'],
    );
  });
});
