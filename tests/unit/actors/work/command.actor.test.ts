import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { commandActor } from '../../../../actors/work/command.actor.js';
import type { CommandInput } from '../../../../actors/work/command-vocabulary.js';
import { assertFaultsAreFailures } from '../../../support/fault-matrix.js';
import { type DrivenMachine, MachineDriver } from '../../../support/machine-driver.js';
import { assertExplicit } from '../../../support/machine-table.js';
import { frozenOutside } from './frozen-ports.js';
import { statusOf, UNIT } from './work-parts.js';

const driver = new MachineDriver(commandActor);
after(() => driver.atLeast(1));

const job = { command: 'echo', params: 'a b' };
const fresh: CommandInput = { unitId: UNIT, beginning: 'new', status: statusOf(), job };
const found = (changes: Parameters<typeof statusOf>[0] = {}): CommandInput => {
  return { unitId: UNIT, beginning: 'found', status: statusOf(changes), job };
};
const running = { state: 1, detail: 'Running: PID 7' };

/** The last status, once the machine has ended. */
function ending(machine: DrivenMachine): string {
  assert.equal(machine.isDone, true, `it is ${machine.state}`);
  const { status } = machine.output as { readonly status: ReturnType<typeof statusOf> };
  return `${status.state} ${status.detail} ${status.stdoutSize} ${status.extraData.type}`;
}

function launched(): DrivenMachine {
  const machine = driver.start(fresh);
  machine.send({ type: 'job.checked', words: ['a', 'b'] });
  return machine;
}

function started(): DrivenMachine {
  const machine = launched();
  machine.send({ type: 'runner.started', pid: 5 });
  return machine;
}

const measured = { type: 'output.measured', size: 12 };

