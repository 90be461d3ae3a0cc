import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CALM } from '../../../../runtime/simulation/faults.js';
import { World } from '../../../../runtime/simulation/world.js';
import { joined, peerOn, udp } from '../../../support/simulated-peer.js';

const world = (faults = CALM) => new World({ seed: 'udp', faults });

describe('a UDP association', () => {
  it('opens at once and asks nobody; the listener learns of it by the first message', async () => {
    const made = world();
    const [a, b] = [peerOn(made, 'a'), peerOn(made, 'b')];
    b.listen(udp('b'));
    a.dial(udp('b'));
    await made.advance(100);
    assert.equal(a.opened.length, 1);
    assert.equal(b.accepted.length, 0);

    a.opened[0]?.session.send([new Uint8Array([65]), new Uint8Array([66])]);
    await made.advance(100);
    b.accepted[0]?.say('pong');
    await made.advance(100);

    assert.deepEqual(b.accepted[0]?.heard, ['bytes A', 'bytes B']);
    assert.deepEqual(a.opened[0]?.heard, ['bytes pong']);
    assert.equal(a.opened[0]?.session.kind, 'message');
  });

  it('loses, repeats and reorders messages as the weather says', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made, 'udp');
    made.network.setFaults({ ...CALM, loss: 0.2, repeat: 0.2, reorder: 0.3, reorderMs: 50 });
    const sent = Array.from({ length: 500 }, (_, at) => `${at}`);
    for (const text of sent) {
      aEnd.say(text);
    }

    await made.advance(1_000);

    const got = bEnd.heard.map((line) => line.slice('bytes '.length)).filter((text) => text !== 'hello');
    const distinct = new Set(got);
    assert.ok(distinct.size > 350 && distinct.size < 450, `${distinct.size} of 500 arrived`);
    assert.ok(got.length > distinct.size + 30, 'some came twice');
    assert.notDeepEqual(
      got,
      got.slice().sort((x, y) => Number(x) - Number(y)),
    );
  });

  it('loses what is sent while the way is cut', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made, 'udp');
    made.network.cut('a', 'b');
    aEnd.say('lost');
    await made.advance(10);
    made.network.heal('a', 'b');

    aEnd.say('found');
    await made.advance(10);

    assert.deepEqual(bEnd.heard, ['bytes hello', 'bytes found']);
  });

  it('that is closed on one side is not noticed on the other; its next message begins a new session', async () => {
    const made = world();
    const { b, aEnd, bEnd } = await joined(made, 'udp');

    bEnd.session.close();
    await made.advance(10);
    assert.deepEqual(aEnd.heard, []);
    aEnd.say('again');
    await made.advance(10);

    assert.deepEqual(b.accepted[1]?.heard, ['bytes again']);
  });

  it('outlives the listening place, as its session does', async () => {
    const made = world();
    const [a, b] = [peerOn(made, 'a'), peerOn(made, 'b')];
    const close = b.listen(udp('b'));
    a.dial(udp('b'));
    await made.advance(1);
    a.opened[0]?.say('one;');
    await made.advance(10);
    close(() => undefined);

    a.opened[0]?.say('two;');
    await made.advance(10);

    assert.equal(b.accepted[0]?.text, 'one;two;');
  });

  it('is refused, with its first message, by a host where nobody listens', async () => {
    const made = world();
    const a = peerOn(made, 'a');
    peerOn(made, 'b');
    const sent: string[] = [];
    made.network.readers.add((from, to, bytes) => sent.push(`${from}>${to} ${bytes.length}`));
    a.dial(udp('b'));
    await made.advance(10);
    assert.deepEqual(a.opened[0]?.heard, []);

    a.opened[0]?.say('anybody?');
    a.opened[0]?.say('nobody?');
    await made.advance(10);

    assert.deepEqual(a.opened[0]?.heard, ['closed ECONNREFUSED']);
    assert.equal(made.network.openSessions, 0);
    assert.deepEqual(sent, ['a>b 8', 'a>b 7'], 'the refusal is the word of a kernel');
  });

  it('hears nothing from a host that has vanished', async () => {
    const made = world();
    const { aEnd } = await joined(made, 'udp');

    made.host('b').crash({ isSilent: true });
    aEnd.say('lost');
    await made.advance(1_000);

    assert.deepEqual(aEnd.heard, []);
  });

  it('begins anew with a listener that has restarted', async () => {
    const made = world();
    const { aEnd } = await joined(made, 'udp');
    made.host('b').crash();
    const b = peerOn(made, 'b');
    b.listen(udp('b'));

    aEnd.say('again');
    await made.advance(10);

    assert.deepEqual(b.accepted[0]?.heard, ['bytes again']);
  });

  it('that is given up before it opens is heard of no more', async () => {
    const made = world();
    const a = peerOn(made, 'a');
    const giveUp = a.dial(udp('b'));

    giveUp();
    giveUp();
    await made.advance(10);

    assert.deepEqual(a.opened, []);
    assert.equal(made.network.openSessions, 0);
  });
});
