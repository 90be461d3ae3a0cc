import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { farFetchActor } from '../../../../actors/work/far-fetch.actor.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { FAR } from '../node-parts.js';
import { outsideWithOutput, said, type Told, taskInput } from './far-stage.js';
import { UNIT } from './work-parts.js';

const driver = new MachineDriver(farFetchActor);
after(() => driver.atLeast(1));

const wanted = said('fetch.wanted');
const begun = (offset: number) => said('sink.begun', { offset });
const ready = said('far.ready');
const stream = said('reply.stream');
const refused = said('reply.refused', { text: 'no', kind: 'other' });
const loss = said('far.lost', { loss: { kind: 'lost', fault: { code: 'x', text: 'no route to node' } } });
const failed = said('sink.failed', { text: 'ENOSPC' });

function reached(...messages: Told[]): DrivenMachine {
  const machine = driver.start(taskInput());
  machine.sendAll(messages);
  return machine;
}

describe('the machine of a fetch', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(farFetchActor);
  });

  it('rests until it is wanted, and fetches what comes behind that which is stored', () => {
    const machine = driver.start(taskInput());
    assert.deepEqual(machine.wishes, []);
    assert.deepEqual(machine.send(wanted), [{ type: 'begin-sink', unitId: UNIT }]);
    assert.deepEqual(machine.send(begun(17)), [{ type: 'connect', node: FAR }]);
    assert.deepEqual(machine.send(ready), [
      {
        type: 'ask',
        text: '{"command":"work","startpos":17,"subcommand":"results","unitid":"there"}\n',
        expects: 'results',
      },
      { type: 'arm-timer', name: 'answer', delayMs: 30_000 },
    ]);
    assert.deepEqual(machine.send(stream), [{ type: 'disarm-timer', name: 'answer' }]);
    assert.equal(machine.state, 'fetching.streaming');
  });

  it('takes no second order while it fetches: a second stream would double the bytes', () => {
    for (const messages of [[], [begun(0)], [begun(0), ready], [begun(0), ready, stream]]) {
      const machine = reached(wanted, ...messages);
      const { state } = machine;
      assert.deepEqual(machine.send(wanted), []);
      assert.equal(machine.state, state);
    }
  });

  it('lets go of the session and rests when anything goes wrong', () => {
    for (const messages of [[], [begun(0)], [begun(0), ready], [begun(0), ready, stream]]) {
      for (const trouble of [loss, said('far.ended'), failed]) {
        const machine = reached(wanted, ...messages);
        assert.deepEqual(machine.send(trouble).at(-1), { type: 'disconnect' });
        assert.equal(machine.state, 'resting');
      }
    }
  });

  it('rests when there is no stream to be had', () => {
    for (const answer of [refused, said('reply.garbled', { line: 'x' }), said('timer.answer')]) {
      const machine = reached(wanted, begun(0), ready);
      assert.deepEqual(machine.send(answer), [{ type: 'disarm-timer', name: 'answer' }, { type: 'disconnect' }]);
      assert.equal(machine.state, 'resting');
    }
  });

  it('begins anew, behind what is stored by then, when it is wanted again', () => {
    const machine = reached(wanted, begun(17), ready, stream, loss);
    assert.deepEqual(machine.send(wanted), [{ type: 'begin-sink', unitId: UNIT }]);
    machine.send(begun(30));

    assert.match(`${machine.send(ready)[0]?.['text']}`, /"startpos":30,/);
  });

  it('stops, and lets go of the session', () => {
    const machine = reached(wanted, begun(0), ready, stream);

    assert.deepEqual(machine.send(said('stop')), [{ type: 'disconnect' }]);
    assert.equal(machine.isDone, true);
  });
});

describe('a fetch', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    const scripts = {
      resting: [],
      'fetching.beginning': [wanted],
      'fetching.connecting': [wanted, begun(0)],
      'fetching.asking': [wanted, begun(0), ready],
      'fetching.streaming': [wanted, begun(0), ready, stream],
    };
    await assertFaultsAreFailures({
      definition: farFetchActor,
      outside: outsideWithOutput,
      input: () => taskInput(),
      scripts: Object.fromEntries(
        Object.entries(scripts).map(([state, messages]) => [
          state,
          ({ send }: { readonly send: (message: Told) => void }) => messages.forEach((message) => void send(message)),
        ]),
      ),
    });
  });
});
