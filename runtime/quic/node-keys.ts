import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import { RuntimeError } from '../errors.js';
import type { Identity, KeyKind, SignatureCheck, SignatureScheme, SigningKey } from './engine.js';
import type { Ed25519Key } from './self-signed.js';

/** What a scheme asks of a key and of the signature function. */
interface SchemeRules {
  readonly kind: KeyKind;
  /** Ed25519 has its own hash inside. */
  readonly hash: string | null;
}

const RULES: Readonly<Record<SignatureScheme, SchemeRules>> = {
  ed25519: { kind: 'ed25519', hash: null },
  ecdsa_secp256r1_sha256: { kind: 'ecdsa-p256', hash: 'sha256' },
  ecdsa_secp384r1_sha384: { kind: 'ecdsa-p384', hash: 'sha384' },
  ecdsa_secp521r1_sha512: { kind: 'ecdsa-p521', hash: 'sha512' },
  rsa_pss_rsae_sha256: { kind: 'rsa', hash: 'sha256' },
  rsa_pss_rsae_sha384: { kind: 'rsa', hash: 'sha384' },
  rsa_pss_rsae_sha512: { kind: 'rsa', hash: 'sha512' },
};

const CURVES: ReadonlyMap<string, KeyKind> = new Map([
  ['prime256v1', 'ecdsa-p256'],
  ['secp384r1', 'ecdsa-p384'],
  ['secp521r1', 'ecdsa-p521'],
]);

/** Bits. Shorter RSA keys are not worth their name; longer ones give signatures that the engine has no room for. */
const RSA_BITS_MIN = 1_024;
const RSA_BITS_MAX = 8_192;

/** PKCS #8 of an Ed25519 key (RFC 8410, 7) up to its 32-byte seed. */
const ED25519_PKCS8_HEAD = Uint8Array.of(
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
);
const ED25519_SEED_BYTES = 32;
/** The last bytes of an Ed25519 SubjectPublicKeyInfo are the key itself. */
const ED25519_PUBLIC_BYTES = 32;

/** A private key of Node as a key of the engine. Throws `invalid-use` for a kind or size that TLS 1.3 has no use for. */
export function nodeSigningKey(key: KeyObject): SigningKey {
  const kind = kindOf(key);
  if (kind === undefined || key.type !== 'private') {
    throw new RuntimeError('invalid-use', 'Not a private key that TLS 1.3 can sign with', {
      data: { type: key.type, kind: key.asymmetricKeyType },
    });
  }
  return { kind, sign: (scheme, message) => signWith(key, scheme, message) };
}

/** An identity from PEM texts: certificates, leaf first, and the private key of the leaf. */
export function nodeIdentity(pem: { readonly certificates: string; readonly key: string }): Identity {
  const blocks = pem.certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const chain = blocks.map((block) => new Uint8Array(new X509Certificate(block).raw));
  return { chain, key: nodeSigningKey(createPrivateKey(pem.key)) };
}

/** The Ed25519 key of a seed of 32 bytes: from a random seed a new key, from a fixed one always the same. */
export function ed25519KeyFromSeed(seed: Uint8Array): Ed25519Key {
  if (seed.length !== ED25519_SEED_BYTES) {
    throw new RuntimeError('invalid-use', 'The seed of an Ed25519 key has 32 bytes', { data: { bytes: seed.length } });
  }
  const pkcs8 = Buffer.concat([ED25519_PKCS8_HEAD, seed]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    kind: 'ed25519',
    publicKey: new Uint8Array(spki.subarray(-ED25519_PUBLIC_BYTES)),
    sign: (scheme, message) => signWith(key, scheme, message),
  };
}

/**
 * Whether the certificate's key made the signature, by the rules of RFC 8446, 4.2.3: the scheme fixes the curve and the
 * hash, and the salt of PSS is as long as the hash. Throws where the certificate can't be read.
 */
export function verifySignature({ scheme, certificate, message, signature }: SignatureCheck): boolean {
  const parsed = new X509Certificate(certificate);
  const { kind, hash } = RULES[scheme];
  if (!isWhole(parsed, certificate) || kindOf(parsed.publicKey) !== kind) {
    return false;
  }
  return verify(hash, message, { key: parsed.publicKey, ...padding(kind) }, signature);
}

/**
 * Node looks for a PEM text anywhere in the bytes before it takes them for DER. A peer could put its own certificate as
 * PEM behind somebody else's as DER, and another parser would later trust the first one. So the bytes must be the
 * certificate, and nothing else.
 */
function isWhole(parsed: X509Certificate, certificate: Uint8Array): boolean {
  return parsed.raw.equals(certificate);
}

function signWith(key: KeyObject, scheme: SignatureScheme, message: Uint8Array): Uint8Array {
  const { kind, hash } = RULES[scheme];
  return sign(hash, message, { key, ...padding(kind) });
}

function padding(kind: KeyKind) {
  return kind === 'rsa'
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
}

function kindOf(key: KeyObject): KeyKind | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return 'ed25519';
    case 'ec':
      return CURVES.get(namedCurve ?? '');
    case 'rsa':
      return modulusLength >= RSA_BITS_MIN && modulusLength <= RSA_BITS_MAX ? 'rsa' : undefined;
    default:
      return undefined;
  }
}
