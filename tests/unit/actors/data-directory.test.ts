import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { prepareDataDirectory } from '../../../actors/data-directory.js';
import { MeshError } from '../../../actors/errors.js';
import { FileError, type FilePort } from '../../../runtime/file-port.js';
import { systemFiles } from '../../../runtime/io/files.js';
import { realStage } from '../runtime/io/real-stage.js';

async function refusalOf(folder: string, files: FilePort): Promise<MeshError> {
  try {
    await prepareDataDirectory(folder, files);
  } catch (thrown) {
    assert.ok(thrown instanceof MeshError, `${thrown}`);
    assert.equal(thrown.code, 'invalid-configuration');
    return thrown;
  }
  return assert.fail('it was taken');
}

describe('the data directory of a node', () => {
  it('is made with all that is above it, for the owner alone, and stays empty', async () => {
    const { root, dispose } = await realStage();
    const folder = join(root, 'a', 'b', 'alpha');

    await prepareDataDirectory(folder, systemFiles);
    await prepareDataDirectory(folder, systemFiles);

    assert.deepEqual(readdirSync(folder), []);
    await dispose();
  });

  it('is refused where a file is in the way, and nothing is changed', async () => {
    const { root, dispose } = await realStage();
    writeFileSync(join(root, 'file'), '');

    const error = await refusalOf(join(root, 'file', 'alpha'), systemFiles);

    assert.match(error.message, /cannot be used: a part of the path is not a directory/);
    assert.equal(error.data['field'], 'dataDir');
    assert.equal(error.data['folder'], join(root, 'file', 'alpha'));
    await dispose();
  });

  it('is refused where it cannot be written to', { skip: isRoot() && 'root may write everywhere' }, async () => {
    const { root, dispose } = await realStage();
    chmodSync(root, 0o500);

    const error = await refusalOf(join(root, 'alpha'), systemFiles);

    assert.match(error.message, /cannot be used: permission denied/);
    assert.equal(existsSync(join(root, 'alpha')), false);
    chmodSync(root, 0o700);
    await dispose();
  });

  it('tells a full disk, which is no matter of rights, by its code', async () => {
    const full: FilePort = {
      ...systemFiles,
      makeNewFolder: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      create: (path) => Promise.reject(new FileError('full', path, 'no space', 'ENOSPC')),
    };

    const error = await refusalOf('/data/alpha', full);

    assert.equal(error.data['code'], 'full');
    assert.match(error.message, /no space left on device/);
  });

  it('is given up where not even the topmost folder can be made', async () => {
    const nowhere: FilePort = {
      ...systemFiles,
      makeNewFolder: (path) => Promise.reject(new FileError('not-found', path, 'not found', 'ENOENT')),
    };

    assert.match((await refusalOf('/data/alpha', nowhere)).message, /it cannot be made/);
  });
});

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
