import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { flooderActor } from '../../../../actors/mesh/flooder.actor.js';
import { decodeRouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ActorStage } from '../actor-stage.js';
import { FAR, NEAR, NodeParts } from '../node-parts.js';

const driver = new MachineDriver(flooderActor);
const wanted = { type: 'flood.wanted' };
const newcomer = { type: 'newcomer.seen' };
const paused = { type: 'timer.pause' };
const repeated = { type: 'timer.repeat' };
const flooded = [
  { type: 'flood', suspectedDuplicate: 0n },
  { type: 'arm-timer', name: 'pause', delayMs: 100 },
  { type: 'arm-timer', name: 'repeat', delayMs: 10_000 },
];
const newcomerArmed = [{ type: 'arm-timer', name: 'repeat', delayMs: 500 }];

after(() => driver.atLeast(1));

describe('the machine of a flooder', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(flooderActor);
  });

  it('floods at once, and what is wanted in the pause after it', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.send(wanted), flooded);
    assert.deepEqual(machine.sendAll([wanted, wanted, newcomer]), []);
    assert.equal(machine.state, 'owing');
    assert.deepEqual(machine.send(paused), flooded);
    assert.deepEqual(machine.send(paused), []);
    assert.equal(machine.state, 'ready');
  });

  it('repeats itself every ten seconds', () => {
    const machine = driver.start(undefined);
    machine.sendAll([wanted, paused]);
    assert.deepEqual(machine.send(repeated), flooded);
  });

  it('waits half a second for others when a newcomer appears', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.send(newcomer), newcomerArmed);
    assert.deepEqual(machine.sendAll([newcomer, newcomer]), []);
    assert.equal(machine.state, 'greeting');
    assert.deepEqual(machine.send(repeated), flooded);
  });

  it('answers a newcomer with whatever is told before', () => {
    const machine = driver.start(undefined);
    machine.send(newcomer);
    assert.deepEqual(machine.send(wanted), flooded);
  });

  it('remembers a newcomer that appears in the pause', () => {
    const machine = driver.start(undefined);
    machine.send(wanted);
    assert.deepEqual(machine.sendAll([newcomer, newcomer]), []);
    assert.equal(machine.state, 'expecting');
    assert.deepEqual(machine.send(paused), newcomerArmed);

    machine.sendAll([wanted, newcomer]);
    assert.deepEqual(machine.send(wanted), []);
    assert.equal(machine.state, 'owing');
  });

  it('tells of another node with our id at once, and of itself after the pause', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.send({ type: 'duplicate.seen', epoch: 9n }), [
      { type: 'flood', suspectedDuplicate: 9n },
      { type: 'arm-timer', name: 'pause', delayMs: 100 },
    ]);
    assert.equal(machine.state, 'owing');
    assert.deepEqual(machine.send(paused), flooded);
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

describe('a flooder', () => {
  it('tells every neighbour the same update', () => {
    const stage = new ActorStage();
    const [near, far] = [stage.parts.neighbour(NEAR), stage.parts.neighbour(FAR)];
    const flooder = stage.raise(flooderActor, undefined);
    stage.send(flooder, wanted);

    assert.equal(near.text, far.text);
    const update = decodeRouteUpdate(near.sends.flat()[0]?.subarray(2) ?? new Uint8Array());
    assert.ok(update.ok);
    assert.deepEqual([update.value.updateSequence, update.value.suspectedDuplicate], [1n, 0n]);

    stage.send(flooder, { type: 'duplicate.seen', epoch: 9n });
    const suspicion = decodeRouteUpdate(near.sends.flat()[1]?.subarray(2) ?? new Uint8Array());
    assert.equal(suspicion.ok && suspicion.value.suspectedDuplicate, 9n);
    assert.deepEqual(stage.alarms, []);
  });

  it('uses up no number when there is nobody to tell', () => {
    const stage = new ActorStage();
    stage.send(stage.raise(flooderActor, undefined), wanted);

    const update = decodeRouteUpdate(stage.parts.ownUpdates.next());
    assert.equal(update.ok && update.value.updateSequence, 1n);
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: flooderActor,
      outside: (host) => {
        const ports = new NodeParts(host);
        return { ports, leftOpen: () => ports.leftOpen() };
      },
      input: () => undefined,
      scripts: {
        ready: () => undefined,
        greeting: ({ send }) => send(newcomer),
        pausing: ({ send }) => send(wanted),
        expecting: ({ send }) => {
          send(wanted);
          send(newcomer);
        },
        owing: ({ send }) => {
          send(wanted);
          send(wanted);
        },
      },
    });
  });
});
