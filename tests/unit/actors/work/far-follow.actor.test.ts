import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { farFollowActor } from '../../../../actors/work/far-follow.actor.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver, type PlainWish } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR } from '../node-parts.js';
import { outsideWithOutput, said, type Told, taskInput } from './far-stage.js';
import { remoteStatus, statusOf, UNIT } from './work-parts.js';

const driver = new MachineDriver(farFollowActor);
after(() => driver.atLeast(1));

const input = taskInput();
const begun = (offset: number) => said('sink.begun', { offset });
const ready = said('far.ready');
const stream = said('reply.stream');
const refused = (text: string, kind = 'other') => said('reply.refused', { text, kind });
const loss = said('far.lost', { loss: { kind: 'lost', fault: { code: 'x', text: 'no route to node' } } });

const toTask = (type: string, fields: object = {}) => ({ type: 'tell-task', news: { type, ...fields } });
const toUnit = (type: string, fields: object = {}) => ({ type: 'tell-unit', news: { type, ...fields } });
const lost = (text: string) => toTask('attempt.lost', { text });

function reached(...messages: Told[]): DrivenMachine {
  const machine = driver.start(input);
  machine.sendAll(messages);
  return machine;
}

function lastWords(machine: DrivenMachine, message: Told): readonly PlainWish[] {
  const wishes = machine.send(message).filter(({ type }) => type !== 'disarm-timer');
  assert.equal(machine.isDone, true, `it is ${machine.state}`);
  return wishes;
}

describe('the machine of an attempt to follow', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(farFollowActor);
  });

  it('asks for what comes behind that which is stored', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [{ type: 'begin-sink', unitId: UNIT }]);
    assert.deepEqual(machine.send(begun(17)), [{ type: 'connect', node: FAR }]);
    assert.deepEqual(machine.send(ready), [
      { type: 'ask', text: 'work follow there 17\n', expects: 'follow' },
      { type: 'arm-timer', name: 'answer', delayMs: 30_000 },
    ]);
    assert.deepEqual(machine.send(stream), [{ type: 'disarm-timer', name: 'answer' }, toTask('attempt.thrived')]);
    assert.equal(machine.state, 'streaming');
  });

  it('is complete with the last word, when all of the output is stored', () => {
    const status = statusOf({ state: 2, detail: 'exit status 0', stdoutSize: 30 });
    const ended = said('follow.ended', { status, storedSize: 30 });

    assert.deepEqual(lastWords(reached(begun(0), ready, stream), ended), [toUnit('watch.complete', { status })]);
  });

  it('is tried again when bytes are missing behind the last word', () => {
    const ended = said('follow.ended', { status: statusOf({ state: 2, stdoutSize: 30 }), storedSize: 29 });

    assert.deepEqual(lastWords(reached(begun(0), ready, stream), ended), [lost('the output came with gaps')]);
  });

  it('dials nobody when the unit is known to have ended, and all of it is here', () => {
    const status = remoteStatus({}, { state: 2, detail: 'exit status 0', stdoutSize: 30 });
    const whole = driver.start({ ...input, status });
    assert.deepEqual(lastWords(whole, begun(30)), [toUnit('watch.complete', { status })]);

    const partial = driver.start({ ...input, status });
    assert.deepEqual(partial.send(begun(29)), [{ type: 'connect', node: FAR }]);
  });

  it('tells that the unit is gone there, and how much of it is here', () => {
    const machine = reached(begun(7), ready);

    assert.deepEqual(lastWords(machine, refused('unknown work unit there', 'unknown-unit')), [
      toUnit('watch.gone', { storedSize: 7 }),
    ]);
  });

  it('is tried in the way of the reference, at once, when the node does not know this one', () => {
    for (const text of ['bad command', 'Unknown command, work']) {
      assert.deepEqual(lastWords(reached(begun(0), ready), refused(text, 'unknown-command')), [
        { type: 'note-requests-only', node: FAR },
        toTask('attempt.again'),
      ]);
    }
  });

  it('is tried again after any other answer, and after none', () => {
    assert.deepEqual(lastWords(reached(begun(0), ready), refused('no')), [lost('no')]);
    assert.deepEqual(lastWords(reached(begun(0), ready), said('reply.garbled', { line: 'x' })), [lost('x')]);
    assert.deepEqual(lastWords(reached(begun(0), ready), said('timer.answer')), [lost('no answer in time')]);
  });

  it('is tried again when the session is lost, the disk refuses bytes, or the stream makes no sense', () => {
    for (const messages of [[], [begun(0)], [begun(0), ready], [begun(0), ready, stream]]) {
      assert.deepEqual(lastWords(reached(...messages), loss), [lost('no route to node')]);
      assert.deepEqual(lastWords(reached(...messages), said('far.ended')), [lost('the other node ended the session')]);
      assert.deepEqual(lastWords(reached(...messages), said('sink.failed', { text: 'ENOSPC' })), [lost('ENOSPC')]);
    }
    const garbled = said('follow.garbled', { text: 'output at 3, expected 4' });
    assert.deepEqual(lastWords(reached(begun(0), ready, stream), garbled), [lost('output at 3, expected 4')]);
  });

  it('stops without a word', () => {
    assert.deepEqual(lastWords(reached(begun(0), ready, stream), said('stop')), []);
  });
});

describe('an attempt to follow', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: farFollowActor,
      outside: outsideWithOutput,
      input: () => input,
      scripts: {
        beginning: () => undefined,
        connecting: ({ send }) => send(begun(0)),
        asking: ({ send }) => {
          send(begun(0));
          send(ready);
        },
        streaming: ({ send }) => {
          send(begun(0));
          send(ready);
          send(stream);
        },
      },
    });
  });
});