describe('the machine of a command', () => {
  it('answers or names every message in every state', () => {
    assertExplicit(commandActor);
  });

  it('checks, launches, runs and ends, and says so each time', () => {
    const machine = driver.start(fresh);
    assert.deepEqual(machine.wishes, [
      { type: 'tell-changed', status: statusOf({ detail: 'Starting Worker' }), weight: 'passing' },
      { type: 'check-job', job },
    ]);
    assert.deepEqual(machine.send({ type: 'job.checked', words: ['a', 'b'] }), [
      { type: 'tell-changed', status: statusOf({ detail: 'Launching command runner' }), weight: 'passing' },
      { type: 'launch', unitId: UNIT, command: 'echo', words: ['a', 'b'] },
    ]);
    const extraData = { type: 'command', pid: 5, params: 'a b' } as const;
    assert.deepEqual(machine.send({ type: 'runner.started', pid: 5 }), [
      { type: 'tell-started', outcome: { ok: true, value: 'Job Started' } },
      { type: 'tell-changed', status: statusOf({ detail: 'Not started yet', extraData }), weight: 'passing' },
    ]);
    assert.deepEqual(machine.send({ type: 'command.started', pid: 7 }), [
      { type: 'tell-changed', status: statusOf({ ...running, extraData }), weight: 'lasting' },
    ]);
    assert.deepEqual(machine.send({ type: 'command.ended', code: 0 }), [{ type: 'measure-output', unitId: UNIT }]);
    machine.send(measured);
    assert.equal(ending(machine), '2 exit status 0 12 none');
  });

  it('tells the submitter that work was started which fails at once', () => {
    const machine = driver.start(fresh);
    const wishes = machine.send({ type: 'job.refused', text: 'EOF found when expecting closing quote' });
    machine.send(measured);

    assert.deepEqual(wishes[0], { type: 'tell-started', outcome: { ok: true, value: 'Job Started' } });
    assert.equal(ending(machine), '3 EOF found when expecting closing quote 12 none');
  });

  it('tells the submitter why no runner could be started', () => {
    const machine = launched();
    const wishes = machine.send({ type: 'runner.failed', text: 'spawn EAGAIN' });
    machine.send(measured);

    assert.deepEqual(wishes[0], { type: 'tell-started', outcome: { ok: false, refusal: 'spawn EAGAIN' } });
    assert.equal(ending(machine), '3 Error starting worker: spawn EAGAIN 12 none');
  });

  it('judges by the exit status, whether it saw the command begin or not', () => {
    for (const [code, verdict] of [
      [0, '2 exit status 0'],
      [3, '3 exit status 3'],
      [137, '3 signal: killed'],
      [undefined, '3 the command was lost: its runner is gone and left no exit status'],
    ] as const) {
      const early = started();
      early.sendAll([{ type: 'command.ended', code } as never, measured]);
      assert.equal(ending(early), `${verdict} 12 none`);
    }
  });

  it('is cancelled before there is a runner', () => {
    for (const order of ['worker.cancel', 'worker.release']) {
      const machine = driver.start(fresh);
      machine.sendAll([{ type: order }, measured]);
      assert.equal(ending(machine), '4 Canceled 12 none');
    }
  });

  it('that is recalled while it is launched is ended as soon as it can be', () => {
    for (const order of ['worker.cancel', 'worker.release']) {
      const failing = launched();
      assert.deepEqual(failing.send({ type: order }), [
        {
          type: 'tell-started',
          outcome: { ok: false, refusal: 'the work unit was cancelled before it was started' },
        },
      ]);
      failing.sendAll([{ type: order }, { type: 'runner.failed', text: 'no' } as never, measured]);
      assert.equal(ending(failing), '4 Canceled 12 none');

      const starting = launched();
      starting.send({ type: order });
      assert.deepEqual(starting.send({ type: 'runner.started', pid: 5 }), [
        { type: 'signal', signal: 'SIGINT' },
        { type: 'arm-timer', name: 'grace', delayMs: 7_000 },
      ]);
    }
  });

  it('is asked to end more and more firmly', () => {
    for (const order of ['worker.cancel', 'worker.release']) {
      for (const isRunning of [false, true]) {
        const machine = started();
        if (isRunning) {
          machine.send({ type: 'command.started', pid: 7 });
        }
        const [interrupt, first] = machine.send({ type: order });
        const [, terminate, second] = machine.send({ type: 'timer.grace' });
        assert.deepEqual([interrupt?.['signal'], terminate?.['signal']], ['SIGINT', 'SIGTERM']);
        // The reference kills a command after ten seconds.
        assert.equal(Number(first?.['delayMs']) + Number(second?.['delayMs']), 10_000);
        assert.deepEqual(machine.send({ type: 'timer.grace' }), [
          { type: 'disarm-timer', name: 'grace' },
          { type: 'signal', signal: 'SIGKILL' },
          { type: 'arm-timer', name: 'look', delayMs: 100 },
        ]);
        assert.deepEqual(machine.send({ type: 'timer.look' }), [
          { type: 'look' },
          { type: 'arm-timer', name: 'look', delayMs: 100 },
        ]);
        machine.sendAll([{ type: order }, { type: 'command.ended', code: undefined } as never, measured]);
        assert.equal(ending(machine), '4 Canceled 12 none');
      }
    }
  });

  it('is found again where it is, and goes on', () => {
    const machine = driver.start(found(running));
    assert.deepEqual(machine.wishes, [{ type: 'find-runner', unitId: UNIT }]);
    const [news] = machine.send({ type: 'runner.started', pid: 5 });
    assert.deepEqual(news?.['status'], statusOf(running));
    machine.sendAll([
      { type: 'command.started', pid: 7 } as never,
      { type: 'command.ended', code: 0 } as never,
      measured,
    ]);
    assert.equal(ending(machine), '2 exit status 0 12 none');
  });

  it('that was found without a runner was never started, or is lost', () => {
    const pending = driver.start(found());
    pending.sendAll([{ type: 'runner.none' }, measured]);
    assert.equal(ending(pending), '3 Pending at restart 12 none');

    const lost = driver.start(found(running));
    lost.sendAll([{ type: 'runner.none' }, measured]);
    assert.match(ending(lost), /^3 the command was lost/);
  });

  it('may be cancelled while it is looked for', () => {
    for (const order of ['worker.cancel', 'worker.release']) {
      const nobody = driver.start(found());
      nobody.sendAll([{ type: order }, { type: 'runner.none' }, measured]);
      assert.equal(ending(nobody), '4 Canceled 12 none');

      const somebody = driver.start(found(running));
      somebody.sendAll([{ type: order }, { type: 'runner.started', pid: 5 } as never]);
      assert.equal(somebody.state, 'ending.interrupted');
    }
  });

  it('stops in every state', () => {
    const machine = driver.start(fresh);
    machine.send({ type: 'stop' });
    assert.equal(machine.isDone, true);
  });
});

type Send = (message: { readonly type: string }) => void;

const launch = (send: Send): void => send({ type: 'job.checked', words: [] } as never);
const start = (send: Send): void => {
  launch(send);
  send({ type: 'runner.started', pid: 5 } as never);
};
const end = (send: Send): void => {
  start(send);
  send({ type: 'worker.cancel' });
};

describe('a command', () => {
  it('fails as an actor, and leaves nothing open, whatever throws in whichever state', async () => {
    await assertFaultsAreFailures({
      definition: commandActor,
      outside: frozenOutside,
      input: () => fresh,
      scripts: {
        checking: () => undefined,
        launching: ({ send }) => launch(send),
        recalled: ({ send }) => {
          launch(send);
          send({ type: 'worker.cancel' });
        },
        starting: ({ send }) => start(send),
        running: ({ send }) => {
          start(send);
          send({ type: 'command.started', pid: 7 });
        },
        'ending.interrupted': ({ send }) => end(send),
        'ending.terminated': ({ send, host }) => {
          end(send);
          host.advance(7_000);
        },
        'ending.killed': ({ send, host }) => {
          end(send);
          host.advance(10_000);
        },
        measuring: ({ send }) => send({ type: 'worker.cancel' }),
      },
      // Reached only by a unit that was found: below.
      waived: ['finding'],
    });
    await assertFaultsAreFailures({
      definition: commandActor,
      outside: frozenOutside,
      input: () => found(running),
      scripts: { finding: () => undefined },
      waived: [
        ...['checking', 'launching', 'recalled', 'starting', 'running', 'measuring'],
        ...['ending.interrupted', 'ending.terminated', 'ending.killed'],
      ],
    });
  });
});
