import { resolve } from 'node:path';
import type { TlsClientOptions, TlsServerOptions } from '../../actors/security/tls-options.js';
import { parseFingerprint } from '../../runtime/security/fingerprint.js';
import type { ConfigItem } from './config-item.js';

/** A `tls-server` (mesh-protocol 7). The files are read when the node starts. */
export function tlsServerOf(item: ConfigItem): TlsServerOptions {
  const clientCas = item.text('clientcas');
  return {
    ...commonOf(item),
    requireClientCert: item.truth('requireclientcert'),
    ...(clientCas === '' ? {} : { clientCas: resolve(clientCas) }),
    pinnedClientCert: pinsOf(item, 'pinnedclientcert'),
  };
}

/** A `tls-client`. */
export function tlsClientOf(item: ConfigItem): TlsClientOptions {
  const rootCas = item.text('rootcas');
  return {
    ...commonOf(item),
    ...(rootCas === '' ? {} : { rootCas: resolve(rootCas) }),
    insecureSkipVerify: item.truth('insecureskipverify'),
    pinnedServerCert: pinsOf(item, 'pinnedservercert'),
  };
}

function commonOf(item: ConfigItem) {
  return {
    name: item.text('name'),
    cert: resolve(item.text('cert')),
    key: resolve(item.text('key')),
    skipReceptorNamesCheck: item.truth('skipreceptornamescheck'),
    minTls13: item.truth('mintls13'),
  };
}

function pinsOf(item: ConfigItem, parameter: string): readonly string[] {
  const pins = item.texts(parameter) ?? [];
  const wrong = pins.find((pin) => parseFingerprint(pin) === undefined);
  if (wrong !== undefined) {
    const [, side = ''] = item.entity.name.split('-');
    throw item.error(
      `error preparing tls ${side} config: fingerprints must be 32 or 64 bytes for sha256 or sha512`,
      'hex digits are expected, with or without colons: openssl x509 -noout -fingerprint -sha256 -in FILE',
      parameter,
    );
  }
  return pins;
}

/** Names of the TLS configurations that there are. */
export interface TlsNames {
  readonly servers: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
}

/** The name in a parameter, if there is one; throws for a name that nobody has defined. */
export function tlsNameOf(item: ConfigItem, parameter: string, known: ReadonlySet<string>): { readonly tls?: string } {
  const name = item.text(parameter);
  if (name === '') {
    return {};
  }
  if (!known.has(name)) {
    const all = Array.from(known).join(', ');
    throw item.error(
      `unknown TLS config ${name}`,
      all === '' ? 'define it first: see tls-server and tls-client in receptor --help' : `there are: ${all}`,
      parameter,
    );
  }
  return { tls: name };
}
