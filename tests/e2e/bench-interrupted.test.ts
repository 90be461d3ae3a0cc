import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('../bench/run.js', import.meta.url));

/** Far above what the first daemon of a bench takes to come up. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 10;

/** Command lines of this machine that name the folder. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it ended between the listing and the look
  }
}

async function until(holds: () => boolean): Promise<boolean> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!holds() && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return holds();
}

describe('a bench that is interrupted', { skip: !existsSync('/proc/self/cmdline') && 'no /proc here' }, () => {
  it('leaves neither a daemon nor a file behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-interrupted-'));
    const env = { ...process.env, TMPDIR: folder, RECEPTOR_REF: undefined };
    const bench = spawn(process.execPath, [BENCH, 'across'], { stdio: 'ignore', env });
    const ended = new Promise((resolve) => {
      bench.once('exit', resolve);
    });
    assert.ok(await until(() => processesOf(folder).length > 0), 'no daemon came up');

    bench.kill('SIGTERM');

    assert.equal(await ended, 143);
    assert.ok(await until(() => processesOf(folder).length === 0), processesOf(folder).join('\n'));
    assert.deepEqual(readdirSync(folder), []);
    rmSync(folder, { recursive: true, force: true });
  });
});
