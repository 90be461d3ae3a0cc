import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemFiles } from '../../../../runtime/io/files.js';
import { checkCommand, systemProcesses } from '../../../../runtime/io/processes.js';
import type { DetachedPlan } from '../../../../runtime/process-port.js';
import { type Programs, processesContract } from '../../../contract/processes.js';
import { realStage, until } from './real-stage.js';

const shell = (script: string, ...args: readonly string[]) => ({ command: 'sh', args: ['-c', script, 'sh', ...args] });

const PROGRAMS: Programs = {
  report: (argument) => shell('printf "hello %s\\n" "$1"; cat; exit 3', argument),
  // The shell must not wait for another program: the signal is for the whole group, but it would be heard late.
  wait: () => shell('echo waiting; exec sleep 1000'),
  hear: () => shell('trap "echo heard; exit 7" INT; echo waiting; while :; do sleep 0.01; done'),
};

processesContract('processes of this machine', async () => ({
  ...(await realStage()),
  files: systemFiles,
  processes: systemProcesses,
  programs: PROGRAMS,
}));

/** Runs a program to its end; returns what was heard, and its output. */
async function run(
  root: string,
  program: { readonly command: string; readonly args: readonly string[] },
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly heard: readonly string[]; readonly output: string }> {
  const path = (name: string): string => join(root, name);
  await systemFiles.create(path('stdin'), new Uint8Array(0));
  const plan: DetachedPlan = {
    ...program,
    environment,
    inputPath: path('stdin'),
    outputPath: path('stdout'),
    records: { runner: path('runner'), child: path('child'), exit: path('exit') },
  };
  const heard: string[] = [];
  systemProcesses.start(plan, {
    started: () => heard.push('started'),
    failed: (text) => heard.push(`failed ${text}`),
    ended: (code) => heard.push(`ended ${code}`),
  });
  await until(() => heard.some((word) => !word.startsWith('started')));
  const size = await systemFiles.sizeOf(path('stdout'));
  const output = size === undefined ? '' : new TextDecoder().decode(await systemFiles.read(path('stdout'), 1_000_000));
  return { heard, output };
}

describe('a program of this machine', () => {
  it('gets its arguments as they are, and never as shell text', async () => {
    const { root, dispose } = await realStage();
    const strange = ['$(echo no)', '`echo no`', '; exit 9', '*', "'", '"', '\\', 'a\nb', ''];
    const { output } = await run(root, { command: 'printf', args: ['[%s]', ...strange] });

    assert.equal(output, strange.map((argument) => `[${argument}]`).join(''));
    await dispose();
  });

  it('has our environment and what was added to it, and none of the variables of its runner', async () => {
    const { root, dispose } = await realStage();
    const { output } = await run(root, { command: 'env', args: [] }, { RECEPTOR_TEST: 'x y' });

    const names = output.split('\n').map((line) => line.split('=')[0]);
    assert.match(output, /^RECEPTOR_TEST=x y$/m);
    assert.ok(names.includes('PATH'));
    assert.deepEqual(
      names.filter((name) => name?.startsWith('_') && name !== '_'),
      [],
    );
    await dispose();
  });

  it('is in a session and a group of its own, led by its runner', async () => {
    const { root, dispose } = await realStage();
    const { output } = await run(root, shell('cut -d" " -f4-6 /proc/$$/stat'));
    const [parent, group, session] = output.trim().split(' ');
    const runner = new TextDecoder().decode(await systemFiles.read(join(root, 'runner'), 100)).split(' ')[0];

    assert.deepEqual([parent, group, session], [runner, runner, runner]);
    await dispose();
  });

  it('leaves no word of its shell in the output, however it ends', async () => {
    for (const signal of ['KILL', 'SEGV', 'TERM', 'ABRT']) {
      const { root, dispose } = await realStage();
      const { output, heard } = await run(root, shell(`kill -${signal} $$`));

      assert.equal(output, '');
      assert.match(heard.at(-1) ?? '', /^ended 1[0-9][0-9]$/);
      await dispose();
    }
  });

  it('answers SIGINT although it was started in the background', async () => {
    const { root, dispose } = await realStage();
    const { heard } = await run(root, shell('kill -INT $$; echo survived'));

    assert.equal(heard.at(-1), 'ended 130');
    await dispose();
  });

  it('that cannot be started at all is a failure, not a throw', async () => {
    const { root, dispose } = await realStage();
    const { heard } = await run(root, { command: 'echo', args: ['a\0b'] });

    assert.equal(heard.length, 1);
    assert.match(heard[0] ?? '', /^failed .*null bytes/);
    await dispose();
  });
});

describe('the look for a command', () => {
  it('goes along the search path, past what cannot be run', async () => {
    const { root, dispose } = await realStage();
    await mkdir(join(root, 'a', 'tool'), { recursive: true });
    await mkdir(join(root, 'b'));
    await writeFile(join(root, 'b', 'tool'), '');
    await mkdir(join(root, 'c'));
    await writeFile(join(root, 'c', 'tool'), '#!/bin/sh\n');
    await chmod(join(root, 'c', 'tool'), 0o755);
    const path = (...folders: readonly string[]): string => folders.map((folder) => join(root, folder)).join(':');

    assert.equal(checkCommand('tool', path('a', 'b')), 'not-in-path');
    assert.equal(checkCommand('tool', path('a', 'b', 'c')), 'runnable');
    assert.equal(checkCommand('tool', ''), 'not-in-path');
    assert.equal(checkCommand('', path('c')), 'not-in-path');
    await dispose();
  });

  it('takes a name with a slash for a path', async () => {
    const { root, dispose } = await realStage();
    await writeFile(join(root, 'plain'), '');

    assert.equal(checkCommand('/bin/sh', ''), 'runnable');
    assert.equal(checkCommand(join(root, 'plain'), ''), 'denied');
    assert.equal(checkCommand(root, ''), 'denied');
    assert.equal(checkCommand(join(root, 'nothing'), ''), 'missing');
    assert.equal(checkCommand(join(root, 'plain', 'below'), ''), 'missing');
    await dispose();
  });
});
