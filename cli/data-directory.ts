import { prepareDataDirectory } from '../actors/data-directory.js';
import { MeshError } from '../actors/errors.js';
import { unitsFolder } from '../actors/work/unit-paths.js';
import type { NodeId } from '../protocol/names.js';
import type { FilePort } from '../runtime/file-port.js';
import { ConfigError } from './config/config-error.js';
import type { Plan } from './config/plan.js';

/** Makes and tries the node's directory; throws a `ConfigError` that tells where it was asked for. */
export async function preparePlannedDirectory({ node, nodeItem }: Plan, files: FilePort): Promise<void> {
  try {
    await prepareDataDirectory(unitsFolder(node.dataDir, node.id), files);
  } catch (thrown) {
    if (!(thrown instanceof MeshError)) {
      throw thrown;
    }
    const place = nodeItem?.place('datadir') ?? '';
    throw new ConfigError(thrown.message, { place, cure: cureFor(thrown, node.id) });
  }
}

function cureFor({ data }: MeshError, id: NodeId): string {
  const example = `--node id=${id} datadir=DIRECTORY`;
  return data['code'] === 'full'
    ? `make room, or choose another disk: ${example}`
    : `choose a directory that this user may write to: ${example}`;
}
