import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
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

const OID = {
  commonName: [0x55, 0x04, 0x03],
  keyUsage: [0x55, 0x1d, 0x0f],
  alternativeName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  extendedKeyUsage: [0x55, 0x1d, 0x25],
  server: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
  client: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02],
  ecdsaSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  /** 1.3.6.1.4.1.2312.19.1, the kind of name that holds a node id (mesh-protocol 7). */
  receptorName: [0x2b, 0x06, 0x01, 0x04, 0x01, 0x92, 0x08, 0x13, 0x01],
} as const;

const TRUE = Uint8Array.of(0x01, 0x01, 0xff);
const VERSION_3 = explicit(0, Uint8Array.of(0x02, 0x01, 0x02));
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;
const HOUR_MS = 3_600_000;

/** What a certificate of a node is to say. */
export interface Wanted {
  readonly commonName?: string;
  readonly nodeIds?: readonly string[];
  /** `localhost` unless told otherwise; 127.0.0.1 is always among its addresses. */
  readonly dnsNames?: readonly string[];
  readonly purposes?: readonly ('server' | 'client')[];
  /** Milliseconds since 1970; an hour ago unless told otherwise. */
  readonly fromMs?: number;
  /** In an hour unless told otherwise. */
  readonly toMs?: number;
  /** A new one of ECDSA where none is given. */
  readonly key?: KeyObject;
}

/** A certificate with its key, in every form that somebody wants. */
export interface MeshPair {
  readonly certificate: X509Certificate;
  readonly der: Uint8Array;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** An authority of a test, and what it signs. */
export class MeshAuthority implements MeshPair {
  readonly certificate: X509Certificate;
  readonly der: Uint8Array;
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly #key: KeyObject;
  readonly #name: string;

  constructor(commonName = 'an authority') {
    this.#key = newKey();
    this.#name = commonName;
    const body = {
      ...{ issuer: commonName, subject: commonName, key: this.#key },
      ...{ fromMs: Date.now() - HOUR_MS, toMs: Date.now() + HOUR_MS },
      extensions: [
        extension(OID.basicConstraints, sequence(TRUE), TRUE),
        extension(OID.keyUsage, bits(DIGITAL_SIGNATURE | KEY_CERT_SIGN), TRUE),
      ],
    };
    const made = signed(body, this.#key);
    this.certificate = made.certificate;
    this.der = made.der;
    this.certificatePem = made.certificatePem;
    this.keyPem = made.keyPem;
  }

  /** Signs a certificate for a node, with a key of its own. */
  sign(wanted: Wanted): MeshPair {
    const { commonName = 'a node', nodeIds = [], dnsNames = ['localhost'], purposes = ['server', 'client'] } = wanted;
    const { fromMs = Date.now() - HOUR_MS, toMs = Date.now() + HOUR_MS } = wanted;
    const names = sequence(
      ...dnsNames.map((name) => tagged(0x82, Buffer.from(name))),
      tagged(0x87, Uint8Array.of(127, 0, 0, 1)),
      ...nodeIds.map((id) => tagged(0xa0, joined(objectIdentifier(OID.receptorName), explicit(0, utf8String(id))))),
    );
    const body = {
      ...{ issuer: this.#name, subject: commonName, key: wanted.key ?? newKey(), fromMs, toMs },
      extensions: [
        extension(OID.keyUsage, bits(DIGITAL_SIGNATURE), TRUE),
        extension(OID.extendedKeyUsage, sequence(...purposes.map((one) => objectIdentifier(OID[one])))),
        extension(OID.alternativeName, names),
      ],
    };
    return signed(body, this.#key);
  }
}

interface Body {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly fromMs: number;
  readonly toMs: number;
  readonly extensions: readonly Uint8Array[];
}

function signed({ issuer, subject, key, fromMs, toMs, extensions }: Body, signer: KeyObject): MeshPair {
  const algorithm = sequence(objectIdentifier(OID.ecdsaSha256));
  const body = sequence(
    VERSION_3,
    positiveInteger(randomBytes(8)),
    algorithm,
    nameOf(issuer),
    sequence(time(fromMs), time(toMs)),
    nameOf(subject),
    new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' })),
    explicit(3, sequence(...extensions)),
  );
  const der = sequence(body, algorithm, bitString(sign('sha256', body, signer)));
  const certificate = new X509Certificate(der);
  const keyPem = key.export({ type: 'pkcs8', format: 'pem' });
  return { certificate, der, certificatePem: certificate.toString(), keyPem: `${keyPem}` };
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function nameOf(commonName: string): Uint8Array {
  return sequence(set(sequence(objectIdentifier(OID.commonName), utf8String(commonName))));
}

/** `critical` is TRUE in DER, or missing. */
function extension(id: readonly number[], value: Uint8Array, ...critical: readonly Uint8Array[]): Uint8Array {
  return sequence(objectIdentifier(id), ...critical, tagged(0x04, value));
}

/** The bits of a key usage, of which none here goes beyond the first byte. */
function bits(value: number): Uint8Array {
  return Uint8Array.of(0x03, 0x02, 0x00, value);
}

function tagged(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return joined(Uint8Array.from(head), content);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
