import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { sessionActor } from '../../../../actors/control/session.actor.js';
import type { SessionInput, SessionMessage } from '../../../../actors/control/session-vocabulary.js';
import { assertFaultsAreFailures, type FaultStage } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { ControlOutside } from './control-outside.js';
import { UNIT } from './control-parts.js';

const driver = new MachineDriver(sessionActor);
after(() => driver.atLeast(1));

const input: SessionInput = { session: 4, origin: 'unix' };

/** Ways to the states, each from the beginning. */
const WAYS: Readonly<Record<string, readonly SessionMessage[]>> = {
  attaching: [],
  reading: [{ type: 'session.attached' }],
  running: [{ type: 'session.attached' }, { type: 'line.read' }],
  bridging: [{ type: 'session.attached' }, { type: 'line.read' }, { type: 'command.bridges' }],
  receiving: [{ type: 'session.attached' }, { type: 'line.read' }, { type: 'command.receives' }],
  streaming: [{ type: 'session.attached' }, { type: 'line.read' }, { type: 'command.streams' }],
  closing: [{ type: 'session.attached' }, { type: 'input.ended' }],
};

function session(way: keyof typeof WAYS): DrivenMachine {
  const machine = driver.start(input);
  machine.sendAll(WAYS[way] ?? []);
  assert.equal(machine.state, way);
  return machine;
}

const read = { type: 'read-line' };
const farewell = [{ type: 'hang-up' }, { type: 'arm-timer', name: 'farewell', delayMs: 60_000 }];
const text = (line: string): object => ({ type: 'send-text', text: line });

describe('the machine of a control session', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(sessionActor);
  });

  it('takes its session, and reads the first line', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.wishes, [{ type: 'attach', ...input }]);
    assert.deepEqual(machine.send({ type: 'session.attached' }), [read]);
  });

  it('ends when there is no session to take', () => {
    const machine = driver.start(input);
    assert.deepEqual(machine.send({ type: 'session.missing' }), []);
    assert.equal(machine.isDone, true);
  });

  it('carries out a line, answers, and reads the next', () => {
    const machine = session('reading');
    assert.deepEqual(machine.send({ type: 'line.read' }), [{ type: 'run-command' }]);
    assert.deepEqual(machine.send({ type: 'command.replied', text: '{}\n' }), [text('{}\n'), read]);
    assert.equal(machine.state, 'reading');
  });

  it('says good-bye when the client has no more to say', () => {
    const machine = session('reading');
    assert.deepEqual(machine.send({ type: 'input.ended' }), farewell);
    assert.deepEqual(machine.send({ type: 'timer.farewell' }), []);
    assert.equal(machine.isDone, true);
  });

  it('says good-bye to a client whose line does not end', () => {
    const machine = session('reading');
    const told = text('ERROR: the line is too long\n');
    assert.deepEqual(machine.send({ type: 'line.too-long' }), [told, ...farewell]);
    assert.equal(machine.state, 'closing');
  });

  it('is joined with a stream until either is over', () => {
    const machine = session('running');
    assert.deepEqual(machine.send({ type: 'command.bridges' }), [{ type: 'join' }]);
    machine.send({ type: 'bridge.ended' });
    assert.equal(machine.isDone, true);
  });

  it('takes the input of a unit, and no command behind it', () => {
    const machine = session('running');
    assert.deepEqual(machine.send({ type: 'command.receives' }), [{ type: 'receive' }]);
    assert.deepEqual(machine.send({ type: 'payload.settled', text: 'ERROR: no\n' }), [
      text('ERROR: no\n'),
      ...farewell,
    ]);
    assert.equal(machine.state, 'closing');
  });

  it('streams, and then closes or reads on, as the command wants it', () => {
    const machine = session('running');
    assert.deepEqual(machine.send({ type: 'command.streams' }), [{ type: 'stream' }]);
    assert.deepEqual(machine.send({ type: 'stream.ended', next: 'read' }), [read]);
    assert.equal(machine.state, 'reading');

    const closing = session('streaming');
    assert.deepEqual(closing.send({ type: 'stream.ended', next: 'close' }), farewell);
  });

  it('goes on when a stream is refused', () => {
    const machine = session('streaming');
    const told = 'ERROR: unknown work unit x\n';
    assert.deepEqual(machine.send({ type: 'stream.refused', text: told }), [text(told), read]);
    assert.equal(machine.state, 'reading');
  });

  it('ends in every state when its client is gone, or when it is stopped', () => {
    for (const state of Object.keys(WAYS)) {
      for (const type of ['session.closed', 'stop'] as const) {
        const machine = session(state);
        machine.send({ type });
        assert.equal(machine.isDone, true, `${state}, ${type}`);
      }
    }
  });
});

type Stage = FaultStage<ControlOutside>;

/** The client sends this, and all that it leads to happens. */
async function says({ outside, host }: Stage, line: string): Promise<void> {
  outside.client.hear(line);
  await host.settle();
}

describe('a control session', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: sessionActor,
      outside: (host) => new ControlOutside(host),
      input: (outside) => ({ session: outside.give(), origin: 'unix' }),
      scripts: {
        reading: () => undefined,
        running: async (stage) => {
          await says(stage, 'connect far control\n');
          assert.equal(stage.outside.ports.streams.outside.dials.length, 1);
        },
        bridging: async (stage) => {
          await says(stage, 'connect far control\n');
          stage.outside.ports.streams.outside.open();
        },
        receiving: async (stage) => {
          stage.outside.ports.work.create();
          await says(stage, 'work submit here cat\nhalf of its inp');
        },
        streaming: async (stage) => {
          stage.outside.ports.work.read();
          await says(stage, `work results ${UNIT}\n`);
        },
        closing: ({ outside }) => outside.client.hearEnd(),
      },
      // Its one effect says at once what has become of it: nobody can stay there.
      waived: ['attaching'],
    });
  });
});
