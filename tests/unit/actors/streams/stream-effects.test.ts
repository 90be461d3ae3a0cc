import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BirthEvents, StreamBirth } from '../../../../actors/streams/stream-birth.js';
import { streamEffects } from '../../../../actors/streams/stream-effects.js';
import type { StreamPath } from '../../../../actors/streams/stream-path.js';
import type { Session } from '../../../../runtime/ports.js';
import type { ReadResult } from '../../../../runtime/quic/engine.js';
import { ManualHost } from '../../../support/manual-host.js';
import { RecordingHandler } from '../../../support/recording-session.js';
import { NodeParts } from '../node-parts.js';
import { RecordingSelf } from '../recording-self.js';
import { OwnStreams } from './own-streams.js';

/** A connection that the test plays. */
class FakePath {
  readonly acts: string[] = [];
  streams = 0;
  firstByte: ReadResult = { type: 'blocked' };
  first = 0;
  readonly connection = {
    protocol: 'receptor-mesh',
    peerChain: () => [new Uint8Array([1])],
    approve: () => void this.acts.push('approve'),
    openStream: () => this.#stream(),
    acceptStream: () => this.#stream(),
    close: (code: number, reason: string) => void this.acts.push(`close ${code} ${reason}`),
  };

  mark(): void {
    this.acts.push('mark');
  }

  abandon(): void {
    this.acts.push('abandon');
  }

  #stream(): unknown {
    if (this.streams === 0) {
      return undefined;
    }
    this.streams -= 1;
    return {
      write: (bytes: Uint8Array) => {
        this.acts.push(`write ${bytes.join(' ')}`);
        return bytes.length;
      },
      finish: () => void this.acts.push('finish'),
      read: (target: Uint8Array) => {
        const result = this.firstByte;
        this.firstByte = { type: 'blocked' };
        target[0] = this.first;
        return result;
      },
    };
  }
}

class Bench {
  readonly parts = new NodeParts(new ManualHost());
  readonly self = new RecordingSelf();
  readonly path = new FakePath();
  readonly news: string[] = [];
  readonly user = new RecordingHandler();
  readonly effects = streamEffects(this.parts.streamKit, this.self.face);
  events: BirthEvents | undefined;
  session: Session | undefined;

  begin(role: StreamBirth['role'] = 'dialler', fault?: { readonly code: string; readonly text: string }): this {
    const key = this.parts.streamKit.nursery.add({
      role,
      names: { local: 'here:x', remote: 'there:y' },
      user: {
        opened: (session) => {
          this.news.push('opened');
          this.session = session;
          session.attach(this.user);
        },
        failed: ({ code }) => void this.news.push(`failed ${code}`),
      },
      giveUp: undefined,
      begin: (events) => {
        this.events = events;
        return fault ?? (this.path as unknown as StreamPath);
      },
      refusalOf: (chain) => (chain.length === 1 ? undefined : 'odd'),
      end: () => void this.news.push('end'),
    });
    this.effects.begin({ type: 'begin', key });
    return this;
  }

  opened(): this {
    this.path.streams = 1;
    this.begin();
    this.effects['open-stream']({ type: 'open-stream' });
    this.effects['hand-over']({ type: 'hand-over' });
    return this;
  }
}

