import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FilePort, joinPath } from '../../runtime/file-port.js';
import {
  type DetachedPlan,
  type ProcessIdentity,
  type ProcessPort,
  readExitRecord,
  readIdentityRecord,
} from '../../runtime/process-port.js';

/** Programs that both worlds have. */
export interface Programs {
  /** Writes `hello <its argument>` and then its input, and ends with status 3. */
  report(argument: string): { readonly command: string; readonly args: readonly string[] };
  /** Writes `waiting`, and waits until a signal ends it. */
  wait(): { readonly command: string; readonly args: readonly string[] };
  /** Writes `waiting`, and answers SIGINT by writing `heard` and ending with status 7. */
  hear(): { readonly command: string; readonly args: readonly string[] };
}

/** One implementation of processes under test, with a folder of its own. */
export interface ProcessesStage {
  readonly processes: ProcessPort;
  readonly files: FilePort;
  readonly root: string;
  readonly programs: Programs;
  wait<T>(promise: Promise<T>): Promise<T>;
  until(holds: () => boolean | Promise<boolean>): Promise<void>;
  dispose(): Promise<void>;
}

/** A program that was started, and what was heard of its runner. */
interface Run {
  readonly plan: DetachedPlan;
  readonly heard: string[];
}

/** What every implementation of `ProcessPort` must do. */
export function processesContract(name: string, open: () => Promise<ProcessesStage>): void {
  const staged = (title: string, test: (stage: ProcessesStage) => Promise<void>): void => {
    it(title, async () => {
      const stage = await open();
      try {
        await test(stage);
      } finally {
        await stage.dispose();
      }
    });
  };
  describe(`${name}: a detached program`, () => {
    staged('leaves its records, its output and its exit status', async (stage) => {
      const { programs, until, root, processes, wait } = stage;
      const run = await start(stage, programs.report('a  b'), 'the input');
      await until(() => run.heard.length === 2);

      const runner = await record(stage, 'runner');
      const child = await record(stage, 'child');
      assert.deepEqual(run.heard, [`started ${runner.pid}`, 'ended 3']);
      assert.notEqual(child.pid, runner.pid);
      assert.equal(readExitRecord(await read(stage, 'exit')), 3);
      assert.equal(await read(stage, 'stdout'), 'hello a  b\nthe input');
      assert.equal(await wait(processes.isAlive(runner)), false);
      assert.equal(await wait(processes.hasLife({ leader: runner, members: [child] })), false);
      assert.equal(await wait(processes.signal({ leader: runner, members: [child] }, 'SIGINT')), false);
      assert.ok(root.length > 0);
    });

    staged('appends to output that is there', async (stage) => {
      await stage.wait(stage.files.create(joinPath(stage.root, 'stdout'), new TextEncoder().encode('before ')));
      const run = await start(stage, stage.programs.report('x'), '');
      await stage.until(() => run.heard.length === 2);

      assert.equal(await read(stage, 'stdout'), 'before hello x\n');
    });

    staged('is not started again where a runner has been', async (stage) => {
      const first = await start(stage, stage.programs.report('x'), '');
      await stage.until(() => first.heard.length === 2);

      const second: Run = { plan: first.plan, heard: [] };
      launch(stage, second);
      await stage.until(() => second.heard.length === 2);

      assert.equal(second.heard[1], 'ended 125');
      assert.equal(await read(stage, 'stdout'), 'hello x\n');
    });

    staged('is not started where somebody has prevented its runner', async (stage) => {
      const { files, root, wait, programs, until } = stage;
      await wait(files.create(joinPath(root, 'runner'), new TextEncoder().encode('-\n')));
      const run = await start(stage, programs.report('x'), '');
      await until(() => run.heard.length === 2);

      assert.equal(run.heard[1], 'ended 125');
      assert.equal(await wait(files.sizeOf(joinPath(root, 'child'))), undefined);
    });

    staged('is alive until a signal ends it, and its status tells which', async (stage) => {
      const { programs, until, processes, wait } = stage;
      const run = await start(stage, programs.wait(), '');
      const group = await running(stage);

      assert.equal(await wait(processes.isAlive(group.leader)), true);
      assert.equal(await wait(processes.hasLife(group)), true);
      assert.equal(await wait(processes.signal(group, 'SIGTERM')), true);
      await until(() => run.heard.length === 2);

      assert.equal(run.heard[1], `ended ${128 + 15}`);
      assert.equal(readExitRecord(await read(stage, 'exit')), 128 + 15);
    });

    staged('may answer a signal and end as it likes', async (stage) => {
      const { programs, until, processes, wait } = stage;
      const run = await start(stage, programs.hear(), '');
      const group = await running(stage);

      await wait(processes.signal(group, 'SIGINT'));
      await until(() => run.heard.length === 2);

      assert.equal(run.heard[1], 'ended 7');
      assert.equal(await read(stage, 'stdout'), 'waiting\nheard\n');
    });

    staged('is gone with its runner after SIGKILL, and nobody leaves a word', async (stage) => {
      const { programs, until, processes, wait } = stage;
      const run = await start(stage, programs.wait(), '');
      const group = await running(stage);

      await wait(processes.signal(group, 'SIGKILL'));
      await until(() => run.heard.length === 2);
      await until(async () => !(await wait(processes.hasLife(group))));

      assert.equal(run.heard[1], 'ended undefined');
      assert.equal(await wait(stage.files.sizeOf(joinPath(stage.root, 'exit'))), undefined);
    });

    staged('is not taken for another process with its pid', async (stage) => {
      const { programs, processes, wait, until } = stage;
      const run = await start(stage, programs.wait(), '');
      const { leader, members } = await running(stage);
      const older: ProcessIdentity = { ...leader, birth: `${leader.birth}0` };
      const elsewhere: ProcessIdentity = { ...leader, boot: 'another' };

      assert.equal(await wait(processes.isAlive(older)), false);
      assert.equal(await wait(processes.isAlive(elsewhere)), false);
      assert.equal(await wait(processes.signal({ leader: older, members: [] }, 'SIGKILL')), false);
      assert.equal(run.heard.length, 1);
      assert.equal(
        await wait(processes.signal({ leader: older, members }, 'SIGKILL')),
        true,
        'a member proves the group',
      );
      await until(() => run.heard.length === 2);
    });
  });
  describe(`${name}: commands`, () => {
    staged('are looked for before they are run', async ({ processes, programs, wait }) => {
      assert.equal(await wait(processes.check(programs.wait().command)), 'runnable');
      assert.equal(await wait(processes.check('no-such-command-anywhere')), 'not-in-path');
      assert.equal(await wait(processes.check('/no/such/file')), 'missing');
    });
  });
}

