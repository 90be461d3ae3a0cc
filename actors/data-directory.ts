import { describe } from '../runtime/errors.js';
import { FileError, type FilePort, joinPath, parentPath } from '../runtime/file-port.js';
import { MeshError } from './errors.js';

/** Is written and removed at once: only an attempt tells whether one may write. */
const PROBE_NAME = '.write-test';

/**
 * Makes the folder of a node's units and writes a file into it, so that a node that could not keep its work does not
 * start. The reference starts, and fails at the first unit. Rejects with a `MeshError` of code `invalid-configuration`
 * whose data names the `field`, the `folder` and the file system's `code`.
 */
export async function prepareDataDirectory(folder: string, files: FilePort): Promise<void> {
  const probe = joinPath(folder, PROBE_NAME);
  try {
    await makeFolders(folder, files);
    await files.remove(probe);
    await files.create(probe, new Uint8Array(0));
    await files.remove(probe);
  } catch (thrown) {
    const code = thrown instanceof FileError ? thrown.code : 'failed';
    const text = `the data directory ${folder} cannot be used: ${reasonOf(thrown)}`;
    throw new MeshError('invalid-configuration', text, { field: 'dataDir', folder, code }, thrown);
  }
}

/**
 * One folder after the other, from the first that is missing: where a file system refuses all folders (`/proc`), Node's
 * own recursive call never ends.
 */
async function makeFolders(folder: string, files: FilePort): Promise<void> {
  try {
    await files.makeNewFolder(folder);
  } catch (thrown) {
    const code = thrown instanceof FileError ? thrown.code : 'failed';
    const parent = parentPath(folder);
    if (code === 'not-found' && parent !== undefined) {
      await makeFolders(parent, files);
      await files.makeNewFolder(folder);
    } else if (code !== 'exists') {
      throw thrown;
    }
  }
}

function reasonOf(thrown: unknown): string {
  const words = thrown instanceof FileError ? WORDS.get(thrown.systemCode ?? '') : undefined;
  return words ?? describe(thrown);
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EROFS', 'read-only file system'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['EEXIST', 'a file of this name is in the way'],
  ['ENOENT', 'it cannot be made'],
  ['ENOSPC', 'no space left on device'],
]);