describe('the effects of a stream', () => {
  it('begin what the key stands for, and give up where it stands for nothing', () => {
    const at = new Bench().begin();
    assert.deepEqual(at.path.acts, ['mark']);
    assert.deepEqual(at.self.answers, []);
    at.effects.begin({ type: 'begin', key: 99 });
    assert.deepEqual(at.self.answerTypes, ['abort.wanted']);
  });

  it('tell what makes a beginning impossible', () => {
    const fault = { code: 'no-route', text: 'no route to node' };
    const at = new Bench().begin('dialler', fault);
    assert.deepEqual(at.self.answers, [{ type: 'peer.unreachable', fault }]);
    at.effects['close-connection']({ type: 'close-connection', code: 0, reason: '' });
    assert.deepEqual(at.self.answerTypes, ['peer.unreachable', 'connection.drained'], 'there is nothing to close');
  });

  it('say whether the other end is trusted, and of which kind it is', () => {
    const at = new Bench().begin();
    at.events?.event({ type: 'connected' });
    at.path.connection.protocol = 'netceptor';
    at.path.connection.peerChain = () => [];
    at.events?.event({ type: 'connected' });

    assert.deepEqual(at.self.answers, [
      { type: 'handshake.done', refusal: undefined, peerKind: 'kin' },
      { type: 'handshake.done', refusal: 'odd', peerKind: 'foreign' },
    ]);
  });

  it('open the stream of a dialler with its first byte, as soon as the peer allows one', () => {
    const at = new Bench().begin();
    at.effects['open-stream']({ type: 'open-stream' });
    assert.deepEqual(at.self.answers, []);
    at.path.streams = 1;
    at.events?.event({ type: 'streams-available' });
    at.events?.event({ type: 'streams-available' });

    assert.deepEqual(at.self.answerTypes, ['stream.opened']);
    assert.deepEqual(at.path.acts, ['mark', 'approve', 'mark', 'write 0']);
  });

  it('wait for the stream of an acceptor and for its first byte, which must be zero', () => {
    for (const [first, result, type] of [
      [0, { type: 'data', count: 1 }, 'stream.opened'],
      [1, { type: 'data', count: 1 }, 'stream.malformed'],
      [0, { type: 'finished' }, 'stream.malformed'],
      [0, { type: 'reset', code: 1 }, 'stream.malformed'],
    ] as const) {
      const at = new Bench().begin('acceptor');
      at.effects['open-stream']({ type: 'open-stream' });
      at.path.streams = 1;
      at.events?.event({ type: 'streams-opened' });
      at.events?.pumped();
      assert.deepEqual(at.self.answers, []);
      at.path.first = first;
      at.path.firstByte = result;
      at.events?.pumped();
      at.events?.pumped();
      assert.deepEqual(at.self.answerTypes, [type]);
    }
  });

  it('hand the stream to its user, and tell the machine what the user wants', () => {
    const at = new Bench().opened();
    assert.deepEqual(at.news, ['opened']);
    assert.deepEqual([at.session?.local, at.session?.remote], ['here:x', 'there:y']);
    at.session?.close();
    assert.deepEqual(at.self.answerTypes, ['stream.opened', 'close.wanted']);
    at.events?.pumped();
    at.events?.event({ type: 'finished', stream: 0 });
    assert.deepEqual(at.self.answerTypes.slice(2), ['stream.flushed']);

    const other = new Bench().opened();
    other.session?.abort();
    assert.deepEqual(other.self.answerTypes, ['stream.opened', 'abort.wanted']);
  });

  it('tell the machine when both directions have ended', () => {
    const at = new Bench().opened();
    at.session?.end();
    at.events?.pumped();
    at.events?.event({ type: 'stopped', stream: 0, code: 1 });
    at.path.firstByte = { type: 'finished' };
    at.events?.pumped();
    assert.deepEqual(at.self.answerTypes, ['stream.opened', 'stream.both-ended']);
  });

  it('tell of a loss and of the end of the connection', () => {
    const at = new Bench().begin();
    at.events?.event({ type: 'lost', loss: { kind: 'timed-out' } });
    at.events?.event({ type: 'readable', stream: 0 });
    at.events?.event({ type: 'writable', stream: 0 });
    at.events?.event({ type: 'drained' });
    at.events?.unreachable({ code: 'peer-gone', text: 'gone' });
    assert.deepEqual(at.self.answerTypes, ['connection.lost', 'connection.drained', 'peer.unreachable']);
  });

  it('tell the user once why there is no stream, or why it is over', () => {
    const failed = new Bench().begin();
    failed.effects['tell-failed']({ type: 'tell-failed', fault: { code: 'x', text: 'x' } });
    failed.effects['tell-failed']({ type: 'tell-failed', fault: { code: 'y', text: 'y' } });
    failed.self.close();
    assert.deepEqual(failed.news, ['failed x', 'end']);

    const over = new Bench().opened();
    over.effects['tell-over']({ type: 'tell-over', fault: { code: 'x', text: 'x' } });
    over.effects['tell-over']({ type: 'tell-over', fault: undefined });
    assert.deepEqual(over.user.news, ['closed x']);
    over.effects['close-connection']({ type: 'close-connection', code: 0, reason: 'normal close' });
    assert.deepEqual(over.path.acts.slice(-2), ['close 0 normal close', 'mark']);
  });

  it('let nobody wait for ever: the user hears of an end that came from a failure', () => {
    const dialling = new Bench().begin();
    dialling.self.close();
    assert.deepEqual(dialling.news, ['failed aborted', 'end']);
    assert.equal(dialling.path.acts.at(-1), 'abandon');

    const open = new Bench().opened();
    open.self.close();
    assert.deepEqual(open.user.news, ['closed aborted']);
  });
});

describe('a user whose handler throws', () => {
  it('fails its own stream, and no other', () => {
    const stage = new OwnStreams();
    stage.listen();
    const [bad, good] = [stage.joined(), stage.joined()];
    bad.there.bytes = () => {
      throw new Error('a bug in a user');
    };
    bad.here.say('x');
    good.here.say('y');
    stage.host.advance(100);

    assert.deepEqual(bad.there.news, ['closed aborted']);
    assert.equal(good.there.text, 'y');
    assert.match(stage.alarms.join(), /stream.*failure Error a bug in a user/);
    assert.deepEqual(stage.parts.faults, []);
  });
});
