import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { describe } from '../errors.js';
import type { Fingerprint } from './fingerprint.js';

/** A certificate as Node reads it, as far as it is looked at: the types of Node stay out of those of our users. */
export interface Certificate {
  /** DER. */
  readonly raw: Uint8Array;
  /** PEM. */
  toString(): string;
}

/** A certificate with its chain and its private key. */
export interface Credentials {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Leaf first. */
  readonly chain: readonly Certificate[];
}

interface Profile {
  readonly pins: readonly Fingerprint[];
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

/** How sessions that arrive are secured. Immutable: a new certificate is a new profile. */
export interface ServerProfile extends Profile {
  readonly credentials: Credentials;
  /** Whether a client has to show a certificate. */
  readonly clients: 'anybody' | 'certified';
  /** Who may sign the certificates of clients. */
  readonly authorities: readonly Certificate[];
}

/** How sessions that we dial are secured. */
export interface ClientProfile extends Profile {
  /** What is shown where the server asks for it. */
  readonly credentials: Credentials | undefined;
  /** Who may sign the certificates of servers; `undefined` are those of this machine. */
  readonly authorities: readonly Certificate[] | undefined;
  readonly verification: 'full' | 'none';
}

/** The profile of a dial that names none: the authorities of this machine, and nothing of our own to show. */
export const PLAIN_CLIENT: ClientProfile = {
  pins: [],
  minVersion: 'TLSv1.2',
  credentials: undefined,
  authorities: undefined,
  verification: 'full',
};

/** What was read, or why it is not good, in words that name no file. */
export type Loaded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly text: string };

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, in its order. */
export function certificatesIn(pem: string): Loaded<readonly Certificate[]> {
  return x509In(pem);
}

function x509In(pem: string): Loaded<readonly X509Certificate[]> {
  const blocks = pem.match(CERTIFICATE_BLOCK) ?? [];
  try {
    const value = blocks.map((block) => new X509Certificate(block));
    return value.length === 0 ? { ok: false, text: 'there is no certificate in it' } : { ok: true, value };
  } catch (thrown) {
    return { ok: false, text: `a certificate in it cannot be read: ${describe(thrown)}` };
  }
}

/** In both forms of an encrypted key (RFC 7468, 11; RFC 1421, 4.6.1.1). Node's own codes for it differ by version. */
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** Certificate and key belong together, or it is told why they do not. */
export function credentialsFrom(certificatePem: string, keyPem: string): Loaded<Credentials> {
  const chain = x509In(certificatePem);
  if (!chain.ok) {
    return { ok: false, text: `certificate: ${chain.text}` };
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(keyPem);
  } catch (thrown) {
    const why = ENCRYPTED.test(keyPem) ? 'it is encrypted, and a node cannot ask for its password' : describe(thrown);
    return { ok: false, text: `private key: ${why}` };
  }
  const [leaf] = chain.value;
  return leaf?.checkPrivateKey(key) === true
    ? { ok: true, value: { certificatePem, keyPem, chain: chain.value } }
    : { ok: false, text: 'private key does not match public key of the certificate' };
}
