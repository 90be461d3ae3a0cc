import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { farTaskActor } from '../../../../actors/work/far-task.actor.js';
import type { FarTaskInput } from '../../../../actors/work/far-task-vocabulary.js';
import type { Message } from '../../../../runtime/message.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR } from '../node-parts.js';
import { frozenOutside } from './frozen-ports.js';
import { remoteExtra, remoteStatus, UNIT } from './work-parts.js';

const driver = new MachineDriver(farTaskActor);
after(() => driver.atLeast(1));

const input: FarTaskInput = {
  task: 'start',
  unitId: UNIT,
  node: FAR,
  extra: remoteExtra(),
  farUnitId: undefined,
  status: remoteStatus(),
};
const lost: Message = { type: 'attempt.lost', text: 'no route to node' } as Message;

describe('the machine of a task', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(farTaskActor);
  });

  it('attempts, and waits longer after each loss, or for a way', () => {
    const machine = driver.start(input);
    const attempt = { type: 'raise-attempt', ...input };
    assert.deepEqual(machine.wishes, [attempt]);
    const delays: unknown[] = [];
    for (const again of ['timer.retry', 'route.found', 'task.hurry']) {
      const waiting = machine.send(lost);
      assert.deepEqual(waiting[0], {
        type: 'tell-lost',
        task: 'start',
        unitId: UNIT,
        node: FAR,
        text: 'no route to node',
      });
      assert.deepEqual(waiting[2], { type: 'await-route', node: FAR });
      delays.push(waiting[1]?.['delayMs']);
      assert.deepEqual(machine.send({ type: again }), [
        { type: 'disarm-timer', name: 'retry' },
        { type: 'forget-route' },
        attempt,
      ]);
    }
    assert.deepEqual(delays, [500, 750, 1_125]);
  });

  it('begins anew once an attempt went well', () => {
    const machine = driver.start(input);
    machine.sendAll([lost, { type: 'timer.retry' }, lost, { type: 'timer.retry' }]);
    machine.send({ type: 'attempt.thrived' });

    assert.equal(machine.send(lost)[1]?.['delayMs'], 500);
  });

  it('never waits longer than a minute', () => {
    const machine = driver.start(input);
    let delayMs: unknown;
    for (let count = 0; count < 200; count += 1) {
      delayMs = machine.send(lost)[1]?.['delayMs'];
      machine.send({ type: 'timer.retry' });
    }
    assert.equal(delayMs, 60_000);
  });

  it('tells the next attempt what the one before has left', () => {
    const machine = driver.start(input);
    machine.send({ type: 'attempt.left', farUnitId: 'there' } as Message);
    assert.equal(machine.send({ type: 'attempt.again' })[0]?.['farUnitId'], 'there');
    machine.send(lost);
    assert.equal(machine.send({ type: 'timer.retry' }).at(-1)?.['farUnitId'], 'there');
  });

  it('ends when it is not wanted any more', () => {
    const machine = driver.start(input);
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

describe('a task', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: farTaskActor,
      outside: frozenOutside,
      input: () => input,
      scripts: { attempting: () => undefined, waiting: ({ send }) => send(lost) },
    });
  });
});
