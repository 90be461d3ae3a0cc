import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { farPollActor } from '../../../../actors/work/far-poll.actor.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver, type PlainWish } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR } from '../node-parts.js';
import { outsideWithOutput, said, type Told, taskInput } from './far-stage.js';
import { remoteStatus, statusOf, UNIT } from './work-parts.js';

const driver = new MachineDriver(farPollActor);
after(() => driver.atLeast(1));

const input = taskInput();
const weighed = (storedSize: number) => said('output.weighed', { storedSize });
const ready = said('far.ready');
const status = (state: number, stdoutSize: number) => said('reply.status', { status: statusOf({ state, stdoutSize }) });
const refused = (text: string, kind = 'other') => said('reply.refused', { text, kind });
const gone = refused('unknown work unit there', 'unknown-unit');
const loss = said('far.lost', { loss: { kind: 'lost', fault: { code: 'x', text: 'no route to node' } } });

const toTask = (type: string, fields: object = {}) => ({ type: 'tell-task', news: { type, ...fields } });
const toUnit = (type: string, fields: object = {}) => ({ type: 'tell-unit', news: { type, ...fields } });
const lost = (text: string) => toTask('attempt.lost', { text });
const complete = (state: number, stdoutSize: number) =>
  toUnit('watch.complete', { status: statusOf({ state, stdoutSize }) });
const asked = { type: 'ask', text: 'work status there\n', expects: 'status' };
const armed = (name: string, delayMs: number) => ({ type: 'arm-timer', name, delayMs });
const forgotten = { type: 'forget-dialect', node: FAR };

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

describe('the machine of an attempt to poll', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(farPollActor);
  });

  it('asks for the status, fetches what is missing, and asks again', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [{ type: 'open-output', unitId: UNIT }]);
    assert.deepEqual(machine.send(weighed(5)), [{ type: 'connect', node: FAR }]);
    assert.deepEqual(machine.send(ready), [
      toTask('attempt.thrived'),
      { type: 'raise-fetch', ...input },
      asked,
      armed('answer', 30_000),
    ]);
    const running = statusOf({ state: 1, stdoutSize: 10 });
    assert.deepEqual(machine.send(said('reply.status', { status: running })), [
      { type: 'disarm-timer', name: 'answer' },
      toUnit('far.status', { status: running }),
      { type: 'weigh-output', status: running },
    ]);
    assert.deepEqual(machine.send(weighed(5)), [{ type: 'order-fetch' }, armed('pause', 250)]);
    assert.deepEqual(machine.send(said('timer.pause')), [
      { type: 'disarm-timer', name: 'pause' },
      asked,
      armed('answer', 30_000),
    ]);
  });

  it('orders nothing while nothing is missing', () => {
    const machine = reached(weighed(10), ready, status(1, 10));

    assert.deepEqual(machine.send(weighed(10)), [armed('pause', 1_000)]);
  });

  it('is complete when the unit has ended and all its output is stored, wherever it is', () => {
    const ended = [weighed(0), ready, status(2, 10)];
    const waiting = [...ended, weighed(9)];
    const asking = [...waiting, said('timer.pause')];

    assert.deepEqual(lastWords(reached(...ended), weighed(10)), [complete(2, 10)]);
    assert.deepEqual(lastWords(reached(...waiting), weighed(10)), [complete(2, 10)]);
    assert.deepEqual(lastWords(reached(...asking), weighed(10)), [complete(2, 10)]);
  });

  it('is complete after a cancel too, whose results the reference never ends', () => {
    assert.deepEqual(lastWords(reached(weighed(0), ready, status(4, 3)), weighed(3)), [complete(4, 3)]);
  });

  it('is not complete while bytes are missing, or the unit goes on', () => {
    const ended = reached(weighed(0), ready, status(2, 10));
    ended.sendAll([weighed(9), weighed(9)]);
    assert.equal(ended.state, 'polling.pausing');

    const running = reached(weighed(0), ready, status(1, 10), weighed(10));
    running.send(weighed(11));
    assert.equal(running.state, 'polling.pausing');
  });

  it('asks sooner as long as something is missing that it has heard of', () => {
    const machine = reached(weighed(0), ready, status(1, 10), weighed(2));

    machine.send(weighed(10));
    machine.sendAll([said('timer.pause'), status(1, 10)]);

    assert.deepEqual(machine.send(weighed(10)), [armed('pause', 1_000)]);
  });

  it('dials nobody when the unit is known to have ended, and all of it is here', () => {
    const known = remoteStatus({}, { state: 3, detail: 'exit status 1', stdoutSize: 30 });
    const machine = driver.start({ ...input, status: known });

    assert.deepEqual(lastWords(machine, weighed(30)), [toUnit('watch.complete', { status: known })]);
  });

  it('tells that the unit is gone there once what is on its way to the disk is stored', () => {
    const machine = reached(weighed(0), ready, status(1, 10), weighed(2), said('timer.pause'));

    assert.deepEqual(machine.send(gone).at(-1), { type: 'settle-output', unitId: UNIT });
    assert.deepEqual(lastWords(machine, weighed(9)), [toUnit('watch.gone', { storedSize: 9 })]);
  });

  it('is tried again after any other answer, and after none', () => {
    const asking = [weighed(0), ready];
    assert.deepEqual(lastWords(reached(...asking), refused('no')), [lost('no')]);
    assert.deepEqual(lastWords(reached(...asking), said('reply.garbled', { line: 'x' })), [lost('x')]);
    assert.deepEqual(lastWords(reached(...asking), said('timer.answer')), [lost('no answer in time')]);
  });

  it('is tried again when the output cannot be looked at', () => {
    const unreadable = said('output.unreadable', { text: 'EACCES' });

    assert.deepEqual(lastWords(reached(), unreadable), [lost('EACCES')]);
    assert.deepEqual(lastWords(reached(weighed(0), ready, gone), unreadable), [lost('EACCES')]);
  });

  it('takes a node that was lost for one that it does not know', () => {
    const ways = [
      [],
      [weighed(0)],
      [weighed(0), ready],
      [weighed(0), ready, status(1, 0)],
      [weighed(0), ready, status(1, 0), weighed(0)],
      [weighed(0), ready, gone],
    ];
    for (const messages of ways) {
      assert.deepEqual(lastWords(reached(...messages), loss), [forgotten, lost('no route to node')]);
      assert.deepEqual(lastWords(reached(...messages), said('far.ended')), [
        forgotten,
        lost('the other node ended the session'),
      ]);
    }
  });

  it('stops without a word', () => {
    assert.deepEqual(lastWords(reached(weighed(0), ready), said('stop')), []);
  });
});

describe('an attempt to poll', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    const scripts = {
      opening: [],
      connecting: [weighed(0)],
      'polling.asking': [weighed(0), ready],
      'polling.pausing': [weighed(0), ready, status(1, 10)],
      parting: [weighed(0), ready, gone],
    };
    await assertFaultsAreFailures({
      definition: farPollActor,
      outside: outsideWithOutput,
      input: () => input,
      scripts: Object.fromEntries(
        Object.entries(scripts).map(([state, messages]) => [
          state,
          ({ send }: { readonly send: (message: Told) => void }) => messages.forEach((message) => void send(message)),
        ]),
      ),
      // Its answer is there as soon as it is entered: nothing can come between.
      waived: ['polling.weighing'],
    });
  });
});