async function start(
  stage: ProcessesStage,
  program: { readonly command: string; readonly args: readonly string[] },
  input: string,
): Promise<Run> {
  const { root, files, wait } = stage;
  const inputPath = joinPath(root, 'stdin');
  await wait(files.create(inputPath, new TextEncoder().encode(input)));
  const records = {
    runner: joinPath(root, 'runner'),
    child: joinPath(root, 'child'),
    exit: joinPath(root, 'exit'),
  };
  const plan = { ...program, environment: {}, inputPath, outputPath: joinPath(root, 'stdout'), records };
  const run: Run = { plan, heard: [] };
  launch(stage, run);
  return run;
}

function launch({ processes }: ProcessesStage, { plan, heard }: Run): void {
  processes.start(plan, {
    started: (pid) => heard.push(`started ${pid}`),
    failed: (text) => heard.push(`failed ${text}`),
    ended: (code) => heard.push(`ended ${code}`),
  });
}

/** The group of a program that has written its first word. */
async function running(stage: ProcessesStage) {
  await stage.until(async () => (await read(stage, 'stdout')).startsWith('waiting'));
  return { leader: await record(stage, 'runner'), members: [await record(stage, 'child')] };
}

async function record(stage: ProcessesStage, name: string): Promise<ProcessIdentity> {
  const identity = readIdentityRecord(await read(stage, name));
  return identity ?? assert.fail(`${name} is no whole record`);
}

/** The content of a file; empty for one that is not there. */
async function read({ files, root, wait }: ProcessesStage, name: string): Promise<string> {
  const path = joinPath(root, name);
  const size = await wait(files.sizeOf(path));
  return size === undefined ? '' : new TextDecoder().decode(await wait(files.read(path, 1_000_000)));
}
