import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../../runtime/random.js';
import { Dialing } from '../../../../runtime/simulation/dialing.js';
import { CALM } from '../../../../runtime/simulation/faults.js';
import { Places } from '../../../../runtime/simulation/places.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { Weather } from '../../../../runtime/simulation/weather.js';
import { World } from '../../../../runtime/simulation/world.js';
import { peerOn, tcp, unix } from '../../../support/simulated-peer.js';

function pair(faults = CALM) {
  const world = new World({ seed: 'dialing', faults });
  const [a, b] = [peerOn(world, 'a'), peerOn(world, 'b')];
  b.listen(tcp('b'));
  return { world, a, b };
}

describe('dialling', () => {
  it('opens a session after a round trip', async () => {
    const { world, a, b } = pair({ ...CALM, delayMs: 10 });
    a.dial(tcp('b'));

    await world.advance(19);
    assert.equal(a.opened.length, 0);
    await world.advance(1);

    assert.equal(a.opened.length, 1);
    assert.equal(b.accepted.length, 1);
    assert.equal(b.accepted[0]?.session.remote, a.opened[0]?.session.local);
  });

  it('is refused where nobody listens', async () => {
    const { world, a } = pair();
    a.dial(tcp('b', 99));
    a.dial(tcp('nowhere'));
    a.dial(unix('/no/such.sock'));

    await world.advance(10);

    assert.deepEqual(a.news.slice().sort(), ['dial ECONNREFUSED', 'dial ECONNREFUSED', 'dial ENOENT']);
  });

  for (const [from, to] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    it(`into silence fails after ten seconds, be the way ${from} to ${to} cut`, async () => {
      const { world, a } = pair();
      world.network.cut(from, to);
      a.dial(tcp('b'));

      await world.advance(9_999);
      assert.deepEqual(a.news, []);
      await world.advance(1);

      assert.deepEqual(a.news, ['dial ETIMEDOUT']);
    });
  }

  it('asks again, and so succeeds when the way is healed in time', async () => {
    const { world, a } = pair();
    world.network.cut('a', 'b');
    a.dial(tcp('b'));
    await world.advance(2_000);

    world.network.heal('a', 'b');
    await world.advance(999);
    assert.equal(a.opened.length, 0);
    await world.advance(3);

    assert.equal(a.opened.length, 1);
  });

  it('asks again when the asking is lost', async () => {
    const { world, a } = pair({ ...CALM, loss: 1 });
    a.dial(tcp('b'));
    await world.advance(500);

    world.network.setFaults(CALM);
    await world.advance(600);

    assert.equal(a.opened.length, 1);
  });

  it('does not reach a host that vanished on the way', async () => {
    const { world, a } = pair({ ...CALM, delayMs: 10 });
    a.dial(tcp('b'));
    await world.advance(5);

    world.host('b').crash({ isSilent: true });
    await world.advance(9_994);
    assert.deepEqual(a.news, []);
    await world.advance(1);

    assert.deepEqual(a.news, ['dial ETIMEDOUT']);
  });

  it('that is given up is heard of no more, and leaves nothing open', async () => {
    const { world, a, b } = pair();
    const giveUp = a.dial(tcp('b'));
    giveUp();
    giveUp();
    const giveUpLater = a.dial(tcp('b'));
    await world.advance(1);
    giveUpLater();
    assert.equal(world.clock.armed, 0);

    await world.advance(20_000);

    assert.deepEqual([a.opened, a.news, b.accepted], [[], [], []]);
    assert.equal(world.network.openSessions, 0);
    assert.equal(world.clock.armed, 0);
  });

  it('may be given up until the very moment in which the dialer hears of it', () => {
    const clock = new VirtualClock();
    const tasks: (() => void)[] = [];
    const station = { host: 'a', isAlive: true, deliver: (task: () => void) => void tasks.push(task) };
    const never = (): never => assert.fail('heard of');
    const request = { station, address: tcp('b'), handler: { opened: never, failed: never } };
    const dialing = new Dialing(new Weather(clock, seededRandom('dial')), new Places(), request, never);

    assert.ok(clock.fireNext(100));
    dialing.giveUp();

    for (const task of tasks) {
      task();
    }
    assert.equal(tasks.length, 1);
  });

  it('by a life that has died is heard of no more', async () => {
    const { world, a, b } = pair();
    a.dial(tcp('b'));

    world.host('a').crash();
    await world.advance(100);

    assert.deepEqual([a.opened, a.news, b.accepted], [[], [], []]);
    assert.equal(world.network.openSessions, 0);
  });
});
