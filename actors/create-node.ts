import { systemPorts } from '../runtime/io/system-ports.js';
import { type CreateNodeOptions, checkedOptions } from './checked-options.js';
import { prepareDataDirectory } from './data-directory.js';
import { MeshNode } from './mesh-node.js';
import { DATA_DIR_DEFAULT } from './node-options.js';
import { profilesOf } from './node-profiles.js';
import { SecurityProfiles } from './security/security-profiles.js';
import { unitsFolder } from './work/unit-paths.js';

/**
 * Starts a node on this machine. Resolves when all its parts are ready; rejects with a `MeshError` of code
 * `invalid-configuration` (its data name the `field`) or `start-failed`, and then nothing of it is left.
 *
 * ```ts
 * const node = await createNode({
 *   id: 'alpha',
 *   listeners: [{ address: { transport: 'tcp', host: '0.0.0.0', portNumber: 2222 } }],
 * });
 * console.log(await node.view());
 * await node.stop();
 * ```
 */
export async function createNode(options: CreateNodeOptions): Promise<MeshNode> {
  // The library of patterns costs start-up time; without rules it is not loaded.
  const pattern = options?.firewall === undefined ? undefined : await import('./pattern.js');
  const checked = checkedOptions(options, pattern?.compilePattern);
  await prepareDataDirectory(unitsFolder(checked.dataDir ?? DATA_DIR_DEFAULT, checked.id), systemPorts.files);
  const security = new SecurityProfiles(await profilesOf(checked, systemPorts.files));
  const node = new MeshNode(checked, systemPorts, security);
  await node.started;
  return node;
}
