import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshStream } from '../../../../actors/streams/mesh-stream.js';
import type { ReadResult } from '../../../../runtime/quic/engine.js';
import type { QuicStream } from '../../../../runtime/quic/stream.js';
import { bytesOf, RecordingHandler, textOf } from '../../../support/recording-session.js';

/** A stream of the engine that the test plays: what comes, and how much it takes. */
class FakeEngine {
  readonly incoming: (Uint8Array | ReadResult)[] = [];
  written = '';
  room = Number.POSITIVE_INFINITY;
  finished = 0;

  read(target: Uint8Array): ReadResult {
    const next = this.incoming[0];
    if (next === undefined) {
      return { type: 'blocked' };
    }
    if (!(next instanceof Uint8Array)) {
      return next;
    }
    const count = Math.min(next.length, target.length);
    target.set(next.subarray(0, count));
    this.incoming.splice(0, 1, ...(count < next.length ? [next.subarray(count)] : []));
    return { type: 'data', count };
  }

  write(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.room);
    this.room -= taken;
    this.written += textOf(bytes.subarray(0, taken));
    return taken;
  }

  finish(): void {
    this.finished += 1;
  }
}

class Bench {
  readonly engine = new FakeEngine();
  readonly owner: string[] = [];
  readonly user = new RecordingHandler();
  readonly stream: MeshStream;

  constructor() {
    const note = (what: string) => () => void this.owner.push(what);
    const owner = {
      wake: note('wake'),
      bothEnded: note('both-ended'),
      flushed: note('flushed'),
      closeWanted: note('close'),
      abortWanted: note('abort'),
    };
    this.stream = new MeshStream(this.engine as unknown as QuicStream, owner, { local: 'here:x', remote: 'there:y' });
  }

  attached(): this {
    this.stream.attach(this.user);
    return this;
  }

  comes(...what: (string | ReadResult)[]): void {
    this.engine.incoming.push(...what.map((one) => (typeof one === 'string' ? bytesOf(one) : one)));
    this.stream.pump();
  }

  /** What the owner was told since the last look, without being woken. */
  told(): readonly string[] {
    return this.owner.splice(0).filter((what) => what !== 'wake');
  }
}

const END: ReadResult = { type: 'finished' };

describe('reading from a mesh stream', () => {
  it('begins when somebody is attached', () => {
    const at = new Bench();
    at.comes('early');
    assert.deepEqual(at.user.heard, []);
    at.attached();
    assert.deepEqual(at.owner, ['wake']);
    at.stream.pump();
    assert.equal(at.user.text, 'early');
    assert.throws(() => at.stream.attach(at.user), /attached once/);
  });

  it('gives bytes, then the end, once', () => {
    const at = new Bench().attached();
    at.comes('ab', 'cd', END);
    at.stream.pump();

    assert.equal(at.user.text, 'abcd');
    assert.deepEqual(at.user.news, ['ended']);
  });

  it('stands still while it is paused, even within one pump', () => {
    const at = new Bench().attached();
    const seen: number[] = [];
    at.user.bytes = (chunk) => {
      seen.push(chunk.length);
      at.stream.pause();
    };
    at.comes('a', 'b', 'c');
    assert.deepEqual(seen, [1]);
    at.stream.resume();
    at.stream.pump();
    assert.deepEqual(seen, [1, 1]);
  });

  it('hands a large read over as it is, and a small one in bytes of its own', () => {
    const at = new Bench().attached();
    const buffers: number[] = [];
    at.user.bytes = (chunk) => void buffers.push(chunk.buffer.byteLength);
    at.comes('small', 'x'.repeat(65_536), 'y'.repeat(40_000));
    assert.deepEqual(buffers, [5, 65_536, 65_536]);
  });

  it('is over when the other end gives its direction up', () => {
    const at = new Bench().attached();
    at.comes('half', { type: 'reset', code: 7 });

    assert.equal(at.user.text, 'half');
    assert.deepEqual(at.user.news, ['closed reset']);
    assert.deepEqual(at.told(), ['abort']);
  });
});

