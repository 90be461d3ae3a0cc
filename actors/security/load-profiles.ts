import type { X509Certificate } from 'node:crypto';
import type { NodeId } from '../../protocol/names.js';
import { describe } from '../../runtime/errors.js';
import { FileError, type FilePort } from '../../runtime/file-port.js';
import { type Fingerprint, parseFingerprint } from '../../runtime/security/fingerprint.js';
import { type Credentials, certificatesIn, credentialsFrom, type Loaded } from '../../runtime/security/profile.js';
import { MeshError } from '../errors.js';
import { receptorNamesOf } from './receptor-names.js';
import type { LoadedProfiles, NamesCheck, NodeClientProfile, NodeServerProfile } from './security-profiles.js';
import type { TlsClientOptions, TlsConfigurations, TlsServerOptions } from './tls-options.js';

/** Bytes of a file of certificates: the bundle of a whole operating system has a quarter of that. */
const FILE_BYTES_MAX = 1_048_576;

/** Where profiles are read from, and for whom. */
export interface ProfileSource {
  readonly files: FilePort;
  readonly self: NodeId;
  /** The authorities of this machine; asked for where a configuration names none. */
  systemAuthorities(): Promise<readonly X509Certificate[]>;
}

/**
 * Reads the files of all TLS configurations. Rejects with a `MeshError` of code `invalid-configuration` at the first
 * that is not good, in the words of the reference; `data` has `section` (`tls-server` or `tls-client`), `name`, and the
 * `parameter` that is at fault.
 */
export async function loadProfiles(configurations: TlsConfigurations, source: ProfileSource): Promise<LoadedProfiles> {
  const servers = new Map<string, NodeServerProfile>();
  const clients = new Map<string, NodeClientProfile>();
  for (const options of configurations.servers) {
    servers.set(options.name, await serverProfile(options, new Section('tls-server', options.name, source)));
  }
  for (const options of configurations.clients) {
    clients.set(options.name, await clientProfile(options, new Section('tls-client', options.name, source)));
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
    authorities: await section.authorities('clientcas', clientCas),
    pins: section.pins('pinnedclientcert', options.pinnedClientCert ?? []),
  };
}

async function clientProfile(options: TlsClientOptions, section: Section): Promise<NodeClientProfile> {
  return {
    ...(await commonParts(options, section)),
    verification: options.insecureSkipVerify === true ? 'none' : 'full',
    authorities: await section.authorities('rootcas', options.rootCas),
    pins: section.pins('pinnedservercert', options.pinnedServerCert ?? []),
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

/** One configuration while it is read: every fault names it. */
class Section {
  readonly #kind: 'tls-server' | 'tls-client';
  readonly #name: string;
  readonly #source: ProfileSource;

  constructor(kind: 'tls-server' | 'tls-client', name: string, source: ProfileSource) {
    this.#kind = kind;
    this.#name = name;
    this.#source = source;
  }

  async credentials(cert: string, key: string): Promise<Credentials> {
    const read = credentialsFrom(await this.#text('cert', cert), await this.#text('key', key));
    return this.#demand(read, read.ok || read.text.startsWith('certificate') ? 'cert' : 'key', cert);
  }

  async authorities(parameter: string, file: string | undefined): Promise<readonly X509Certificate[]> {
    return file === undefined
      ? await this.#source.systemAuthorities()
      : this.#demand(certificatesIn(await this.#text(parameter, file)), parameter, file);
  }

  pins(parameter: string, texts: readonly string[]): readonly Fingerprint[] {
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
          `cfg section=${this.#name}; server cert=${file}`,
      );
    }
  }

  async #text(parameter: string, file: string): Promise<string> {
    try {
      return new TextDecoder().decode(await this.#source.files.read(file, FILE_BYTES_MAX));
    } catch (thrown) {
      const isMissing = thrown instanceof FileError && thrown.code === 'not-found';
      return this.#fail(parameter, isMissing ? `open ${file}: no such file or directory` : describe(thrown));
    }
  }

  #demand<T>(loaded: Loaded<T>, parameter: string, file: string): T {
    return loaded.ok ? loaded.value : this.#fail(parameter, `${file}: ${loaded.text}`);
  }

  #fail(parameter: string, text: string): never {
    const [, side = ''] = this.#kind.split('-');
    throw new MeshError('invalid-configuration', `error preparing tls ${side} config: ${text}`, {
      section: this.#kind,
      name: this.#name,
      parameter,
    });
  }
}
