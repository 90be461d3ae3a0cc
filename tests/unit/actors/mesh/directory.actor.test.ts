import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { NODE } from '../../../../actors/addresses.js';
import { directoryActor } from '../../../../actors/mesh/directory.actor.js';
import { linkEstablished, nodeAppeared } from '../../../../actors/topics.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { FAR, NEAR, NodeParts, serviceName } from '../node-parts.js';
import { advertOf } from './adverts.js';

const driver = new MachineDriver(directoryActor);
const service = { service: serviceName('x'), connType: 0, tags: {} };
const opened = { type: 'service.opened', service };
const appeared = { type: 'node.appeared' };
const told = { type: 'timer.tell' };
const repeatArmed = { type: 'arm-timer', name: 'repeat', delayMs: 60_000 };
const gatherArmed = { type: 'arm-timer', name: 'tell', delayMs: 100 };

after(() => driver.atLeast(1));

describe('the machine of a directory', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(directoryActor);
  });

  it('hears the mesh and repeats itself every minute', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.wishes, [{ type: 'hear-mesh' }, repeatArmed]);
    assert.deepEqual(machine.send({ type: 'timer.repeat' }), [{ type: 'tell-mesh' }, repeatArmed]);
    assert.equal(machine.state, 'calm');
  });

  it('gathers what changes here for a moment before it tells it', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.send(opened), [{ type: 'add-service', service }, gatherArmed]);
    const workTypes = [{ workType: 'echo', secure: false }];
    assert.deepEqual(machine.send({ type: 'work-types.changed', workTypes }), [
      { type: 'set-work-types', workTypes },
      gatherArmed,
    ]);
    assert.deepEqual(machine.send(appeared), []);
    assert.equal(machine.state, 'gathering');
    assert.deepEqual(machine.send(told), [{ type: 'tell-mesh' }]);
    assert.deepEqual(machine.send(told), []);
  });

  it('answers newcomers together, and not more often than once in a second', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.send(appeared), [{ type: 'arm-timer', name: 'tell', delayMs: 1_000 }]);
    assert.deepEqual(machine.send(appeared), []);
    assert.equal(machine.state, 'answering');
    assert.deepEqual(machine.send(told), [{ type: 'tell-mesh' }]);
  });

  it('wishes the same for adverts, neighbours and questions in every state', () => {
    const advert = advertOf(FAR, 'y', 1);
    const replyTo = 3 as ReplyTo;
    for (const before of [[], [opened], [appeared]]) {
      const machine = driver.start(undefined);
      machine.sendAll(before);
      assert.deepEqual(machine.send({ type: 'advert.received', advert, via: NEAR }), [
        { type: 'accept', advert, via: NEAR },
      ]);
      assert.deepEqual(machine.send({ type: 'neighbour.came', peer: NEAR }), [{ type: 'tell-neighbour', peer: NEAR }]);
      assert.deepEqual(machine.send({ type: 'adverts.read', replyTo }), [{ type: 'tell-adverts', replyTo }]);
      assert.deepEqual(machine.send({ type: 'service.closed', service: service.service }), [
        { type: 'drop-service', service: 'x' },
      ]);
      machine.send({ type: 'stop' });
      assert.equal(machine.isDone, true);
    }
  });
});

describe('a directory', () => {
  it('tells the mesh of a new service, a new neighbour of all, and the node what it knows', async () => {
    const stage = new ActorStage();
    const near = stage.parts.neighbour(NEAR);
    const directory = stage.raise(directoryActor, undefined);
    stage.send(directory, opened);
    assert.equal(near.text, '');
    stage.host.advance(100);
    assert.match(near.text, /"Service":"x"/);

    const far = stage.parts.neighbour(FAR);
    stage.system.publish(NODE, linkEstablished, { peer: FAR, cost: 1, remote: '' });
    stage.host.run();
    assert.match(far.text, /"Service":"x"/);

    const adverts = stage.system.ask(directory, (replyTo) => ({ type: 'adverts.read', replyTo }), 1_000);
    stage.host.run();
    assert.deepEqual(
      ((await adverts) as readonly { readonly service: string }[]).map((advert) => advert.service),
      ['x'],
    );
    assert.deepEqual(stage.alarms, []);
  });

  it('repeats itself for a node that appears, and takes adverts and services', () => {
    const stage = new ActorStage();
    const near = stage.parts.neighbour(NEAR);
    const directory = stage.raise(directoryActor, undefined);
    stage.send(directory, opened);
    stage.host.advance(200);
    const before = near.sends.length;
    stage.system.publish(NODE, nodeAppeared, { node: FAR });
    stage.host.advance(1_000);
    assert.ok(near.sends.length > before);

    stage.send(directory, { type: 'advert.received', advert: advertOf(FAR, 'y', 1), via: FAR });
    assert.match(near.text, /"Service":"y"/);
    stage.send(directory, { type: 'work-types.changed', workTypes: [] });
    stage.send(directory, { type: 'service.closed', service: service.service });
    assert.match(near.text, /"Cancel":true/);
    assert.deepEqual(stage.alarms, []);
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: directoryActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => undefined,
      scripts: {
        calm: () => undefined,
        gathering: ({ send }) => send(opened),
        answering: ({ send }) => send(appeared),
      },
    });
  });
});
