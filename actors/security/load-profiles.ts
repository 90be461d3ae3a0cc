import type { NodeId } from '../../protocol/names.js';
import { describe } from '../../runtime/errors.js';
import { FileError, type FilePort } from '../../runtime/file-port.js';
import { nodeIdentity } from '../../runtime/quic/node-keys.js';
import { type Fingerprint, parseFingerprint } from '../../runtime/security/fingerprint.js';
import {
  type Credentials,
  certificatesIn,
  credentialsFrom,
  type Loaded,
  type ServerProfile,
} from '../../runtime/security/profile.js';
import { MeshError } from '../errors.js';
import { receptorNamesOf } from './receptor-names.js';
import type { LoadedProfiles, NamesCheck, NodeClientProfile, NodeServerProfile } from './security-profiles.js';
import type { TlsClientOptions, TlsConfigurations, TlsServerOptions } from './tls-options.js';

/** Bytes of a file of certificates: the bundle of a whole operating system has a quarter of that. */
const FILE_BYTES_MAX = 1_048_576;

type Authorities = ServerProfile['authorities'];

/** Where profiles are read from, and for whom. */
export interface ProfileSource {
  readonly files: FilePort;
  readonly self: NodeId;
  /** The authorities of this machine; asked for where a configuration names none. */
  systemAuthorities(): Promise<Authorities>;
}

/**
 * Reads the files of all TLS configurations. Rejects with a `MeshError` of code `invalid-configuration` at the first
 * that is not good, in the words of the reference; `data` has the `field` at fault (`tlsServers[0].cert`), and the same
 * as a configuration has it: `section` (`tls-server` or `tls-client`), `at` among those of its kind, `parameter`.
 */
export async function loadProfiles(configurations: TlsConfigurations, source: ProfileSource): Promise<LoadedProfiles> {
  const servers = new Map<string, NodeServerProfile>();
  const clients = new Map<string, NodeClientProfile>();
  for (const [at, options] of configurations.servers.entries()) {
    const place = { kind: 'server', at, name: options.name } as const;
    servers.set(options.name, await serverProfile(options, new Section(place, source)));
  }
  for (const [at, options] of configurations.clients.entries()) {
    const place = { kind: 'client', at, name: options.name } as const;
    clients.set(options.name, await clientProfile(options, new Section(place, source)));
  }
  return { servers, clients };
}

async function serverProfile(options: TlsServerOptions, section: Section): Promise<NodeServerProfile> {
  const { requireClientCert = false, clientCas } = options;
  // With authorities alone the reference refuses clients without a certificate, too (mesh-protocol 7).
  const clients = requireClientCert || clientCas !== undefined ? 'certified' : 'anybody';
  return {
    ...(await commonParts(options, section)),
    clients,
    // Nobody is judged where everybody may come.
    authorities: clients === 'anybody' ? [] : await section.authorities('clientCas', clientCas),
    pins: section.pins('pinnedClientCert', options.pinnedClientCert ?? []),
  };
}

async function clientProfile(options: TlsClientOptions, section: Section): Promise<NodeClientProfile> {
  return {
    ...(await commonParts(options, section)),
    verification: options.insecureSkipVerify === true ? 'none' : 'full',
    authorities: await section.authorities('rootCas', options.rootCas),
    pins: section.pins('pinnedServerCert', options.pinnedServerCert ?? []),
  };
}

async function commonParts(options: TlsServerOptions | TlsClientOptions, section: Section) {
  const { cert, key, skipReceptorNamesCheck = false, minTls13 = true } = options;
  const names: NamesCheck = skipReceptorNamesCheck ? 'skipped' : 'checked';
  const credentials = await section.credentials(cert, key);
  if (names === 'checked') {
    section.demandOwnName(credentials, cert);
  }
  return { credentials, names, minVersion: minTls13 ? 'TLSv1.3' : 'TLSv1.2' } as const;
}

/** Which configuration is read. */
interface SectionPlace {
  readonly kind: 'server' | 'client';
  /** Its number among those of its kind, from 0. */
  readonly at: number;
  readonly name: string;
}

type Parameter = keyof TlsServerOptions | keyof TlsClientOptions;

/** One configuration while it is read: every fault names it. */
class Section {
  readonly #place: SectionPlace;
  readonly #source: ProfileSource;

  constructor(place: SectionPlace, source: ProfileSource) {
    this.#place = place;
    this.#source = source;
  }

  async credentials(cert: string, key: string): Promise<Credentials> {
    const [certificates, keyText] = [await this.#text('cert', cert), await this.#text('key', key)];
    this.#demand(certificatesIn(certificates), 'cert', cert);
    const credentials = this.#demand(credentialsFrom(certificates, keyText), 'key', key);
    try {
      nodeIdentity({ certificates, key: keyText });
    } catch {
      this.#fail('key', `${key}: private key of a kind or size that TLS 1.3 does not sign with`);
    }
    return credentials;
  }

  async authorities(parameter: Parameter, file: string | undefined): Promise<Authorities> {
    return file === undefined
      ? await this.#source.systemAuthorities()
      : this.#demand(certificatesIn(await this.#text(parameter, file)), parameter, file);
  }

  pins(parameter: Parameter, texts: readonly string[]): readonly Fingerprint[] {
    return texts.map((text) => {
      const pin = parseFingerprint(text);
      return pin ?? this.#fail(parameter, 'fingerprints must be 32 or 64 bytes for sha256 or sha512');
    });
  }

  /** The reference calls it a server's certificate for clients, too; operators look for these words. */
  demandOwnName({ chain }: Credentials, file: string): void {
    const { self } = this.#source;
    const names = chain[0] === undefined ? [] : receptorNamesOf(new Uint8Array(chain[0].raw));
    if (!names.includes(self)) {
      this.#fail(
        'cert',
        `nodeID=${self} not found in certificate name(s); names found=[${names.join(' ')}]; ` +
          `cfg section=${this.#place.name}; server cert=${file}`,
      );
    }
  }

  async #text(parameter: Parameter, file: string): Promise<string> {
    try {
      return new TextDecoder().decode(await this.#source.files.read(file, FILE_BYTES_MAX));
    } catch (thrown) {
      const isMissing = thrown instanceof FileError && thrown.code === 'not-found';
      return this.#fail(parameter, isMissing ? `open ${file}: no such file or directory` : describe(thrown));
    }
  }

  #demand<T>(loaded: Loaded<T>, parameter: Parameter, file: string): T {
    return loaded.ok ? loaded.value : this.#fail(parameter, `${file}: ${loaded.text}`);
  }

  #fail(parameter: Parameter, text: string): never {
    const { kind, at } = this.#place;
    throw new MeshError('invalid-configuration', `error preparing tls ${kind} config: ${text}`, {
      field: `${kind === 'server' ? 'tlsServers' : 'tlsClients'}[${at}].${parameter}`,
      section: `tls-${kind}`,
      at,
      parameter: parameter.toLowerCase(),
    });
  }
}
