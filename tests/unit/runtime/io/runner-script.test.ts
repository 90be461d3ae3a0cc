import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runnerArguments, SHELL } from '../../../../runtime/io/runner-script.js';
import { readExitRecord, readIdentityRecord } from '../../../../runtime/process-port.js';
import { realStage } from './real-stage.js';

/** Shells that may be `/bin/sh`; the runner must be plain enough for each that this machine has. */
const SHELLS = [SHELL, 'dash', 'bash', 'busybox'].filter((shell) => {
  return spawnSync(shell, shell === 'busybox' ? ['true'] : ['-c', 'true']).status === 0;
});

function runIn(shell: string, root: string, program: readonly string[]): number | null {
  const path = (name: string): string => join(root, name);
  const paths = {
    runner: path('runner'),
    child: path('child'),
    exit: path('exit'),
    input: path('stdin'),
    output: path('stdout'),
  };
  const words = runnerArguments(paths, program);
  const first = shell === 'busybox' ? ['sh'] : shell === 'bash' ? ['--posix'] : [];
  return spawnSync(shell, [...first, ...words], { stdio: 'ignore' }).status;
}

describe('the runner script', () => {
  for (const shell of SHELLS) {
    it(`leaves whole records under ${shell}`, async () => {
      const { root, dispose } = await realStage();
      writeFileSync(join(root, 'stdin'), 'input');

      const status = runIn(shell, root, ['sh', '-c', 'cat; exit 4']);

      const text = (name: string): string => readFileSync(join(root, name), 'utf8');
      assert.equal(status, 4);
      assert.equal(text('stdout'), 'input');
      assert.equal(readExitRecord(text('exit')), 4);
      assert.ok(readIdentityRecord(text('runner')) !== undefined);
      assert.ok(readIdentityRecord(text('child')) !== undefined);
      await dispose();
    });

    it(`keeps its records for the owner alone under ${shell}, and leaves the umask of the program as it was`, async () => {
      const { root, dispose } = await realStage();
      writeFileSync(join(root, 'stdin'), '');
      const before = process.umask(0o026);

      runIn(shell, root, ['sh', '-c', 'umask']);
      process.umask(before);

      const modeOf = (name: string): string => (statSync(join(root, name)).mode & 0o777).toString(8);
      assert.deepEqual(['runner', 'child', 'exit'].map(modeOf), ['600', '600', '600']);
      assert.equal(Number.parseInt(readFileSync(join(root, 'stdout'), 'utf8'), 8), 0o026);
      await dispose();
    });

    it(`tells the signal that ended the program under ${shell}, and refuses a second run`, async () => {
      const { root, dispose } = await realStage();
      writeFileSync(join(root, 'stdin'), '');

      assert.equal(runIn(shell, root, ['sh', '-c', 'kill -9 $$']), 137);
      assert.equal(runIn(shell, root, ['echo', 'again']), 125);

      assert.equal(readFileSync(join(root, 'stdout'), 'utf8'), '');
      await dispose();
    });
  }
});
