import { bitString, explicit, objectIdentifier, positiveInteger, sequence, set, time, utf8String } from './der.js';
import type { Identity, SigningKey } from './engine.js';

/** An Ed25519 key of which the public half is at hand. */
export interface Ed25519Key extends SigningKey {
  readonly kind: 'ed25519';
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export interface SelfSignedOptions {
  /** Stands as the only name in subject and issuer. At most 64 characters (RFC 5280, A.1). */
  readonly commonName: string;
  readonly key: Ed25519Key;
  /** Random, 1 to 16 bytes; a serial of 16 random bytes is unique (RFC 5280, 4.1.2.2). */
  readonly serial: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** 2.5.4.3, commonName. */
const COMMON_NAME = [0x55, 0x04, 0x03];
/** 1.3.101.112, id-Ed25519 (RFC 8410, 3): both the kind of key and the signature algorithm. */
const ED25519 = [0x2b, 0x65, 0x70];
/** X.509 version 3 is written as 2. */
const VERSION_3 = Uint8Array.of(2);

/**
 * A self-signed Ed25519 certificate: X.509 version 3 without extensions (RFC 5280, 4.1), as DER.
 * Ed25519 signatures have no chance in them, so the same options give the same bytes.
 */
export function selfSignedCertificate(options: SelfSignedOptions): Uint8Array {
  const algorithm = sequence(objectIdentifier(ED25519));
  const name = sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(options.commonName))));
  const toBeSigned = sequence(
    explicit(0, positiveInteger(VERSION_3)),
    positiveInteger(options.serial),
    algorithm,
    name,
    sequence(time(options.notBeforeMs), time(options.notAfterMs)),
    name,
    sequence(algorithm, bitString(options.key.publicKey)),
  );
  return sequence(toBeSigned, algorithm, bitString(options.key.sign('ed25519', toBeSigned)));
}

/** The certificate and its key, ready for an endpoint. */
export function selfSignedIdentity(options: SelfSignedOptions): Identity {
  return { chain: [selfSignedCertificate(options)], key: options.key };
}
