import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CALM } from '../../../../runtime/simulation/faults.js';
import { World } from '../../../../runtime/simulation/world.js';
import { RecordingHandler } from '../../../support/recording-session.js';
import { joined, peerOn, tcp, udp, unix } from '../../../support/simulated-peer.js';

const world = (faults = CALM) => new World({ seed: 'network', faults });

describe('listening', () => {
  it('opens a place, on a port of its own when none is asked for', async () => {
    const made = world();
    const b = peerOn(made, 'b');
    b.listen(tcp('b', 0));
    b.listen(tcp('b', 0));

    await made.settle();

    assert.deepEqual(b.news, ['listening', 'listening']);
    assert.equal(made.network.openPlaces, 2);
    assert.equal(new Set(made.network.openOf('b')).size, 2);
  });

  it('is refused where somebody listens already, on that host only', async () => {
    const made = world();
    const [a, b] = [peerOn(made, 'a'), peerOn(made, 'b')];
    for (const peer of [b, b, a]) {
      peer.listen(tcp('0.0.0.0', 7));
    }
    b.listen(udp('b', 7));

    await made.settle();

    assert.deepEqual(b.news, ['listening', 'listen EADDRINUSE', 'listening']);
    assert.deepEqual(a.news, ['listening']);
  });

  it('hears nothing more once it was given up, be it open, opening or in vain', async () => {
    const made = world();
    const b = peerOn(made, 'b');
    let places = 0;
    const done = (): void => {
      places += 1;
    };
    b.listen(tcp('b', 7))(done);
    b.listen(tcp('b', 8));
    b.listen(tcp('b', 8))(done);

    await made.settle();

    assert.deepEqual(b.news, ['listening']);
    assert.equal(places, 2);
    assert.equal(made.network.openPlaces, 1);
  });

  it('ends: no session comes any more, those that came live on, and the place is free', async () => {
    const made = world();
    const [a, b] = [peerOn(made, 'a'), peerOn(made, 'b')];
    const close = b.listen(tcp('b', 7));
    a.dial(tcp('b', 7));
    await made.advance(10);

    close(() => undefined);
    a.dial(tcp('b', 7));
    a.opened[0]?.say('still here');
    await made.advance(10);
    b.listen(tcp('b', 7));
    await made.advance(10);

    assert.deepEqual(a.news, ['dial ECONNREFUSED']);
    assert.equal(b.accepted[0]?.text, 'still here');
    assert.deepEqual(b.news, ['listening', 'listening']);
  });

  it('that ends while a session arrives resets that session', async () => {
    const made = world();
    const [a, b] = [peerOn(made, 'a'), peerOn(made, 'b')];
    const close = b.listen(tcp('b', 7));
    const heard = new RecordingHandler();
    a.ports.sessions.dial(tcp('b', 7), {
      opened: (session) => {
        session.attach(heard);
        close(() => undefined);
      },
      failed: () => assert.fail('it was there'),
    });

    await made.advance(10);

    assert.deepEqual(b.accepted, []);
    assert.deepEqual(heard.heard, ['closed ECONNRESET']);
    assert.equal(made.network.openSessions, 0);
  });
});

describe('the ways between hosts', () => {
  it('may be cut between groups, and healed all at once', async () => {
    const made = world();
    made.network.partition(['a', 'b'], ['c']);

    assert.ok(made.network.isCut('a', 'c') && made.network.isCut('c', 'b') && !made.network.isCut('a', 'b'));
    made.network.healAll();

    assert.ok(!made.network.isCut('a', 'c'));
  });

  it('may have faults of their own', () => {
    const made = world();
    const slow = { ...CALM, delayMs: 500 };
    made.network.setFaultsBetween('a', 'b', slow);

    assert.deepEqual(made.network.faultsBetween('a', 'b'), slow);
    assert.deepEqual(made.network.faultsBetween('b', 'a'), CALM);
  });

  it('within a host are quick and safe, by every name of that host', async () => {
    const made = world({ ...CALM, delayMs: 1_000, loss: 1 });
    const a = peerOn(made, 'a');
    a.listen(tcp('a', 7));
    a.listen(unix('/tmp/control.sock'));
    a.dial(tcp('localhost', 7));
    a.dial(tcp('127.0.0.1', 7));
    a.dial(unix('/tmp/control.sock'));

    await made.advance(10);

    assert.equal(a.accepted.length, 3);
  });
});

describe('a reset by the network', () => {
  it('ends the stream sessions between two hosts on both sides, and no others', async () => {
    const made = world();
    const { a, aEnd, bEnd } = await joined(made);
    const c = peerOn(made, 'c');
    c.listen(tcp('c'));
    a.dial(tcp('c'));
    await made.advance(10);

    made.network.reset('b', 'a');
    await made.advance(10);

    assert.deepEqual([aEnd.heard, bEnd.heard], [['closed ECONNRESET'], ['closed ECONNRESET']]);
    assert.deepEqual(a.opened[1]?.heard, []);
    assert.equal(made.network.openSessions, 1);
  });
});

describe('the death of a host', () => {
  it('closes its places and its sessions, as its kernel would', async () => {
    const made = world();
    const { bEnd, aEnd } = await joined(made);
    bEnd.say('last words');

    made.host('b').crash();
    await made.advance(10);

    assert.deepEqual(aEnd.heard, ['bytes last words', 'ended']);
    assert.equal(made.network.openPlaces, 0);
    aEnd.session.end();
    await made.advance(10);
    assert.deepEqual(aEnd.heard, ['bytes last words', 'ended', 'closed']);
    assert.equal(made.network.openSessions, 0);
  });

  it('is answered with a reset when somebody goes on sending', async () => {
    const made = world();
    const { aEnd } = await joined(made);

    made.host('b').crash();
    aEnd.say('are you there?');
    await made.advance(10);

    assert.deepEqual(aEnd.news, ['ended', 'closed ECONNRESET']);
  });

  it('without a word is noticed by nobody, until the host comes back and is sent something', async () => {
    const made = world();
    const { aEnd } = await joined(made);

    made.host('b').crash({ isSilent: true });
    aEnd.say('are you there?');
    await made.advance(3_600_000);
    assert.deepEqual(aEnd.heard, []);
    peerOn(made, 'b');
    await made.advance(10);

    assert.deepEqual(aEnd.heard, ['closed ECONNRESET']);
  });
});