describe('writing to a mesh stream', () => {
  it('happens in the pump, in order', () => {
    const at = new Bench().attached();
    assert.equal(at.stream.send([bytesOf('ab'), bytesOf('cd')]), true);
    assert.equal(at.engine.written, '');
    assert.equal(at.stream.backlogBytes, 4);
    at.stream.pump();
    assert.equal(at.engine.written, 'abcd');
    assert.equal(at.stream.backlogBytes, 0);
  });

  it('goes on where the engine took only a part', () => {
    const at = new Bench().attached();
    at.engine.room = 3;
    at.stream.send([bytesOf('abcd'), bytesOf('ef')]);
    at.stream.pump();
    assert.equal(at.stream.backlogBytes, 3);
    at.engine.room = 100;
    at.stream.pump();
    assert.equal(at.engine.written, 'abcdef');
  });

  it('says wait at 256 KiB, and that there is room at half of it', () => {
    const at = new Bench().attached();
    at.engine.room = 0;
    assert.equal(at.stream.send([new Uint8Array(262_143)]), true);
    assert.equal(at.stream.send([new Uint8Array(1)]), false);
    at.engine.room = 131_072;
    at.stream.pump();
    assert.deepEqual(at.user.news, []);
    at.engine.room = 1;
    at.stream.pump();
    assert.deepEqual(at.user.news, ['drained']);
    at.engine.room = 1_000_000;
    at.stream.pump();
    assert.deepEqual(at.user.news, ['drained']);
  });

  it('ends after what was sent, once, and takes nothing more', () => {
    const at = new Bench().attached();
    at.engine.room = 1;
    at.stream.send([bytesOf('ab')]);
    at.stream.end();
    at.stream.end();
    at.stream.pump();
    assert.equal(at.engine.finished, 0);
    assert.equal(at.stream.send([bytesOf('more')]), true);
    at.engine.room = 100;
    at.stream.pump();
    at.stream.pump();

    assert.equal(at.engine.written, 'ab');
    assert.equal(at.engine.finished, 1);
  });

  it('drops what nobody wants to read, and says that there is room', () => {
    const at = new Bench().attached();
    at.engine.room = 0;
    at.stream.send([new Uint8Array(300_000)]);
    at.stream.pump();
    at.stream.peerStopped();

    assert.deepEqual(at.user.news, ['drained']);
    assert.equal(at.stream.backlogBytes, 0);
    at.comes(END);
    assert.deepEqual(at.told(), ['both-ended']);
  });
});

describe('the end of a mesh stream', () => {
  it('has come when both directions have ended and ours is acknowledged, in either order', () => {
    const first = new Bench().attached();
    first.stream.end();
    first.stream.pump();
    first.stream.acknowledged();
    assert.deepEqual(first.told(), []);
    first.comes(END);
    assert.deepEqual(first.told(), ['both-ended']);

    const second = new Bench().attached();
    second.comes(END);
    assert.deepEqual(second.told(), []);
    second.stream.end();
    second.stream.pump();
    second.stream.acknowledged();
    assert.deepEqual(second.told(), ['both-ended']);
  });

  it('is wanted by a user who closes: what was sent still leaves, what comes is dropped', () => {
    const at = new Bench().attached();
    at.stream.send([bytesOf('last words')]);
    at.stream.close();
    at.stream.close();
    assert.deepEqual(at.told(), ['close']);
    at.comes('unwanted');
    assert.equal(at.engine.written, 'last words');
    assert.equal(at.engine.finished, 1);
    assert.deepEqual(at.user.heard, []);

    at.stream.acknowledged();
    assert.deepEqual(at.told(), ['flushed']);
    at.comes(END);
    assert.deepEqual(at.told(), ['both-ended']);
  });

  it('is told as flushed at once where all had arrived before the close', () => {
    const at = new Bench().attached();
    at.stream.end();
    at.stream.pump();
    at.stream.acknowledged();
    at.stream.close();
    assert.deepEqual(at.told(), ['close', 'flushed']);
  });

  it('is wanted at once by a user who aborts', () => {
    const at = new Bench().attached();
    at.stream.abort();
    at.stream.abort();
    at.stream.close();
    assert.deepEqual(at.told(), ['abort']);
    assert.equal(at.stream.send([bytesOf('x')]), true);
    at.stream.over({ code: 'x', text: 'x' });
    assert.deepEqual(at.user.heard, []);
  });

  it('tells the user what came before, even one who had paused, and then why', () => {
    const at = new Bench().attached();
    at.stream.pause();
    at.comes('waiting');
    at.stream.over({ code: 'timeout', text: 'x' });
    at.stream.over(undefined);

    assert.deepEqual(at.user.heard, ['bytes waiting', 'closed timeout']);
  });

  it('is in order only if the other end had ended its direction', () => {
    const cut = new Bench().attached();
    cut.stream.over(undefined);
    assert.deepEqual(cut.user.news, ['closed closed-early']);

    const whole = new Bench().attached();
    whole.comes(END);
    whole.stream.over(undefined);
    assert.deepEqual(whole.user.news, ['ended', 'closed']);
  });

  it('takes nothing and gives nothing afterwards', () => {
    const at = new Bench().attached();
    at.stream.over(undefined);
    at.comes('late');
    at.stream.send([bytesOf('late')]);
    at.stream.pump();

    assert.equal(at.engine.written, '');
    assert.deepEqual(at.user.heard, ['closed closed-early']);
  });
});
