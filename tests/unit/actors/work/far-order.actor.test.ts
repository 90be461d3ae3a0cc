import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type FarOrderInput, farOrderActor } from '../../../../actors/work/far-order.actor.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver, type PlainWish } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR } from '../node-parts.js';
import { FarStage, said, type Told, taskInput } from './far-stage.js';
import { frozenOutside } from './frozen-ports.js';

const driver = new MachineDriver(farOrderActor);
after(() => driver.atLeast(1));

const cancel: FarOrderInput = { ...taskInput({ task: 'cancel' }), order: 'cancel' };
const release: FarOrderInput = { ...taskInput({ task: 'release' }), order: 'release' };
const ready = said('far.ready');
const refused = (text: string, kind = 'other') => said('reply.refused', { text, kind });

const toTask = (text: string) => ({ type: 'tell-task', news: { type: 'attempt.lost', text } });
const toUnit = (type: string, fields: object = {}) => ({ type: 'tell-unit', news: { type, ...fields } });

function asking(input = cancel): DrivenMachine {
  const machine = driver.start(input);
  machine.send(ready);
  return machine;
}

function lastWords(machine: DrivenMachine, message: Told): readonly PlainWish[] {
  const wishes = machine.send(message).filter(({ type }) => type !== 'disarm-timer');
  assert.equal(machine.isDone, true, `it is ${machine.state}`);
  return wishes;
}

describe('the machine of an order', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(farOrderActor);
  });

  it('asks for the cancel or the release, and is done with any outcome', () => {
    for (const input of [cancel, release]) {
      const machine = driver.start(input);
      assert.deepEqual(machine.wishes, [{ type: 'connect', node: FAR }]);
      assert.deepEqual(machine.send(ready), [
        {
          type: 'ask',
          text: `{"command":"work","subcommand":"${input.order}","unitid":"there"}\n`,
          expects: 'outcome',
        },
        { type: 'arm-timer', name: 'answer', delayMs: 60_000 },
      ]);
      assert.deepEqual(lastWords(machine, said('reply.outcome')), [toUnit('order.done')]);
    }
  });

  it('is done when there is nothing over there that could be ordered', () => {
    const needless = driver.start({ ...release, farUnitId: undefined });
    assert.deepEqual(needless.wishes, [toUnit('order.done')]);
    assert.equal(needless.isDone, true);

    const unknown = refused('unknown work unit there', 'unknown-unit');
    assert.deepEqual(lastWords(asking(), unknown), [toUnit('order.done')]);
  });

  it('tells that the other node refused, and why', () => {
    assert.deepEqual(lastWords(asking(), refused('signature is empty')), [
      toUnit('order.refused', { text: 'signature is empty' }),
    ]);
    assert.deepEqual(lastWords(asking(), said('reply.garbled', { line: 'what?' })), [
      toUnit('order.refused', { text: 'what?' }),
    ]);
  });

  it('is lost, to be tried again, without a session or an answer', () => {
    const loss = said('far.lost', { loss: { kind: 'lost', fault: { code: 'x', text: 'no route to node' } } });
    for (const machine of [driver.start(cancel), asking()]) {
      assert.deepEqual(lastWords(machine, loss), [toTask('no route to node')]);
    }
    assert.deepEqual(lastWords(asking(), said('far.ended')), [toTask('the other node ended the session')]);
    assert.deepEqual(lastWords(asking(), said('timer.answer')), [toTask('no answer in time')]);
  });

  it('stops without a word', () => {
    assert.deepEqual(lastWords(asking(), said('stop')), []);
  });
});

describe('an order', () => {
  it('is given on a session of its own, which ends with it', async () => {
    const stage = new FarStage();
    const order = stage.belowTask(farOrderActor, release);
    stage.last.open();
    await stage.pass();
    stage.last.session.hear('{"release pending":"there"}\n');
    await stage.pass();

    assert.deepEqual(stage.last.lines, ['{"command":"work","subcommand":"release","unitid":"there"}']);
    assert.deepEqual(stage.toUnit, [{ type: 'order.done' }]);
    assert.deepEqual(stage.toTask, []);
    assert.equal(stage.state(order), 'gone');
    assert.deepEqual(stage.parts.leftOpen(), []);
    assert.deepEqual(stage.alarms, []);
  });

  it('is lost after a minute without an answer: a cancel there takes its time', async () => {
    const stage = new FarStage();
    stage.belowTask(farOrderActor, cancel);
    stage.last.open();
    await stage.pass();
    stage.host.advance(59_900);
    assert.deepEqual(stage.toTask, []);

    stage.host.advance(100);
    await stage.pass();

    assert.deepEqual(stage.toTask, [{ type: 'attempt.lost', text: 'no answer in time' }]);
    assert.deepEqual(stage.parts.leftOpen(), []);
  });

  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: farOrderActor,
      outside: frozenOutside,
      input: () => cancel,
      scripts: { connecting: () => undefined, asking: ({ send }) => send(ready) },
    });
  });
});
