import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attemptOf } from '../../../../actors/work/far-attempt.js';
import type { FarBaseMessage, FarReader } from '../../../../actors/work/far-line.js';
import type { Address } from '../../../../runtime/address.js';
import type { Self } from '../../../../runtime/self.js';
import { ManualHost } from '../../../support/manual-host.js';
import { textOf } from '../../../support/recording-session.js';
import { FAR } from '../node-parts.js';
import { RecordingSelf } from '../recording-self.js';
import { RecordingStreams } from './work-parts.js';

const ATTEMPT = 'node/work/unit-1/worker/start-1/attempt-1' as Address;

function attempt(reader: Partial<FarReader>, address = ATTEMPT) {
  const self = new RecordingSelf();
  const face: Self<FarBaseMessage> = { ...(self.face as unknown as Self<FarBaseMessage>), address };
  const streams = new RecordingStreams();
  const { effects, line } = attemptOf({ streams, clock: new ManualHost().clock } as never, face, reader);
  return { self, streams, effects, line };
}

describe('an attempt', () => {
  it('tells its losses to the task above it, and what came of it to the worker above that', () => {
    const { self, effects } = attempt({});

    effects['tell-task']({ type: 'tell-task', news: { type: 'attempt.lost', text: 'no' } });
    effects['tell-unit']({ type: 'tell-unit', news: { type: 'order.done' } });

    assert.deepEqual(self.sent, [
      { to: 'node/work/unit-1/worker/start-1', message: { type: 'attempt.lost', text: 'no' } },
      { to: 'node/work/unit-1/worker', message: { type: 'order.done' } },
    ]);
  });

  it('tells the node when there is nobody between', () => {
    const { self, effects } = attempt({}, 'attempt-1' as Address);

    effects['tell-task']({ type: 'tell-task', news: { type: 'attempt.again' } });
    effects['tell-unit']({ type: 'tell-unit', news: { type: 'order.done' } });

    assert.deepEqual(
      self.sent.map(({ to }) => to),
      ['node', 'node'],
    );
  });

  it('opens a session, asks on it, and passes the reply on', () => {
    const replies: string[] = [];
    const { self, streams, effects } = attempt({ reply: ({ type }) => void replies.push(type) });

    effects.connect({ type: 'connect', node: FAR });
    streams.last.open();
    effects.ask({ type: 'ask', text: 'work release x\n', expects: 'outcome' });
    streams.last.session.hear('{"released":"x"}\n');

    assert.deepEqual(self.answerTypes, ['far.ready']);
    assert.deepEqual(streams.last.lines, ['work release x']);
    assert.deepEqual(replies, ['reply.outcome']);
  });

  it('passes on bytes and room to whoever wants them', () => {
    const heard: string[] = [];
    const { streams, effects } = attempt({
      bytes: (chunk) => void heard.push(textOf(chunk)),
      drained: () => void heard.push('(drained)'),
    });

    effects.connect({ type: 'connect', node: FAR });
    streams.last.open();
    effects.ask({ type: 'ask', text: 'work results x\n', expects: 'results' });
    streams.last.session.hear('Streaming results\nabc');
    streams.last.session.drain();

    assert.deepEqual(heard, ['abc', '(drained)']);
  });

  it('needs nobody who wants them', () => {
    const { self, streams, effects } = attempt({});

    effects.connect({ type: 'connect', node: FAR });
    streams.last.open();
    effects.ask({ type: 'ask', text: 'work results x\n', expects: 'results' });
    streams.last.session.hear('Streaming results\nabc');
    streams.last.session.drain();

    assert.deepEqual(self.answerTypes, ['far.ready']);
    assert.deepEqual(self.failures, []);
  });

  it('lets its owner hold the line', () => {
    const { streams, effects, line } = attempt({});
    effects.connect({ type: 'connect', node: FAR });
    streams.last.open();

    line.pause();

    assert.deepEqual(streams.last.session.acts, ['attach', 'pause']);
  });
});
