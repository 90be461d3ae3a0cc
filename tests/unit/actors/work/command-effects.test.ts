import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandActor } from '../../../../actors/work/command.actor.js';
import type { CommandInput } from '../../../../actors/work/command-vocabulary.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import type { Address } from '../../../../runtime/address.js';
import { statusOf, UNIT } from './work-parts.js';
import { WorkStage } from './work-stage.js';

/** One run of a command, which tells the stage how it ended. */
class OneCommand extends WorkStage {
  address: Address | undefined;

  async run(changes: Partial<CommandInput> = {}): Promise<void> {
    const job = { command: 'sleep', params: 'a "b c"' };
    if (this.work.text('stdin') === undefined) {
      this.work.put('stdin', 'input');
    }
    this.work.workKit.board.put(UNIT, changes.status ?? statusOf());
    this.address = this.raise(commandActor, { unitId: UNIT, beginning: 'new', status: statusOf(), job, ...changes });
    await this.pass();
  }

  /** `state detail size` of the status that it left behind. */
  get left(): string {
    const outcome = this.outcome('command');
    if (outcome?.type !== 'done') {
      return outcome?.type ?? 'it runs';
    }
    const { state, detail, stdoutSize } = (outcome.output as { readonly status: UnitStatus }).status;
    return `${state} ${detail} ${stdoutSize}`;
  }

  order(type: 'worker.cancel' | 'worker.release'): void {
    assert.ok(this.address !== undefined);
    this.send(this.address, { type, manner: 'patient' } as never);
  }
}

async function running(): Promise<OneCommand> {
  const stage = new OneCommand();
  await stage.run();
  return stage;
}

/** What the next life of the node finds of it. */
const found = (): Partial<CommandInput> => {
  return { beginning: 'found', status: statusOf({ state: 1, detail: 'Running: PID 1' }) };
};

describe('the start of a command', () => {
  it('gives it its words as they are, the marker of its unit, and the input', async () => {
    const stage = await running();

    assert.deepEqual(stage.work.commands.runs, [
      {
        command: 'sleep',
        args: ['a', 'b c'],
        environment: { RECEPTOR_UNIT_FOLDER: `/data/here/${UNIT}` },
        inputBytes: 5,
      },
    ]);
  });

  it('leaves the records of the runner in the folder of the unit, and the file of the output', async () => {
    const stage = await running();
    const [runner] = stage.work.commands.living;

    assert.equal(stage.work.text('runner'), `${runner?.pid} ${runner?.boot} ${runner?.birth}\n`);
    assert.match(stage.work.text('child') ?? '', new RegExp(`^${stage.programs[0]?.pid} `));
    assert.equal(stage.work.text('stdout'), '');
  });

  it('is refused in the words of Go, without a runner', async () => {
    const cases = [
      ['nosuch', '', '3 exec: "nosuch": executable file not found in $PATH 0'],
      ['/no/such', '', '3 fork/exec /no/such: no such file or directory 0'],
      ['sleep', '"open', '3 EOF found when expecting closing quote 0'],
      ['sleep', 'open\\', '3 EOF found after escape character 0'],
    ] as const;
    for (const [command, params, left] of cases) {
      const stage = new OneCommand();
      await stage.run({ job: { command, params } });

      assert.equal(stage.left, left);
      assert.deepEqual([stage.work.commands.living, stage.work.text('runner')], [[], undefined]);
      assert.deepEqual([stage.work.leftOpen(), stage.alarms], [[], []]);
    }
  });

  it('is refused when the program may not be run', async () => {
    const stage = new OneCommand((host) => {
      const parts = WorkStage.partsOver(host);
      return Object.assign(parts, { processes: { ...parts.processes, check: async () => 'denied' } });
    });
    await stage.run({ job: { command: '/etc/passwd', params: '' } });

    assert.equal(stage.left, '3 fork/exec /etc/passwd: permission denied 0');
  });

  it('fails with the reason when the disk has no room for the output', async () => {
    const stage = new OneCommand();
    stage.work.disk.fault = (act, path) => (act === 'open' && path.endsWith('/stdout') ? 'full' : undefined);
    await stage.run();

    assert.equal(stage.left, `3 Error starting worker: full: open '/data/here/${UNIT}/stdout' 0`);
    assert.deepEqual([stage.work.commands.runs, stage.work.leftOpen(), stage.alarms], [[], [], []]);
  });

  it('fails with the reason when the runner cannot be started', async () => {
    const stage = new OneCommand((host) => {
      const parts = WorkStage.partsOver(host);
      const start: typeof parts.processes.start = (_plan, handler) => handler.failed('spawn EAGAIN');
      return Object.assign(parts, { processes: { ...parts.processes, start } });
    });
    await stage.run();

    assert.equal(stage.left, '3 Error starting worker: spawn EAGAIN 0');
  });
});

