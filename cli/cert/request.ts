// Requests for certificates (PKCS #10, RFC 2986).
import { createPublicKey, type KeyObject } from 'node:crypto';
import { describe } from '../../runtime/errors.js';
import { type DerElement, derChildren, derElements } from '../../runtime/security/der-reader.js';
import { type CertificateNames, NO_NAMES, namesDer, namesOf, type ReadNames } from './alternative-names.js';
import { CertError } from './cert-error.js';
import { extension, extensionValue, firstObject, OID } from './certificate.js';
import { der, derBits, derInteger, derObject, derSequence, explicitTag, WRITE_TAG } from './der-writer.js';
import { commonNameDer, nameText } from './distinguished-name.js';
import { algorithmDer, algorithmText, isSignedWith, publicKeyDer, signed } from './keys.js';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const VERSION_1 = Uint8Array.of(0);

export interface NewRequest {
  readonly commonName: string;
  readonly names: CertificateNames;
}

/** A request in DER, signed by the key that it is for. The names are there even where there are none. */
export function makeRequest({ commonName, names }: NewRequest, key: KeyObject): Uint8Array {
  const extensions = derSequence(extension(OID.alternativeName, 'plain', namesDer(names)));
  const attribute = derSequence(derObject(EXTENSION_REQUEST), der(WRITE_TAG.set, extensions));
  const body = derSequence(
    derInteger(VERSION_1),
    commonNameDer(commonName),
    publicKeyDer(key),
    der(explicitTag(0), attribute),
  );
  return derSequence(body, algorithmDer(key), derBits(signed(body, key)));
}

export interface CertificateRequest {
  readonly subject: string;
  readonly subjectDer: Uint8Array;
  readonly publicKey: KeyObject;
  readonly names: ReadNames;
  /** The whole extension with the names, as it stands in the request; `undefined` where it has none. */
  readonly namesExtension: Uint8Array | undefined;
  readonly signatureAlgorithm: string;
  /** Whoever made the request has the private key; `unproven` also where the algorithm is unknown or broken. */
  readonly possession: 'proven' | 'unproven';
}

/** Throws a `CertError` for what is no request. */
export function readRequest(bytes: Uint8Array): CertificateRequest {
  const [outer] = derElements(bytes) ?? [];
  const [body, algorithm, signature] = derChildren(outer);
  const [, subject, publicKey, attributes] = derChildren(body);
  if (body === undefined || subject === undefined || publicKey === undefined || algorithm === undefined) {
    throw new CertError('file-content', 'a certificate request whose parts cannot be read', {
      cure: 'a request in PEM is expected, as receptor cert request makes it',
    });
  }
  const key = publicKeyOf(publicKey);
  const list = extensionList(attributes);
  const names = extensionValue(list, OID.alternativeName);
  const algorithmId = firstObject(algorithm);
  const proof = { bytes: body.whole, signature: signature?.content.subarray(1) ?? new Uint8Array(0) };
  return {
    subject: nameText(subject),
    subjectDer: subject.whole,
    publicKey: key,
    names: names === undefined ? NO_NAMES : namesOf(names),
    namesExtension: derChildren(list).find((one) => firstObject(one) === OID.alternativeName)?.whole,
    signatureAlgorithm: algorithmText(algorithmId),
    possession: isSignedWith({ ...proof, algorithm: algorithmId }, key) ? 'proven' : 'unproven',
  };
}

function extensionList(attributes: DerElement | undefined): DerElement | undefined {
  const wanted = derChildren(attributes).find((attribute) => firstObject(attribute) === EXTENSION_REQUEST);
  const [, values] = derChildren(wanted);
  return derChildren(values)[0];
}

function publicKeyOf({ whole }: DerElement): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(whole), format: 'der', type: 'spki' });
  } catch (thrown) {
    throw new CertError('file-content', `the public key of the request cannot be read: ${describe(thrown)}`, {
      cure: 'have the request made anew',
    });
  }
}
