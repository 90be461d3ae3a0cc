import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../../../actors/version.js';

const MAIN = fileURLToPath(new URL('../../../bin/receptor.js', import.meta.url));

function run(...words: readonly string[]) {
  const env = { ...process.env, RECEPTORCTL_SOCKET: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

describe('the program', () => {
  it('can be run by its name', () => {
    assert.match(readFileSync(MAIN, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  });

  it('helps whoever gives it nothing to do', () => {
    const { status, stdout, stderr } = run();

    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^receptor \d/);
  });

  it('shows the face that is asked for', () => {
    assert.deepEqual(run('--version'), { status: 0, stdout: `${VERSION}\n`, stderr: '' });
    assert.match(run('version').stdout, /^receptor /);
    assert.deepEqual(run('help', 'demo'), run('demo', '--help'));
    assert.match(run('help', 'demo').stdout, /^receptor demo: /);
    assert.equal(run('--nonsense').status, 1);
    assert.equal(run('nonsense').status, 2);
  });
});
