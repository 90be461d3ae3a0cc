import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { watchFolder } from '../../../../runtime/io/folder-watch.js';
import { realStage } from './real-stage.js';

describe('a watch of a folder', () => {
  it('makes one call of many changes, and sees what came last', async () => {
    const { root, until, dispose } = await realStage();
    let calls = 0;
    const watch = watchFolder(root, () => {
      calls += 1;
    });
    const path = join(root, 'log');
    const writes = 2_000;
    for (let count = 0; count < writes; count += 1) {
      await appendFile(path, 'line\n');
    }
    await until(() => calls > 0);

    calls = 0;
    await writeFile(join(root, 'last'), 'x');
    await until(() => calls > 0);
    assert.ok(calls < writes);
    watch.close();
    await dispose();
  });

  it('goes on after a flood of changes', async () => {
    const { root, until, dispose } = await realStage();
    let calls = 0;
    const watch = watchFolder(root, () => {
      calls += 1;
    });
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 300; count += 1) {
        await appendFile(join(root, 'log'), 'line\n');
      }
      calls = 0;
      await writeFile(join(root, `round-${round}`), 'x');
      await until(() => calls > 0);
    }
    watch.close();
    await dispose();
  });
});
