import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DATAGRAM_BYTES_MAX, DatagramSession } from '../../../../runtime/io/datagram-session.js';
import { bytesOf, RecordingHandler, textOf } from '../../../support/recording-session.js';

const KIB = 1_024;

/** A session whose kernel is the test: it takes datagrams when it is told to. */
function session() {
  const taken: Uint8Array[] = [];
  const waiting: ((error: Error | null) => void)[] = [];
  let overs = 0;
  const made = new DatagramSession({
    local: 'here',
    remote: 'there',
    transmit: (message, sent) => {
      taken.push(message);
      waiting.push(sent);
    },
    over: () => {
      overs += 1;
    },
  });
  const handler = new RecordingHandler();
  /** The kernel takes the oldest so many, or refuses them. */
  const take = (count: number, code?: string): void => {
    for (const sent of waiting.splice(0, count)) {
      sent(code === undefined ? null : Object.assign(new Error(`send ${code}`), { code }));
    }
  };
  return { made, handler, taken, take, overs: () => overs };
}

/** Everything that was put off for a moment has happened. */
const moment = (): Promise<void> => Promise.resolve();

describe('a session over datagrams', () => {
  it('has the names that it was given, and is of messages', () => {
    const { made } = session();

    assert.deepEqual([made.kind, made.local, made.remote, made.backlogBytes], ['message', 'here', 'there', 0]);
  });

  it('hands over what came before anybody was attached, and later than that was asked for', async () => {
    const { made, handler } = session();
    made.hear(bytesOf('a'));
    made.attach(handler);
    assert.deepEqual(handler.heard, []);
    await moment();

    assert.deepEqual(handler.heard, ['bytes a']);
  });

  it('hears nothing in an empty datagram, and sends none', async () => {
    const { made, handler, taken } = session();
    made.attach(handler);
    made.hear(new Uint8Array(0));
    made.send([new Uint8Array(0), bytesOf('a')]);
    await moment();

    assert.deepEqual([handler.heard, taken.map(textOf)], [[], ['a']]);
  });

  it('loses what is too large for a datagram, and goes on', () => {
    const { made, taken } = session();
    made.send([new Uint8Array(DATAGRAM_BYTES_MAX + 1), new Uint8Array(DATAGRAM_BYTES_MAX)]);

    assert.deepEqual(
      taken.map(({ length }) => length),
      [DATAGRAM_BYTES_MAX],
    );
  });

  it('keeps as much for a reader that does not read as the kernel does, and loses the rest', async () => {
    const { made, handler } = session();
    made.attach(handler);
    made.pause();
    const room = 212_992;
    for (let kept = 0; kept < room; kept += KIB) {
      made.hear(new Uint8Array(KIB));
    }
    made.hear(bytesOf('lost'));
    made.resume();
    await moment();
    made.hear(bytesOf('heard'));

    assert.equal(handler.heard.length, room / KIB + 1);
    assert.equal(handler.heard.at(-1), 'bytes heard');
    assert.ok(!handler.heard.includes('bytes lost'));
  });

  it('hands nothing over while paused, whatever was put off before', async () => {
    const { made, handler } = session();
    made.hear(bytesOf('a'));
    made.attach(handler);
    made.pause();
    await moment();
    assert.deepEqual(handler.heard, []);
    made.resume();
    made.pause();
    await moment();
    assert.deepEqual(handler.heard, []);
    made.resume();
    await moment();

    assert.deepEqual(handler.heard, ['bytes a']);
  });

  it('says wait when the kernel takes nothing, and tells once when half of it has gone', () => {
    const { made, handler, take } = session();
    made.attach(handler);
    const part = new Uint8Array(32 * KIB);
    const answers = Array.from({ length: 9 }, () => made.send([part]));
    assert.deepEqual(answers, [true, true, true, true, true, true, true, true, false]);
    assert.equal(made.backlogBytes, 9 * part.length);

    take(4);
    assert.deepEqual(handler.heard, []);
    take(1);
    assert.deepEqual(handler.heard, ['drained']);
    take(4);

    assert.deepEqual([handler.heard, made.backlogBytes], [['drained'], 0]);
  });

  for (const code of ['EMSGSIZE', 'ENOBUFS', 'EAGAIN']) {
    it(`goes on after ${code}, which costs one datagram`, () => {
      const { made, handler, take, overs } = session();
      made.attach(handler);
      made.send([bytesOf('a')]);
      take(1, code);

      assert.deepEqual([handler.heard, overs(), made.backlogBytes], [[], 0, 0]);
    });
  }

  it('is over after any other error, and tells it once', () => {
    const { made, handler, take, overs } = session();
    made.attach(handler);
    made.send([bytesOf('a'), bytesOf('b')]);
    take(2, 'ECONNREFUSED');
    made.fail({ code: 'EIO', text: 'again' });
    made.hear(bytesOf('late'));

    assert.deepEqual([handler.heard, overs()], [['closed ECONNREFUSED'], 1]);
  });

  it('tells an error without a code all the same', () => {
    const { made, handler, taken } = session();
    const bare = new DatagramSession({
      local: '',
      remote: '',
      over: () => undefined,
      transmit: (_, sent) => sent(new Error('?')),
    });
    bare.attach(handler);
    bare.send([bytesOf('a')]);

    assert.deepEqual([handler.heard, taken, made.backlogBytes], [['closed datagram'], [], 0]);
  });

  it('keeps an error for who is attached later', async () => {
    const { made, handler } = session();
    made.fail({ code: 'ECONNREFUSED', text: 'refused' });
    made.attach(handler);
    assert.deepEqual(handler.heard, []);
    await moment();

    assert.deepEqual(handler.heard, ['closed ECONNREFUSED']);
  });

  for (const way of ['end', 'close', 'abort'] as const) {
    it(`is over after ${way}, once, and hears and sends nothing more`, async () => {
      const { made, handler, taken, overs } = session();
      made.hear(bytesOf('unread'));
      made.attach(handler);
      made[way]();
      made[way]();
      made.hear(bytesOf('late'));
      made.fail({ code: 'EIO', text: 'late' });
      await moment();

      assert.equal(made.send([bytesOf('a')]), true);
      assert.deepEqual([handler.heard, taken, overs()], [[], [], 1]);
    });
  }

  it('says nothing to who attaches after the close', async () => {
    const { made, handler } = session();
    made.close();
    made.attach(handler);
    await moment();

    assert.deepEqual(handler.heard, []);
  });
});
