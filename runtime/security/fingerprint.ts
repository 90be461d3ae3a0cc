import { createHash } from 'node:crypto';

/** The digest of a certificate that somebody wants to see, by its length SHA-256 or SHA-512. */
export interface Fingerprint {
  readonly algorithm: 'sha256' | 'sha512';
  /** Lower case, without colons. */
  readonly hex: string;
}

const ALGORITHMS: ReadonlyMap<number, Fingerprint['algorithm']> = new Map([
  [64, 'sha256'],
  [128, 'sha512'],
]);

/** Reads hex, colons optional; `undefined` for what is no fingerprint. */
export function parseFingerprint(text: string): Fingerprint | undefined {
  const hex = text.replaceAll(':', '').toLowerCase();
  const algorithm = ALGORITHMS.get(hex.length);
  return algorithm === undefined || !/^[0-9a-f]+$/.test(hex) ? undefined : { algorithm, hex };
}

/** Why a certificate is none of the pinned ones; `undefined` when it is, or when nothing is pinned. */
export function pinRefusal(pins: readonly Fingerprint[], certificate: Uint8Array): string | undefined {
  const isPinned = pins.some(({ algorithm, hex }) => createHash(algorithm).update(certificate).digest('hex') === hex);
  return pins.length === 0 || isPinned ? undefined : 'presented certificate does not match any pinned fingerprint';
}
