import { createPublicKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import {
  bitString,
  explicit,
  objectIdentifier,
  positiveInteger,
  sequence,
  set,
  time,
  utf8String,
} from '../../runtime/quic/der.js';
import type { ClientProfile, Credentials, ServerProfile } from '../../runtime/security/profile.js';

/** Contents of object identifiers. */
export const OID = {
  keyUsage: [0x55, 0x1d, 0x0f],
  alternativeName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  extendedKeyUsage: [0x55, 0x1d, 0x25],
  certificatePolicies: [0x55, 0x1d, 0x20],
  serverAuth: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
  clientAuth: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02],
  anyPurpose: [0x55, 0x1d, 0x25, 0x00],
  /** 1.2.3.4, which means nothing. */
  unheardOf: [0x2a, 0x03, 0x04],
} as const;

const COMMON_NAME = [0x55, 0x04, 0x03];
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ECDSA_SHA1 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
const RSA_SHA256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const NULL = Uint8Array.of(0x05, 0x00);

/** Bits of a key usage. */
export const USAGE = { digitalSignature: 0x80, keyEncipherment: 0x20, keyCertSign: 0x04 } as const;

export interface CertificateWish {
  readonly name: string;
  /** Who signs; it signs itself where nobody is named. */
  readonly by?: MadeCertificate;
  /** The key of the certificate; a new one where none is given. */
  readonly key?: KeyObject;
  /** Milliseconds since 1970; a day around the present where nothing is said. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly extensions?: readonly Uint8Array[];
  readonly hash?: 'sha256' | 'sha1';
}

export interface MadeCertificate {
  readonly name: string;
  readonly key: KeyObject;
  readonly der: Uint8Array;
  readonly pem: string;
  readonly certificate: X509Certificate;
}

/** Where tests stand when they have to say it: 2026-05-30. */
export const TODAY_MS = 1_780_099_200_000;
const DAY_MS = 86_400_000;
const CENTURY_MS = 36_500 * DAY_MS;

let serial = 0;

/** A certificate, ECDSA over P-256 unless a key of RSA is given, with just the extensions that are asked for. */
export function certificate(wish: CertificateWish): MadeCertificate {
  const { name, fromMs = TODAY_MS - CENTURY_MS / 2, toMs = TODAY_MS + CENTURY_MS, extensions = [] } = wish;
  const key = wish.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const signer = wish.by?.key ?? key;
  const hash = wish.hash ?? 'sha256';
  const algorithm = algorithmOf(signer, hash);
  serial += 1;
  const toBeSigned = sequence(
    explicit(0, positiveInteger(Uint8Array.of(2))),
    positiveInteger(Uint8Array.of(1, serial >> 8, serial)),
    algorithm,
    distinguished(wish.by?.name ?? name),
    sequence(time(Math.max(0, fromMs)), time(toMs)),
    distinguished(name),
    publicKeyOf(key),
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions))]),
  );
  const signature = sign(hash, toBeSigned, signer);
  return made(name, key, sequence(toBeSigned, algorithm, bitString(signature)));
}

function made(name: string, key: KeyObject, der: Uint8Array): MadeCertificate {
  const read = new X509Certificate(der);
  return { name, key, der, pem: read.toString(), certificate: read };
}

function algorithmOf(signer: KeyObject, hash: 'sha256' | 'sha1'): Uint8Array {
  if (signer.asymmetricKeyType === 'rsa') {
    return sequence(objectIdentifier(RSA_SHA256), NULL);
  }
  return sequence(objectIdentifier(hash === 'sha1' ? ECDSA_SHA1 : ECDSA_SHA256));
}

function publicKeyOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}

function distinguished(name: string): Uint8Array {
  return sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(name))));
}

/** An extension; `value` is the DER inside of its octet string. */
export function extension(id: readonly number[], value: Uint8Array, weight?: 'critical'): Uint8Array {
  return sequence(objectIdentifier(id), ...(weight === undefined ? [] : [TRUE]), element(0x04, value));
}

const TRUE = Uint8Array.of(0x01, 0x01, 0xff);

/** One element with a tag of any kind, up to 65,535 bytes. */
export function element(tag: number, content: Uint8Array): Uint8Array {
  const length = content.length;
  const head = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length];
  return Uint8Array.from([...head, ...content]);
}

/** Basic constraints of an authority. */
export function authority(pathLength?: number): Uint8Array {
  const parts = pathLength === undefined ? [] : [positiveInteger(Uint8Array.of(pathLength))];
  return extension(OID.basicConstraints, sequence(TRUE, ...parts), 'critical');
}

/** Basic constraints of somebody who is no authority. */
export const NO_AUTHORITY = extension(OID.basicConstraints, sequence());

export function keyUsage(bits: number): Uint8Array {
  return extension(OID.keyUsage, element(0x03, Uint8Array.of(0, bits)), 'critical');
}

export function purposes(...ids: readonly (readonly number[])[]): Uint8Array {
  return extension(OID.extendedKeyUsage, sequence(...ids.map(objectIdentifier)));
}

/** Names of a server: DNS names, and IP addresses as their bytes. */
export function serverNames(...names: readonly (string | readonly number[])[]): Uint8Array {
  const parts = names.map((name) =>
    typeof name === 'string' ? element(0x82, new TextEncoder().encode(name)) : element(0x87, Uint8Array.from(name)),
  );
  return extension(OID.alternativeName, sequence(...parts));
}

export function credentialsOf(leaf: MadeCertificate, ...others: readonly MadeCertificate[]): Credentials {
  return {
    certificatePem: [leaf, ...others].map(({ pem }) => pem).join(''),
    keyPem: leaf.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    chain: [leaf, ...others].map((one) => one.certificate),
  };
}

export function serverProfile(credentials: Credentials, more: Partial<ServerProfile> = {}): ServerProfile {
  return { pins: [], minVersion: 'TLSv1.2', clients: 'anybody', authorities: [], credentials, ...more };
}

export function clientProfile(
  authorities: ClientProfile['authorities'],
  more: Partial<ClientProfile> = {},
): ClientProfile {
  return { pins: [], minVersion: 'TLSv1.2', credentials: undefined, verification: 'full', authorities, ...more };
}
