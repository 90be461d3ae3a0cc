import type { ClientProfile, ServerProfile } from '../../runtime/security/profile.js';
import { MeshError } from '../errors.js';

/** Node ids in certificates are looked at, or not (`skipreceptornamescheck`). */
export type NamesCheck = 'checked' | 'skipped';

export interface NodeServerProfile extends ServerProfile {
  readonly names: NamesCheck;
}

export interface NodeClientProfile extends ClientProfile {
  readonly names: NamesCheck;
}

/** What was read of all TLS configurations of a node, by their names. */
export interface LoadedProfiles {
  readonly servers: ReadonlyMap<string, NodeServerProfile>;
  readonly clients: ReadonlyMap<string, NodeClientProfile>;
}

export const NO_PROFILES: LoadedProfiles = { servers: new Map(), clients: new Map() };

/**
 * The TLS profiles of a node as of now. Whoever opens a session asks here each time, so that profiles which were
 * replaced count from the next session on; sessions that stand are not touched.
 */
export class SecurityProfiles {
  #loaded: LoadedProfiles;

  constructor(loaded: LoadedProfiles = NO_PROFILES) {
    this.#loaded = loaded;
  }

  get all(): LoadedProfiles {
    return this.#loaded;
  }

  /** Throws `invalid-configuration` for a name that nobody has defined. */
  server(name: string): NodeServerProfile {
    return known(this.#loaded.servers.get(name), name);
  }

  /** As `server`. */
  client(name: string): NodeClientProfile {
    return known(this.#loaded.clients.get(name), name);
  }

  findServer(name: string): NodeServerProfile | undefined {
    return this.#loaded.servers.get(name);
  }

  /** As `client`, for names that a user gives while the node runs. */
  findClient(name: string): NodeClientProfile | undefined {
    return this.#loaded.clients.get(name);
  }

  /** All at once, or nothing. */
  replace(loaded: LoadedProfiles): void {
    this.#loaded = loaded;
  }
}

function known<T>(profile: T | undefined, name: string): T {
  if (profile === undefined) {
    throw new MeshError('invalid-configuration', `unknown TLS config ${name}`, { name });
  }
  return profile;
}