describe('a command that runs', () => {
  it('shows its output on the board as it grows, and has the size of all of it in the end', async () => {
    const stage = await running();
    stage.programs[0]?.write('hello');
    await stage.pass();
    assert.equal(stage.status()?.stdoutSize, 5);
    stage.programs[0]?.write(' world');
    stage.programs[0]?.exit(3);
    await stage.pass();

    assert.equal(stage.left, '3 exit status 3 11');
    assert.deepEqual([stage.work.leftOpen(), stage.alarms], [[], []]);
  });

  it('shows its output at the slow poll when the news of changes is lost, and all of it in the end', async () => {
    const stage = new OneCommand();
    stage.work.disk.losesNews = true;
    await stage.run();
    stage.programs[0]?.write('hello');
    await stage.pass(2_200);
    assert.equal(stage.status()?.stdoutSize, 5);
    stage.programs[0]?.write(' world');
    stage.programs[0]?.exit(0);
    await stage.pass();

    assert.equal(stage.left, '2 exit status 0 11');
  });

  it('has the size that was seen last when the disk does not tell in the end', async () => {
    const stage = new OneCommand();
    stage.work.disk.fault = (act, path) => (act === 'read' && path.endsWith('/stdout') ? 'failed' : undefined);
    await stage.run({ beginning: 'found', status: statusOf({ stdoutSize: 5 }) });

    assert.equal(stage.left, '3 Pending at restart 5');
  });

  it('fails as an actor when its files cannot be read, so that its unit is raised anew', async () => {
    const stage = await running();
    stage.work.disk.fault = (act, path) => (act === 'read' && path.endsWith('/stdout') ? 'denied' : undefined);
    stage.programs[0]?.write('x');
    await stage.pass();

    assert.equal(stage.left, 'failed');
    assert.deepEqual(stage.work.leftOpen(), []);
  });

  it('is ended when it is cancelled, however it resists', async () => {
    const meek = await running();
    meek.order('worker.cancel');
    await meek.pass();
    assert.equal(meek.left, '4 Canceled 0');

    const stubborn = await running();
    const heard: string[] = [];
    stubborn.programs[0]?.onSignal((signal) => heard.push(signal));
    stubborn.order('worker.release');
    await stubborn.pass(6_500);
    assert.deepEqual([heard, stubborn.left], [['SIGINT'], 'it runs']);
    await stubborn.pass(2_500);
    assert.deepEqual([heard, stubborn.left], [['SIGINT', 'SIGTERM'], 'it runs']);
    await stubborn.pass(2_500);
    assert.equal(stubborn.left, '4 Canceled 0');
    assert.deepEqual([stubborn.work.commands.living, stubborn.alarms], [[], []]);
  });

  it('outlives the stop of its node, which leaves nothing open', async () => {
    const stage = await running();
    assert.ok(stage.address !== undefined);
    stage.stop(stage.address);
    await stage.pass();

    assert.equal(stage.work.commands.living.length, 1);
    assert.deepEqual([stage.work.leftOpen(), stage.alarms], [[], []]);
  });
});

describe('a command of an earlier life of the node', () => {
  it('is found again where it is, is not begun again, and comes to its end', async () => {
    const stage = await running();
    assert.ok(stage.address !== undefined);
    stage.stop(stage.address);
    stage.programs[0]?.write('meanwhile');
    await stage.run(found());
    await stage.pass(220);
    assert.equal(stage.status()?.stdoutSize, 9);
    stage.programs[0]?.exit(0);
    await stage.pass();

    assert.equal(stage.ended.length, 2);
    assert.equal(stage.work.commands.runs.length, 1);
    assert.match(JSON.stringify(stage.ended.at(-1)), /"detail":"exit status 0","stdoutSize":9/);
    assert.deepEqual([stage.work.leftOpen(), stage.alarms], [[], []]);
  });

  it('that was never started cannot be started any more', async () => {
    const stage = new OneCommand();
    await stage.run({ beginning: 'found' });

    assert.equal(stage.left, '3 Pending at restart 0');
    assert.equal(stage.work.text('runner'), '-\n');
    assert.deepEqual(stage.work.commands.runs, []);
  });

  it('is lost when its runner is gone without a word', async () => {
    const stage = new OneCommand();
    stage.work.put('runner', '4321 boot-0 77\n');
    stage.work.put('stdout', 'what was stored');
    await stage.run(found());
    await stage.pass(220);

    assert.equal(stage.left, '3 the command was lost: its runner is gone and left no exit status 15');
  });

  it('fails as an actor when it cannot be looked for', async () => {
    const stage = new OneCommand();
    stage.work.disk.fault = (act) => (act === 'create' ? 'full' : undefined);
    await stage.run(found());

    assert.equal(stage.left, 'failed');
    assert.deepEqual(stage.work.leftOpen(), []);
  });
});
