import { dirname } from 'node:path';
import { unitsFolder } from '../actors/work/unit-paths.js';
import type { NodeId } from '../protocol/names.js';
import { describe } from '../runtime/errors.js';
import { FileError, type FilePort, joinPath } from '../runtime/file-port.js';
import { ConfigError } from './config/config-error.js';
import type { Plan } from './config/plan.js';

/** Is written and removed at once: only an attempt tells whether one may write. */
const PROBE_NAME = '.write-test';

/**
 * Makes the node's directory and writes a file into it, so that a node that could not keep its work does not start.
 * The reference starts, and fails at the first unit. Throws `ConfigError`.
 */
export async function prepareDataDirectory({ node, nodeItem }: Plan, files: FilePort): Promise<void> {
  const folder = unitsFolder(node.dataDir, node.id);
  const probe = joinPath(folder, PROBE_NAME);
  try {
    await makeFolders(folder, files);
    await files.remove(probe);
    await files.create(probe, new Uint8Array(0));
    await files.remove(probe);
  } catch (thrown) {
    throw new ConfigError(`the data directory ${folder} cannot be used: ${reasonOf(thrown)}`, {
      place: nodeItem?.place('datadir') ?? '',
      cure: cureFor(thrown, node.id),
    });
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
    const parent = dirname(folder);
    if (code === 'not-found' && parent !== folder) {
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

function cureFor(thrown: unknown, id: NodeId): string {
  const example = `--node id=${id} datadir=DIRECTORY`;
  return thrown instanceof FileError && thrown.code === 'full'
    ? `make room, or choose another disk: ${example}`
    : `choose a directory that this user may write to: ${example}`;
}
