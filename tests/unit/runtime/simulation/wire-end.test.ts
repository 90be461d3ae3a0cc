import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CALM, STORMY } from '../../../../runtime/simulation/faults.js';
import { World } from '../../../../runtime/simulation/world.js';
import { joined, peerOn, tcp } from '../../../support/simulated-peer.js';

const world = (faults = CALM, seed = 'wire') => new World({ seed, faults });

describe('a stream session', () => {
  it('keeps the order of what is sent, whatever the weather', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const made = world(CALM, `order ${seed}`);
      const { aEnd, bEnd } = await joined(made);
      made.network.setFaults(STORMY);
      const words = Array.from({ length: 200 }, (_, at) => `${at},`);
      for (const word of words) {
        aEnd.say(word);
        await made.advance(3);
      }
      aEnd.session.end();

      await made.advance(60_000);

      assert.equal(bEnd.text, words.join(''), `seed ${seed}`);
      assert.deepEqual(bEnd.news, ['ended']);
    }
  });

  it('delivers in other pieces than were sent, when it fragments', async () => {
    const made = world({ ...CALM, fragment: 1 });
    const { aEnd, bEnd } = await joined(made);

    aEnd.say('a long enough message');
    await made.advance(10);

    assert.equal(bEnd.text, 'a long enough message');
    assert.equal(bEnd.heard.length, 2);
  });

  it('gives the receiver bytes of its own', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);
    const bytes = new Uint8Array([65, 66]);

    aEnd.session.send([bytes]);
    bytes.fill(0);
    await made.advance(10);

    assert.equal(bEnd.text, 'AB');
  });

  it('holds what is sent over a cut way, one direction alone, until it is healed', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);
    made.network.cut('a', 'b');

    aEnd.say('held 1;');
    aEnd.say('held 2;');
    bEnd.say('other way');
    await made.advance(3_600_000);
    assert.deepEqual([aEnd.heard, bEnd.heard], [['bytes other way'], []]);
    made.network.heal('a', 'b');
    aEnd.say('after');
    await made.advance(10);

    assert.equal(bEnd.text, 'held 1;held 2;after');
  });

  it('keeps what is not read, and hands it over in order once somebody is attached or resumes', async () => {
    const made = world();
    const [a, b] = [peerOn(made, 'a'), peerOn(made, 'b')];
    b.attaches = false;
    b.listen(tcp('b'));
    a.dial(tcp('b'));
    await made.advance(10);
    a.opened[0]?.say('first;');
    await made.advance(10);
    const end = b.accepted[0];
    assert.ok(end !== undefined);

    end.session.attach(end);
    await made.advance(1);
    end.session.pause();
    a.opened[0]?.say('second;');
    a.opened[0]?.session.end();
    await made.advance(100);
    assert.deepEqual(end.heard, ['bytes first;']);
    end.session.resume();
    await made.advance(1);

    assert.deepEqual(end.heard, ['bytes first;', 'bytes second;', 'ended']);
  });

  it('says wait when a megabyte is under way, and drained when half of it was read', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);
    const half = new Uint8Array(524_288);
    bEnd.session.pause();

    assert.equal(aEnd.session.send([half]), true);
    assert.equal(aEnd.session.send([half]), false);
    assert.equal(aEnd.session.backlogBytes, 1_048_576);
    await made.advance(1_000);
    assert.deepEqual(aEnd.heard, []);
    bEnd.session.resume();
    await made.advance(10);

    assert.deepEqual(aEnd.heard, ['drained']);
    assert.equal(aEnd.session.backlogBytes, 0);
  });

  it('may be ended on one side while the other goes on, and closes when both have ended', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);

    aEnd.say('question');
    aEnd.session.end();
    assert.equal(aEnd.say('too late'), true);
    await made.advance(10);
    bEnd.say('answer');
    await made.advance(10);
    assert.deepEqual(aEnd.heard, ['bytes answer']);
    bEnd.session.end();
    await made.advance(10);

    assert.deepEqual(bEnd.heard, ['bytes question', 'ended', 'closed']);
    assert.deepEqual(aEnd.heard, ['bytes answer', 'ended', 'closed']);
    assert.equal(made.network.openSessions, 0);
  });

  it('that is closed tells its owner nothing more, and looks to the other side like an end', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);
    aEnd.say('last');
    bEnd.say('crosses');

    aEnd.session.close();
    aEnd.session.close();
    await made.advance(10);

    assert.deepEqual(aEnd.heard, []);
    assert.deepEqual(bEnd.heard.slice(0, 2), ['bytes last', 'ended']);
  });

  it('whose owner was to be told of its end is not told when the owner closes first', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);
    bEnd.session.end();
    await made.advance(10);

    aEnd.session.end();
    aEnd.session.close();
    await made.advance(10);

    assert.deepEqual(aEnd.heard, ['ended']);
    assert.deepEqual(bEnd.heard, ['ended', 'closed']);
  });

  it('that is aborted is reset on the other side', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);
    aEnd.say('last');

    aEnd.session.abort();
    await made.advance(10);

    assert.deepEqual(aEnd.heard, []);
    assert.deepEqual(bEnd.heard, ['bytes last', 'closed ECONNRESET']);
    assert.equal(made.network.openSessions, 0);
  });

  it('says nothing after it is over', async () => {
    const made = world();
    const { aEnd, bEnd } = await joined(made);
    made.network.reset('a', 'b');
    await made.advance(10);

    aEnd.say('late');
    aEnd.session.end();
    aEnd.session.abort();
    await made.advance(10);

    assert.deepEqual([aEnd.heard, bEnd.heard], [['closed ECONNRESET'], ['closed ECONNRESET']]);
  });
});
