import assert from 'node:assert/strict';
import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { describe, it } from 'node:test';
import { FileError } from '../../../../runtime/file-port.js';
import { systemFiles } from '../../../../runtime/io/files.js';
import { filesContract } from '../../../contract/files.js';
import { realStage } from './real-stage.js';

filesContract('files of this machine', async () => ({ ...(await realStage()), files: systemFiles }));

describe('files of this machine', () => {
  it('are for their owner alone', async () => {
    const { root, dispose } = await realStage();
    const folder = join(root, 'a', 'b');
    await systemFiles.makeFolder(folder);
    await systemFiles.makeNewFolder(join(root, 'c'));
    await systemFiles.replace(join(folder, 'replaced'), new Uint8Array(1));
    await systemFiles.create(join(folder, 'created'), new Uint8Array(1));
    await (await systemFiles.openAppend(join(folder, 'appended'))).close();

    const modes = await Promise.all(
      [folder, join(root, 'c'), ...['replaced', 'created', 'appended'].map((name) => join(folder, name))].map(
        async (path) => (await stat(path)).mode & 0o777,
      ),
    );
    assert.deepEqual(modes, [0o700, 0o700, 0o600, 0o600, 0o600]);
    await dispose();
  });

  it('are read whole although they are larger than they say', async () => {
    const cpus = await systemFiles.read('/proc/self/status', 1_000_000);

    assert.ok(cpus.length > 100);
    await assert.rejects(systemFiles.read('/proc/self/status', 50), { code: 'too-large' });
  });

  it('report a fault with a code, the path and what the system said', async () => {
    const { root, dispose } = await realStage();
    await writeFile(join(root, 'file'), 'x');

    await assert.rejects(systemFiles.read(join(root, 'file', 'below'), 10), (error) => {
      assert.ok(error instanceof FileError);
      assert.equal(error.code, 'not-found');
      assert.equal(error.systemCode, 'ENOTDIR');
      assert.match(error.message, /not a directory/);
      return true;
    });
    await dispose();
  });

  it('that may not be touched are denied', {
    skip: getuid?.() === 0 ? 'root may touch everything' : false,
  }, async () => {
    const { root, dispose } = await realStage();
    await mkdir(join(root, 'locked'));
    await chmod(join(root, 'locked'), 0);

    await assert.rejects(systemFiles.create(join(root, 'locked', 'file'), new Uint8Array(0)), { code: 'denied' });
    await dispose();
  });

  it('are removed, not what they point to', async () => {
    const { root, dispose } = await realStage();
    await mkdir(join(root, 'kept'));
    await writeFile(join(root, 'kept', 'file'), 'x');
    await mkdir(join(root, 'removed'));
    await symlink(join(root, 'kept'), join(root, 'removed', 'link'));

    await systemFiles.remove(join(root, 'removed'));

    assert.equal(await systemFiles.sizeOf(join(root, 'kept', 'file')), 1);
    await dispose();
  });
});
