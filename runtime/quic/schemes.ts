import type { SignatureScheme } from './engine.js';

/** Code points of RFC 8446, 4.2.3. */
const SCHEMES: ReadonlyMap<number, SignatureScheme> = new Map([
  [0x0807, 'ed25519'],
  [0x0403, 'ecdsa_secp256r1_sha256'],
  [0x0503, 'ecdsa_secp384r1_sha384'],
  [0x0603, 'ecdsa_secp521r1_sha512'],
  [0x0804, 'rsa_pss_rsae_sha256'],
  [0x0805, 'rsa_pss_rsae_sha384'],
  [0x0806, 'rsa_pss_rsae_sha512'],
]);

/** The scheme behind a code point; `undefined` for those that the engine never uses. */
export function schemeOf(codePoint: number): SignatureScheme | undefined {
  return SCHEMES.get(codePoint);
}
