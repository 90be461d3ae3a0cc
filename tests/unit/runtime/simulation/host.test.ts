import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SimulatedPorts } from '../../../../runtime/simulation/host.js';
import { World } from '../../../../runtime/simulation/world.js';
import { Peer, peerOn, tcp, udp } from '../../../support/simulated-peer.js';

const world = () => new World({ seed: 'host' });

describe('a host', () => {
  it('runs one program at a time', async () => {
    const made = world();
    const host = made.host('a');
    assert.equal(made.host('a'), host);
    peerOn(made, 'a');
    assert.ok(host.isRunning);

    assert.throws(() => peerOn(made, 'a'), /running already/);
    await host.stop();
    assert.ok(!host.isRunning);
    await host.stop();

    peerOn(made, 'a');
  });

  it('gives every life random numbers of its own, the same in every run', () => {
    const draw = () => {
      const made = world();
      const units: number[] = [];
      for (let life = 0; life < 3; life += 1) {
        units.push(peerOn(made, 'a').ports.random.unit());
        made.host('a').crash();
      }
      return [...units, peerOn(made, 'b').ports.random.unit()];
    };

    assert.equal(new Set(draw()).size, 4);
    assert.deepEqual(draw(), draw());
  });

  it('may have a wall clock that goes wrong, and never a monotonic one', () => {
    const made = world();
    const { clock } = peerOn(made, 'a').ports;
    const wallMs = clock.wallMs();

    made.host('a').setSkew(-3_600_000);

    assert.equal(clock.wallMs(), wallMs - 3_600_000);
    assert.equal(clock.monotonicMs(), 0);
  });

  it('never runs anything of a life that is over', async () => {
    const made = world();
    const peer = peerOn(made, 'a');
    const { clock, scheduler, sessions } = peer.ports;
    clock.setTimer(10, () => assert.fail('a timer'));
    scheduler.soon(() => assert.fail('soon'));
    scheduler.later(() => assert.fail('later'));
    peer.listen(tcp('a'));

    made.host('a').crash();
    clock.setTimer(10, () => assert.fail('a timer that was armed after death'));
    scheduler.soon(() => assert.fail('soon after death'));
    peer.listen(tcp('a', 2));
    peer.dial(tcp('a'));
    peer.dial(udp('a'));
    const never = (): void => assert.fail('a life that is over was heard');
    sessions.listen(tcp('a', 3), {}, { opened: never, accepted: never, failed: never })(() => undefined);
    await made.advance(100);

    assert.deepEqual([peer.news, peer.opened], [[], []]);
    assert.deepEqual([made.network.openPlaces, made.network.openSessions, made.clock.armed], [0, 0, 0]);
  });

  it('tells what a program left open when it had stopped', async () => {
    const made = world();
    const peer = peerOn(made, 'a');
    peer.listen(tcp('a', 7));
    peer.dial(tcp('a', 7));
    peer.ports.clock.setTimer(1_000, () => undefined);
    const spent = peer.ports.clock.setTimer(1, () => undefined);
    await made.advance(10);
    spent.cancel();

    await made.wait(made.host('a').stop(), 1_000);

    const { leftAtStop } = made.host('a');
    assert.equal(leftAtStop.length, 4);
    assert.ok(leftAtStop.includes('listener tcp a:7'));
    assert.ok(leftAtStop.includes('1 armed timers'));
    assert.deepEqual(made.host('a').leftOpen(), []);
    assert.equal(made.network.openSessions, 0);
  });

  it('is not killed a second time by a stop that was overtaken by a crash', async () => {
    const made = world();
    const ends: (() => void)[] = [];
    made.host('a').start(() => ({ stop: () => new Promise<void>((resolve) => void ends.push(resolve)) }));
    const stopped = made.host('a').stop();
    made.host('a').crash();
    const next = peerOn(made, 'a');
    next.listen(tcp('a'));

    ends[0]?.();
    await stopped;
    await made.settle();

    assert.ok(made.host('a').isRunning);
    assert.deepEqual(next.news, ['listening']);
  });

  it('stays as it was when a program cannot be made', async () => {
    const made = world();
    const broken = (ports: SimulatedPorts): Peer => {
      const peer = new Peer(ports);
      peer.listen(tcp('a'));
      throw new Error('cannot be made');
    };

    assert.throws(() => made.host('a').start(broken), /cannot be made/);
    await made.settle();

    assert.ok(!made.host('a').isRunning);
    assert.equal(made.network.openPlaces, 0);
  });

  it('that throws in a callback ends the run, and the error says where and when', async () => {
    const made = world();
    const thrown = new TypeError('no such thing');
    peerOn(made, 'a').ports.clock.setTimer(25, () => {
      throw thrown;
    });

    await assert.rejects(made.advance(100), (error: Error) => {
      assert.match(error.message, /^at 25 ms, seed host: uncaught on host a: no such thing$/);
      assert.equal((error.cause as Error).cause, thrown);
      return true;
    });
  });
});
