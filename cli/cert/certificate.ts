// Certificates as the reference makes them (mesh-protocol 7), and what there is to know of one.
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { describe } from '../../runtime/errors.js';
import { type DerElement, derChildren, derElements, dotted } from '../../runtime/security/der-reader.js';
import { NO_NAMES, namesOf, type ReadNames } from './alternative-names.js';
import { CertError } from './cert-error.js';
import { derTime, secondsOfDer, type Validity } from './cert-time.js';
import { der, derBits, derInteger, derObject, derSequence, explicitTag, implicitTag, WRITE_TAG } from './der-writer.js';
import { nameText } from './distinguished-name.js';
import { algorithmDer, algorithmText, publicKeyDer, signed } from './keys.js';

export const OID = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

const VERSION_3 = Uint8Array.of(2);
const TRUE = der(WRITE_TAG.boolean, Uint8Array.of(0xff));
/** The bits of a key usage: how many of the last byte are not used, then the bits. */
const MAY_SIGN_HANDSHAKES = Uint8Array.of(7, 0x80);
const MAY_SIGN_HANDSHAKES_AND_CERTIFICATES = Uint8Array.of(2, 0x84);

export interface NewCertificate {
  /** The number of the certificate, most significant byte first. */
  readonly serial: Uint8Array;
  readonly validity: Validity;
}

/** The certificate of an authority, signed by itself. `name` is a distinguished name in DER. */
export function authorityCertificate(name: Uint8Array, key: KeyObject, what: NewCertificate): X509Certificate {
  const extensions = [
    keyUsage(MAY_SIGN_HANDSHAKES_AND_CERTIFICATES),
    bothPurposes(),
    extension(OID.basicConstraints, 'critical', derSequence(TRUE)),
    extension(OID.subjectKeyId, 'plain', der(WRITE_TAG.octetString, keyId(key))),
  ];
  return certificate({ ...what, subject: name, publicKey: key, extensions }, { name, key });
}

export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

export interface Wanted {
  /** A distinguished name in DER. */
  readonly subject: Uint8Array;
  readonly publicKey: KeyObject;
  /** The whole extension with the names, as it was asked for. */
  readonly names: Uint8Array;
}

/** A node's certificate: for both ends of a session, and not for signing others. */
export function nodeCertificate(wanted: Wanted, authority: Authority, what: NewCertificate): X509Certificate {
  const { subject, publicKey, names } = wanted;
  const { certificate: above, key } = authority;
  const { subjectDer, keyIdentifier } = certificateFacts(above);
  const extensions = [
    keyUsage(MAY_SIGN_HANDSHAKES),
    bothPurposes(),
    ...(keyIdentifier === undefined ? [] : [authorityKeyId(keyIdentifier)]),
    names,
  ];
  return certificate({ ...what, subject, publicKey, extensions }, { name: subjectDer, key });
}

interface Body extends NewCertificate {
  readonly subject: Uint8Array;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Uint8Array[];
}

function certificate(body: Body, issuer: { readonly name: Uint8Array; readonly key: KeyObject }): X509Certificate {
  const { serial, subject, validity, publicKey, extensions } = body;
  const algorithm = algorithmDer(issuer.key);
  const toBeSigned = derSequence(
    der(explicitTag(0), derInteger(VERSION_3)),
    derInteger(serial),
    algorithm,
    issuer.name,
    derSequence(derTime(validity.from), derTime(validity.to)),
    subject,
    publicKeyDer(publicKey),
    der(explicitTag(3), derSequence(...extensions)),
  );
  return new X509Certificate(derSequence(toBeSigned, algorithm, derBits(signed(toBeSigned, issuer.key))));
}

/** One extension, whose value is DER itself. */
export function extension(id: string, weight: 'critical' | 'plain', value: Uint8Array): Uint8Array {
  const parts = weight === 'critical' ? [TRUE] : [];
  return derSequence(derObject(id), ...parts, der(WRITE_TAG.octetString, value));
}

function keyUsage(bits: Uint8Array): Uint8Array {
  return extension(OID.keyUsage, 'critical', der(WRITE_TAG.bitString, bits));
}

function bothPurposes(): Uint8Array {
  const purposes = derSequence(derObject(OID.clientAuth), derObject(OID.serverAuth));
  return extension(OID.extendedKeyUsage, 'plain', purposes);
}

function authorityKeyId(id: Uint8Array): Uint8Array {
  return extension(OID.authorityKeyId, 'plain', derSequence(der(implicitTag(0), id)));
}

/** SHA-1 of the bits of the public key (RFC 5280, 4.2.1.2): a name for it, not a proof. */
function keyId(key: KeyObject): Uint8Array {
  const [, bits] = derChildren(derElements(publicKeyDer(key))?.[0]);
  return createHash('sha1')
    .update(bits?.content.subarray(1) ?? new Uint8Array(0))
    .digest();
}

export interface CertificateFacts {
  readonly subject: string;
  readonly subjectDer: Uint8Array;
  readonly issuer: string;
  /** Hex, in upper case. */
  readonly serial: string;
  readonly validity: Validity;
  readonly names: ReadNames;
  readonly signatureAlgorithm: string;
  readonly keyIdentifier: Uint8Array | undefined;
}

/** What stands in a certificate. Throws a `CertError` where that cannot be read. */
export function certificateFacts({ raw, serialNumber }: X509Certificate): CertificateFacts {
  const [outer] = derElements(raw) ?? [];
  const [body] = derChildren(outer);
  const parts = derChildren(body).filter(({ tag }) => tag !== explicitTag(0));
  const [, algorithm, issuer, validity, subject] = parts;
  const [from, to] = derChildren(validity).map(secondsOfDer);
  if (algorithm === undefined || subject === undefined || from === undefined || to === undefined) {
    throw new CertError('file-content', 'a certificate whose parts cannot be read', { cure: 'have it made anew' });
  }
  const [list] = derChildren(parts.find(({ tag }) => tag === explicitTag(3)));
  const names = extensionValue(list, OID.alternativeName);
  return {
    subject: nameText(subject),
    subjectDer: subject.whole,
    issuer: nameText(issuer),
    serial: serialNumber,
    validity: { from, to },
    names: names === undefined ? NO_NAMES : namesOf(names),
    signatureAlgorithm: algorithmText(firstObject(algorithm)),
    keyIdentifier: extensionValue(list, OID.subjectKeyId)?.content,
  };
}

/** The value of an extension in a list of them. */
export function extensionValue(list: DerElement | undefined, id: string): DerElement | undefined {
  const found = derChildren(list).find((element) => firstObject(element) === id);
  return derElements(derChildren(found).at(-1)?.content ?? new Uint8Array(0))?.[0];
}

/** The object identifier that an element begins with. */
export function firstObject(element: DerElement): string {
  const [id] = derChildren(element);
  return id === undefined ? '' : dotted(id.content);
}

/** Throws a `CertError` for what is no certificate. */
export function readCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (thrown) {
    throw new CertError('file-content', `a certificate that cannot be read: ${describe(thrown)}`, {
      cure: 'a certificate in PEM is expected',
    });
  }
}
