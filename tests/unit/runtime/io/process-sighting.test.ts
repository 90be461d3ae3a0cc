import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pid } from 'node:process';
import { describe, it } from 'node:test';
import { readPs, sightingOf } from '../../../../runtime/io/process-sighting.js';

describe('the sighting of a process', () => {
  it('is the same for one that lives on', async () => {
    const first = await sightingOf(pid);
    const second = await sightingOf(pid);

    assert.ok(first !== undefined);
    assert.deepEqual(second, first);
    assert.match(first.birth, /^\d+$/);
  });

  it('is none for a pid that nobody has, and for a child that has ended', async () => {
    const child = spawn('true', { stdio: 'ignore' });
    const childPid = child.pid ?? 0;
    await once(child, 'exit');

    assert.equal(await sightingOf(childPid), undefined);
    assert.equal(await sightingOf(2 ** 30), undefined);
  });

  it('tells the group of one that leads its own', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
    await once(child, 'spawn');

    const seen = await sightingOf(child.pid ?? 0);

    assert.equal(seen?.group, child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('comes from ps where there is no /proc', () => {
    assert.deepEqual(readPs('  812 Ss   Fri Nov 20 23:13:58 2026    \n'), {
      boot: '-',
      birth: 'Fri Nov 20 23:13:58 2026',
      group: 812,
    });
    assert.equal(readPs('  812 Z+   Fri Nov 20 23:13:58 2026\n'), undefined);
    assert.equal(readPs(''), undefined);
  });
});
