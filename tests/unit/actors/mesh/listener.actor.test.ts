import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type ListenerInput, listenerActor } from '../../../../actors/mesh/listener.actor.js';
import { childAddress, rootAddress } from '../../../../runtime/address.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { NodeParts } from '../node-parts.js';
import { PLACE } from '../recording-sessions.js';

const driver = new MachineDriver(listenerActor);
const link = { cost: 1, nodeCosts: {}, allowedPeers: undefined };
const input: ListenerInput = { address: PLACE, link };
const opened = { type: 'listen.opened', address: PLACE };
const fault = { code: 'EADDRINUSE', text: 'in use' };
const failed = { type: 'listen.failed', fault };
const ended = {
  type: 'child.ended',
  child: childAddress(rootAddress('node'), 'link'),
  kind: 'link',
  outcome: { type: 'stopped' },
};

function accepted(session: number): { readonly type: string; readonly session: number } {
  return { type: 'session.accepted', session };
}

after(() => driver.atLeast(1));

describe('the machine of a listener', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(listenerActor);
  });

  it('opens its place, says that it is ready, and raises a link for each who comes', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [{ type: 'listen', address: PLACE, tls: undefined }]);
    assert.deepEqual(machine.send(opened), [{ type: 'tell-ready', address: PLACE }]);
    assert.deepEqual(machine.send(accepted(1)), [{ type: 'raise-link', session: 1, policy: link }]);
    assert.equal(machine.state, 'open');
  });

  it('turns away who comes when there is no room, until a link ends', () => {
    const machine = driver.start(input);
    machine.send(opened);
    for (let session = 1; session <= 4_096; session += 1) {
      machine.send(accepted(session));
    }
    assert.deepEqual(machine.send(accepted(9_999)), [{ type: 'turn-away', session: 9_999 }]);
    machine.send(ended);
    assert.deepEqual(machine.send(accepted(10_000))[0]?.type, 'raise-link');
  });

  it('listens with the TLS configuration that it was given', () => {
    const machine = driver.start({ ...input, tls: 's' });

    assert.deepEqual(machine.wishes, [{ type: 'listen', address: PLACE, tls: 's' }]);
  });

  it('tells of a place that it cannot open, or that breaks, and tries again', () => {
    for (const before of [[], [opened]]) {
      const machine = driver.start(input);
      machine.sendAll(before);
      assert.deepEqual(machine.send(failed), [
        { type: 'tell-failed', address: PLACE, fault },
        { type: 'give-up-place' },
        { type: 'arm-timer', name: 'retry', delayMs: 5_000, jitter: 0.3 },
      ]);
      assert.equal(machine.state, 'waiting');
      assert.deepEqual(machine.send({ type: 'timer.retry' }), [{ type: 'listen', address: PLACE, tls: undefined }]);
    }
  });

  it('turns away who comes while its place is not open', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.send(accepted(1)), [{ type: 'turn-away', session: 1 }]);
    machine.send(failed);
    assert.deepEqual(machine.send(accepted(2)), [{ type: 'turn-away', session: 2 }]);
  });

  it('stops in every state', () => {
    for (const before of [[], [opened], [failed]]) {
      const machine = driver.start(input);
      machine.sendAll(before);
      machine.send({ type: 'stop' });
      assert.equal(machine.isDone, true);
    }
  });
});

describe('a listener', () => {
  it('says where it listens and that it is ready, and raises its links below itself', () => {
    const stage = new ActorStage();
    const listener = stage.raise(listenerActor, input);
    stage.parts.sessions.opened();
    stage.host.run();
    assert.deepEqual(stage.heard('listener.listening'), [{ address: PLACE }]);
    assert.deepEqual(stage.heard('part.ready'), [{ part: listener }]);

    const [first, second] = [stage.parts.sessions.arrive(), stage.parts.sessions.arrive()];
    stage.host.run();
    assert.equal(stage.state(childAddress(listener, 'link-1')), 'greeting');
    assert.equal(stage.state(childAddress(listener, 'link-2')), 'greeting');
    stage.stop(listener);
    assert.deepEqual([first.isOver, second.isOver], [true, true]);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('tells of a failure, closes what is left of its place, and opens it again', () => {
    const stage = new ActorStage();
    const listener = stage.raise(listenerActor, input);
    stage.parts.sessions.broken(fault);
    stage.host.run();
    assert.deepEqual(stage.heard('part.failed'), [{ part: listener, address: PLACE, fault }]);
    assert.deepEqual(stage.parts.leftOpen(), []);

    stage.host.advance(5_000);
    assert.equal(stage.parts.sessions.listens.length, 2);
    stage.parts.sessions.opened();
    stage.host.run();
    assert.equal(stage.state(listener), 'open');
    assert.deepEqual(stage.alarms, []);
  });

  it('leaves nobody waiting who came too early or too late', () => {
    const stage = new ActorStage();
    stage.raise(listenerActor, input);
    const early = stage.parts.sessions.arrive();
    stage.host.run();
    stage.parts.sessions.opened();
    stage.parts.sessions.broken();
    const late = stage.parts.sessions.arrive();
    stage.host.run();

    assert.deepEqual([early.isOver, late.isOver], [true, true]);
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('turns away who comes when its mailbox is full', () => {
    const stage = new ActorStage();
    stage.raise(listenerActor, input);
    stage.parts.sessions.opened();
    stage.host.run();
    const sessions = Array.from({ length: 1_100 }, () => stage.parts.sessions.arrive());
    stage.host.run();

    assert.equal(sessions.filter(({ isOver }) => isOver).length, 1_100 - 1_024);
    assert.equal(stage.parts.handover.size, 0);
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: listenerActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => input,
      scripts: {
        opening: () => undefined,
        open: ({ outside, host }) => {
          outside.ports.sessions.opened();
          host.run();
          outside.ports.sessions.arrive();
        },
        waiting: ({ outside }) => outside.ports.sessions.broken(),
      },
    });
  });
});
