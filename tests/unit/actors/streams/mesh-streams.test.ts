import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STREAMS } from '../../../../actors/addresses.js';
import { MeshStreams } from '../../../../actors/streams/mesh-streams.js';
import type { DialHandler } from '../../../../runtime/ports.js';
import { ManualHost } from '../../../support/manual-host.js';
import { RecordingSession } from '../../../support/recording-session.js';
import { FAR, NodeParts, serviceName } from '../node-parts.js';

const target = { node: FAR, service: serviceName('x') };
const place = { service: serviceName('x'), connType: 1, tags: {}, advertise: false };

class Bench {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly sent: { readonly type: string; readonly key: number }[] = [];
  readonly news: string[] = [];
  answer: 'taken' | 'refused' = 'taken';
  readonly streams = new MeshStreams(this.parts.streamKit, STREAMS, (to, message) => {
    assert.equal(to, STREAMS);
    this.sent.push(message as never);
    return this.answer;
  });

  get handler(): DialHandler {
    return {
      opened: () => void this.news.push('opened'),
      failed: ({ code }) => void this.news.push(`failed ${code}`),
    };
  }

  listen(): (done: () => void) => void {
    return this.streams.listen(place, {
      opened: () => void this.news.push('listening'),
      accepted: () => void this.news.push('accepted'),
      failed: ({ code }) => void this.news.push(`failed ${code}`),
    });
  }
}

describe('a dial over the mesh', () => {
  it('puts its birth into the nursery, and asks the streams actor to lead its life', () => {
    const at = new Bench();
    at.streams.dial(target, at.handler);

    const [wanted] = at.sent;
    assert.equal(wanted?.type, 'dial.wanted');
    const birth = at.parts.streamKit.nursery.take(wanted?.key ?? 0);
    assert.equal(birth?.names.remote, 'far:x');
    birth?.user.opened(new RecordingSession());
    birth?.user.failed({ code: 'late', text: 'late' });
    assert.deepEqual(at.news, ['opened'], 'one function is called, once');
  });

  it('fails, a moment later, when the actor takes no more', () => {
    const at = new Bench();
    at.answer = 'refused';
    at.streams.dial(target, at.handler);
    assert.deepEqual(at.news, []);
    at.host.run();

    assert.deepEqual(at.news, ['failed aborted']);
    assert.equal(at.parts.streamKit.nursery.size, 0);
  });

  it('that is given up calls nobody, and ends what opens all the same', () => {
    const at = new Bench();
    const giveUp = at.streams.dial(target, at.handler);
    const birth = at.parts.streamKit.nursery.take(at.sent[0]?.key ?? 0);
    let gaveUp = 0;
    if (birth !== undefined) {
      birth.giveUp = () => {
        gaveUp += 1;
      };
    }
    giveUp();
    giveUp();
    const session = new RecordingSession();
    birth?.user.opened(session);

    assert.equal(gaveUp, 1);
    assert.deepEqual(at.news, []);
    assert.deepEqual(session.acts, ['abort']);
  });

  it('that has succeeded is given up no more', () => {
    const at = new Bench();
    const giveUp = at.streams.dial(target, at.handler);
    const birth = at.parts.streamKit.nursery.take(at.sent[0]?.key ?? 0);
    const session = new RecordingSession();
    birth?.user.opened(session);
    giveUp();

    assert.equal(session.isOver, false);
  });
});

describe('listening over the mesh', () => {
  it('hands the plan to the actor that asks for it, once', () => {
    const at = new Bench();
    at.listen();
    const key = at.sent[0]?.key ?? 0;
    assert.equal(at.sent[0]?.type, 'listen.wanted');

    assert.equal(at.streams.takeListen(key)?.place, place);
    assert.equal(at.streams.takeListen(key), undefined);
  });

  it('that is closed before it has begun never begins', () => {
    const at = new Bench();
    let isFree = false;
    at.listen()(() => {
      isFree = true;
    });

    assert.equal(isFree, true);
    assert.equal(at.streams.takeListen(at.sent[0]?.key ?? 0), undefined);
  });

  it('is closed by the actor that does it', () => {
    const at = new Bench();
    const close = at.listen();
    const planned = at.streams.takeListen(at.sent[0]?.key ?? 0);
    const waiting: (() => void)[] = [];
    if (planned !== undefined) {
      planned.close = (done) => void waiting.push(done);
    }
    let isFree = false;
    close(() => {
      isFree = true;
    });
    assert.equal(isFree, false);
    waiting[0]?.();
    assert.equal(isFree, true);
  });
});
