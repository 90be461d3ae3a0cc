import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { WORK } from '../../../../actors/addresses.js';
import { managerActor } from '../../../../actors/work/manager.actor.js';
import type { NewUnit } from '../../../../actors/work/submit-rules.js';
import type { ManagerMessage } from '../../../../actors/work/work-vocabulary.js';
import type { ReplyTo } from '../../../../runtime/message.js';
import type { ChildEnded } from '../../../../runtime/self.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { frozenOutside } from './frozen-ports.js';
import { statusOf, UNIT } from './work-parts.js';

const driver = new MachineDriver(managerActor);
after(() => driver.atLeast(1));

const unit: NewUnit = { plan: { type: 'command', job: { command: 'echo', params: '' } }, status: statusOf() };
const asker = (number: number): ReplyTo => number as ReplyTo;

const done: ManagerMessage = { type: 'recovery.done' };
const failed: ManagerMessage = { type: 'recovery.failed', text: 'no room (full)' };
const retry: ManagerMessage = { type: 'timer.retry' };
const stop: ManagerMessage = { type: 'stop' };
const wanted: ManagerMessage = { type: 'unit.wanted', unit, unitId: UNIT, replyTo: asker(1) };
const actorWanted: ManagerMessage = { type: 'actor.wanted', unitId: UNIT, replyTo: asker(2) };
const sought: ManagerMessage = { type: 'unit.sought', unitId: UNIT, replyTo: asker(3) };
const childEnded: ChildEnded = { type: 'child.ended', child: WORK, kind: 'unit', outcome: { type: 'stopped' } };

/** What leads to each state. */
const WAYS = { recovering: [], serving: [done], waiting: [failed] } as const;

function inState(state: keyof typeof WAYS): DrivenMachine {
  const machine = driver.start(undefined);
  machine.sendAll(WAYS[state]);
  assert.equal(machine.state, state);
  return machine;
}

describe('the machine of the manager', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(managerActor);
  });

  it('reads what earlier lives have left before it says that it is ready', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.wishes, [{ type: 'recover' }]);
    assert.deepEqual(machine.send(done), [{ type: 'tell-ready' }]);
    assert.equal(machine.state, 'serving');
  });

  it('says why the data folder cannot be used, and tries again after a while', () => {
    const machine = driver.start(undefined);
    assert.deepEqual(machine.send(failed), [
      { type: 'tell-failed', text: 'no room (full)' },
      { type: 'arm-timer', name: 'retry', delayMs: 5_000 },
    ]);
    assert.deepEqual(machine.send(retry), [{ type: 'recover' }]);
    assert.deepEqual(machine.send(done), [{ type: 'tell-ready' }]);
  });

  it('makes units once it is ready, and says before that that it is not, and why', () => {
    const refused = (refusal: string) => [{ type: 'reply', to: asker(1), value: { ok: false, refusal } }];
    assert.deepEqual(inState('recovering').send(wanted), refused('work is not ready yet'));
    assert.deepEqual(inState('waiting').send(wanted), refused('work is not ready yet: no room (full)'));
    assert.deepEqual(inState('serving').send(wanted), [{ type: 'create', unit, unitId: UNIT, replyTo: asker(1) }]);
  });

  it('looks for units, finds their actors, and hears of their ends at any time', () => {
    for (const state of ['recovering', 'serving', 'waiting'] as const) {
      const machine = inState(state);
      assert.deepEqual(machine.send(actorWanted), [{ type: 'tell-actor', unitId: UNIT, replyTo: asker(2) }]);
      assert.deepEqual(machine.send(sought), [{ type: 'seek', unitId: UNIT, replyTo: asker(3) }]);
      assert.deepEqual(machine.send(childEnded), [{ type: 'note-end', ended: childEnded }]);
      assert.equal(machine.state, state);
    }
  });

  it('pays no heed to news of a recovery that it does not wait for', () => {
    const serving = inState('serving');
    assert.deepEqual(serving.sendAll([done, failed, retry]), []);
    assert.equal(serving.state, 'serving');
    const waiting = inState('waiting');
    assert.deepEqual(waiting.sendAll([done, failed]), []);
    assert.equal(waiting.state, 'waiting');
    const recovering = inState('recovering');
    assert.deepEqual(recovering.send(retry), []);
    assert.equal(recovering.state, 'recovering');
  });

  it('stops in every state', () => {
    for (const state of ['recovering', 'serving', 'waiting'] as const) {
      const machine = inState(state);
      machine.send(stop);
      assert.equal(machine.isDone, true);
    }
  });
});

describe('the manager', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: managerActor,
      outside: frozenOutside,
      input: () => undefined,
      scripts: {
        recovering: () => undefined,
        // With a unit that is being made.
        serving: ({ send }) => {
          send(done);
          send(wanted);
        },
        waiting: ({ send }) => send(failed),
      },
    });
  });
});
