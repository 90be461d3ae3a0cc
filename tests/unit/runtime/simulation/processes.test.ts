import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DetachedPlan } from '../../../../runtime/process-port.js';
import type { CommandScript } from '../../../../runtime/simulation/job.js';
import { type Programs, processesContract } from '../../../contract/processes.js';
import { bytes, type PretendedStage, portsOf, pretendedStage, text } from './pretended-stage.js';

const report: CommandScript = (process) => {
  process.write(`hello ${process.args[0]}\n`);
  process.write(process.input);
  process.exit(3);
};

const wait: CommandScript = (process) => process.write('waiting\n');

const hear: CommandScript = (process) => {
  process.write('waiting\n');
  process.onSignal((signal) => {
    if (signal === 'SIGINT') {
      process.write('heard\n');
      process.exit(7);
    }
  });
};

const PROGRAMS: Programs = {
  report: (argument) => ({ command: 'report', args: [argument] }),
  wait: () => ({ command: 'wait', args: [] }),
  hear: () => ({ command: 'hear', args: [] }),
};

async function staged(): Promise<PretendedStage> {
  const stage = pretendedStage();
  for (const [name, script] of Object.entries({ report, wait, hear })) {
    stage.host.processes.commands.set(name, script);
  }
  await stage.wait(stage.ports.files.makeFolder('/root'));
  return stage;
}

processesContract('processes of a pretended host', async () => {
  const stage = await staged();
  const { files, processes } = stage.ports;
  return { ...stage, files, processes, root: '/root', programs: PROGRAMS, dispose: async () => undefined };
});

const PLAN: DetachedPlan = {
  command: 'wait',
  args: [],
  environment: { MARK: 'x' },
  inputPath: '/root/stdin',
  outputPath: '/root/stdout',
  records: { runner: '/root/runner', child: '/root/child', exit: '/root/exit' },
};

async function started(stage: PretendedStage, heard: string[] = []): Promise<void> {
  await stage.wait(stage.ports.files.create('/root/stdin', bytes('12345')));
  stage.ports.processes.start(PLAN, {
    started: () => heard.push('started'),
    failed: (reason) => heard.push(reason),
    ended: (code) => heard.push(`ended ${code}`),
  });
  await stage.world.advance(10);
}

describe('pretended processes', () => {
  it('outlive the program that started them, and tell it nothing any more', async () => {
    const stage = await staged();
    const { host, world } = stage;
    const heard: string[] = [];
    await started(stage, heard);

    host.crash();
    const again = portsOf(host);
    const [leader] = host.processes.living;
    assert.ok(leader !== undefined);
    assert.equal(await stage.wait(again.processes.signal({ leader, members: [] }, 'SIGINT')), true);
    await world.advance(10);

    assert.deepEqual(heard, ['started']);
    assert.equal(text(host.disk.content.get('/root/exit').bytes()), '130\n');
    assert.deepEqual(host.processes.living, []);
  });

  it('end with the machine, and its next run has another name', async () => {
    const stage = await staged();
    const { host } = stage;
    await started(stage);
    const [before] = host.processes.living;

    host.crash({ isSilent: true });
    const again = portsOf(host);

    assert.deepEqual(host.processes.living, []);
    assert.equal(before === undefined || (await stage.wait(again.processes.isAlive(before))), false);
    assert.equal(host.disk.content.find('/root/exit'), undefined);
  });

  it('remember what was run, and on how much input', async () => {
    const stage = await staged();
    await started(stage);

    assert.deepEqual(stage.host.processes.runs, [
      { command: 'wait', args: [], environment: { MARK: 'x' }, inputBytes: 5 },
    ]);
  });

  it('are without their runner when that is killed alone', async () => {
    const stage = await staged();
    const heard: string[] = [];
    await started(stage, heard);
    const [leader] = stage.host.processes.living;
    assert.ok(leader !== undefined);

    stage.host.processes.killRunner(leader.pid);
    await stage.world.advance(10);

    assert.deepEqual(heard, ['started', 'ended undefined']);
    assert.equal(await stage.wait(stage.ports.processes.isAlive(leader)), false);
    assert.equal(stage.host.disk.content.find('/root/exit'), undefined);
  });

  it('are not started for a program that has died', async () => {
    const stage = await staged();
    await stage.wait(stage.ports.files.create('/root/stdin', bytes('')));
    stage.host.crash();

    const never = (): never => assert.fail();
    stage.ports.processes.start(PLAN, { started: never, failed: never, ended: never });
    await stage.world.advance(100);

    assert.deepEqual(stage.host.processes.runs, []);
  });
});
