import type { FilePort } from '../runtime/file-port.js';
import type { NodeOptions } from './node-options.js';
import { loadProfiles } from './security/load-profiles.js';
import type { LoadedProfiles } from './security/security-profiles.js';

/** Reads the files of a node's TLS configurations; rejects with `invalid-configuration` (see `loadProfiles`). */
export async function profilesOf(options: NodeOptions, files: FilePort): Promise<LoadedProfiles> {
  const { id, tlsServers = [], tlsClients = [] } = options;
  const systemAuthorities = async () => (await import('../runtime/io/system-authorities.js')).systemAuthorities();
  return await loadProfiles({ servers: tlsServers, clients: tlsClients }, { files, self: id, systemAuthorities });
}
