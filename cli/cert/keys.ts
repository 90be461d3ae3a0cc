// Private keys: new ones, those in files, and how they sign.
import { createPublicKey, generateKeyPair, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { CertError } from './cert-error.js';
import { der, derObject, derSequence, WRITE_TAG } from './der-writer.js';

/** `rsa` is what the reference's own commands take; its nodes take all three. */
export type KeyKind = 'rsa' | 'ec' | 'ed25519';

export const RSA_BITS_DEFAULT = 2_048;
/** Below this a key is refused by every TLS library of today. */
export const RSA_BITS_MIN = 2_048;
/** To make a larger one takes minutes. */
export const RSA_BITS_MAX = 16_384;

interface Algorithm {
  /** The object identifier of key and digest together. */
  readonly id: string;
  readonly digest: 'sha256' | 'sha384' | 'sha512' | undefined;
  /** As the reference names it. */
  readonly name: string;
}

const RSA_SHA256: Algorithm = { id: '1.2.840.113549.1.1.11', digest: 'sha256', name: 'SHA256-RSA' };
const ECDSA_SHA256: Algorithm = { id: '1.2.840.10045.4.3.2', digest: 'sha256', name: 'ECDSA-SHA256' };
const ECDSA_SHA384: Algorithm = { id: '1.2.840.10045.4.3.3', digest: 'sha384', name: 'ECDSA-SHA384' };
const ECDSA_SHA512: Algorithm = { id: '1.2.840.10045.4.3.4', digest: 'sha512', name: 'ECDSA-SHA512' };
const ED25519: Algorithm = { id: '1.3.101.112', digest: undefined, name: 'Ed25519' };

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map(
  [
    RSA_SHA256,
    { id: '1.2.840.113549.1.1.12', digest: 'sha384', name: 'SHA384-RSA' } satisfies Algorithm,
    { id: '1.2.840.113549.1.1.13', digest: 'sha512', name: 'SHA512-RSA' } satisfies Algorithm,
    ECDSA_SHA256,
    ECDSA_SHA384,
    ECDSA_SHA512,
    ED25519,
  ].map((algorithm) => [algorithm.id, algorithm]),
);

const CURVES: ReadonlyMap<string, { readonly name: string; readonly algorithm: Algorithm }> = new Map([
  ['prime256v1', { name: 'P-256', algorithm: ECDSA_SHA256 }],
  ['secp384r1', { name: 'P-384', algorithm: ECDSA_SHA384 }],
  ['secp521r1', { name: 'P-521', algorithm: ECDSA_SHA512 }],
]);

const generate = promisify(generateKeyPair);

export interface NewKey {
  readonly kind: KeyKind;
  /** Of an RSA key; the others have one size. */
  readonly bits?: number | undefined;
}

/** Makes a private key, beside the event loop. Throws a `CertError` for a size that nobody could use. */
export async function newKey({ kind, bits = RSA_BITS_DEFAULT }: NewKey): Promise<KeyObject> {
  switch (kind) {
    case 'rsa':
      demandBits(bits);
      return (await generate('rsa', { modulusLength: bits })).privateKey;
    case 'ec':
      return (await generate('ec', { namedCurve: 'prime256v1' })).privateKey;
    case 'ed25519':
      return (await generate('ed25519')).privateKey;
    default:
      return kind satisfies never;
  }
}

function demandBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
    const text = bits < RSA_BITS_MIN ? 'rsa: key too small' : `rsa: a key of ${bits} bits`;
    const cure = `give ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits: TLS libraries refuse smaller keys`;
    throw new CertError('key-unfit', text, { cure, parameter: 'bits' });
  }
}

/** The key as a file: RSA in the form of the reference (PKCS#1), the others as PKCS#8. */
export function keyPem(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'pkcs8';
  return key.export({ type, format: 'pem' }).toString();
}

/** The public half, as certificates and requests hold it. */
export function publicKeyDer(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** `RSA (2048 bits)`, `ECDSA (P-256)`, `Ed25519`. */
export function keyText(key: KeyObject): string {
  const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return `RSA (${modulusLength} bits)`;
    case 'ec':
      return `ECDSA (${CURVES.get(namedCurve)?.name ?? namedCurve})`;
    case 'ed25519':
      return 'Ed25519';
    default:
      return String(key.asymmetricKeyType);
  }
}

/** The same key, whichever halves the two are. */
export function isSameKey(one: KeyObject, other: KeyObject): boolean {
  return Buffer.from(publicKeyDer(one)).equals(publicKeyDer(other));
}

/** `AlgorithmIdentifier` of what `signed` makes with this key. */
export function algorithmDer(key: KeyObject): Uint8Array {
  const { id } = algorithmOf(key);
  // RSA has a parameter that says nothing; the others must have none (RFC 4055, RFC 5758, RFC 8410).
  return key.asymmetricKeyType === 'rsa'
    ? derSequence(derObject(id), der(WRITE_TAG.nothing))
    : derSequence(derObject(id));
}

export function signed(bytes: Uint8Array, key: KeyObject): Uint8Array {
  return sign(algorithmOf(key).digest, bytes, key);
}

export interface SignatureFacts {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  /** Dotted. */
  readonly algorithm: string;
}

/** False also for an algorithm that nobody should use any more. */
export function isSignedWith({ bytes, signature, algorithm }: SignatureFacts, key: KeyObject): boolean {
  const known = ALGORITHMS.get(algorithm);
  try {
    return known !== undefined && verify(known.digest, bytes, key, signature);
  } catch {
    return false; // a key of another kind than the algorithm: whoever wrote the request may have written anything
  }
}

/** The name of an algorithm by its dotted identifier. */
export function algorithmText(id: string): string {
  return ALGORITHMS.get(id)?.name ?? id;
}

function algorithmOf(key: KeyObject): Algorithm {
  const algorithm = algorithmFor(key);
  if (algorithm === undefined) {
    throw new CertError('key-unfit', `no certificate can be signed with a key of this kind: ${keyText(key)}`, {
      cure: 'RSA, EC (P-256, P-384, P-521) and Ed25519 keys will do',
    });
  }
  return algorithm;
}

function algorithmFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm | undefined {
  switch (asymmetricKeyType) {
    case 'rsa':
      return RSA_SHA256;
    case 'ec':
      return CURVES.get(asymmetricKeyDetails?.namedCurve ?? '')?.algorithm;
    case 'ed25519':
      return ED25519;
    default:
      return undefined;
  }
}
