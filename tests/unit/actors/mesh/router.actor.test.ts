import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { NODE } from '../../../../actors/addresses.js';
import { routerActor } from '../../../../actors/mesh/router.actor.js';
import { childAddress } from '../../../../runtime/address.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { FAR, NEAR, NodeParts } from '../node-parts.js';
import { updateOf } from './updates.js';

const driver = new MachineDriver(routerActor);
const link = childAddress(NODE, 'link');
const replyTo = 4 as ReplyTo;
const changed = { type: 'topology.changed' };
const compute = { type: 'compute' };
const armed = { type: 'arm-timer', name: 'gather', delayMs: 100 };

after(() => driver.atLeast(1));

describe('the machine of a router', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(routerActor);
  });

  it('computes the first change at once, and gathers what follows', () => {
    const machine = driver.start(undefined);
    assert.equal(machine.state, 'current');

    assert.deepEqual(machine.send(changed), [compute, armed]);
    assert.equal(machine.state, 'resting');
    assert.deepEqual(machine.send(changed), []);
    assert.equal(machine.state, 'stale');
    assert.deepEqual(machine.send(changed), []);
    assert.deepEqual(machine.send({ type: 'timer.gather' }), [compute, armed]);
    assert.equal(machine.state, 'resting');
    assert.deepEqual(machine.send({ type: 'timer.gather' }), []);
    assert.equal(machine.state, 'current');
  });

  it('wishes the same for links, updates and questions in every state', () => {
    const update = updateOf(NEAR);
    const machine = driver.start(undefined);
    for (const state of ['current', 'resting', 'stale']) {
      assert.equal(machine.state, state);
      assert.deepEqual(machine.send({ type: 'link.claim', peer: NEAR, link, replyTo }), [
        { type: 'judge-claim', peer: NEAR, link, replyTo },
      ]);
      assert.deepEqual(machine.send({ type: 'link.established', peer: NEAR, cost: 2, link }), [
        { type: 'add-link', peer: NEAR, cost: 2, link },
      ]);
      assert.deepEqual(machine.send({ type: 'link.lost', peer: NEAR, link }), [
        { type: 'drop-link', peer: NEAR, link },
      ]);
      assert.deepEqual(machine.send({ type: 'update.received', update }), [{ type: 'consider', update }]);
      assert.deepEqual(machine.send({ type: 'view.read', replyTo }), [{ type: 'tell-view', replyTo }]);
      machine.send(changed);
    }
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

describe('a router', () => {
  it('routes over a link as soon as it is told of it, and after a change at the end of its rest', () => {
    const stage = new ActorStage();
    const router = stage.raise(routerActor, undefined, 'router');
    stage.parts.neighbour(NEAR);
    stage.send(router, { type: 'link.established', peer: NEAR, cost: 1, link });
    assert.deepEqual(stage.heard('routes.changed'), [{ routes: new Map([[NEAR, NEAR]]) }]);

    stage.send(router, { type: 'update.received', update: updateOf(NEAR, { connections: new Map([[FAR, 1]]) }) });
    stage.send(router, {
      type: 'update.received',
      update: updateOf(FAR, { connections: new Map([[NEAR, 1]]), forwardingNode: NEAR }),
    });
    assert.equal(stage.heard('routes.changed').length, 1);
    stage.host.advance(100);
    assert.equal(stage.heard('routes.changed').length, 2);
    assert.deepEqual(stage.alarms, []);
  });

  it('answers claims and questions of its actors', async () => {
    const stage = new ActorStage();
    const router = stage.raise(routerActor, undefined, 'router');
    const claim = stage.system.ask(router, (to) => ({ type: 'link.claim', peer: NEAR, link, replyTo: to }), 1_000);
    const view = stage.system.ask(router, (to) => ({ type: 'view.read', replyTo: to }), 1_000);
    stage.host.run();

    assert.equal(await claim, 'granted');
    assert.deepEqual(await view, { connections: new Map(), routes: new Map(), knownCosts: new Map() });
    stage.send(router, { type: 'link.lost', peer: NEAR, link });
    assert.deepEqual(stage.alarms, []);
  });

  it('survives a burst that fills its mailbox with changes', () => {
    const stage = new ActorStage();
    const router = stage.raise(routerActor, undefined, 'router');
    for (let at = 0; at < 8_192; at += 1) {
      const update = updateOf(`n${at}` as typeof NEAR, { connections: new Map([[NEAR, 1]]) });
      stage.system.send(router, { type: 'update.received', update } as never);
    }
    stage.host.run();

    assert.deepEqual(stage.alarms, []);
    assert.equal(stage.state(router), 'resting');
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: routerActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => undefined,
      scripts: {
        current: () => undefined,
        resting: ({ send }) => send(changed),
        stale: ({ send }) => {
          send(changed);
          send(changed);
        },
      },
    });
  });
});
