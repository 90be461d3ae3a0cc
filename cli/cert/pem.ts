// PEM (RFC 7468): the form of all files of certificates.
import { createPrivateKey, createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { describe } from '../../runtime/errors.js';
import { CertError } from './cert-error.js';
import { readCertificate } from './certificate.js';
import { type CertificateRequest, readRequest } from './request.js';

/** Characters of a line: what openssl and the reference write. */
const LINE_LENGTH = 64;

export type PemItem =
  | { readonly type: 'certificate'; readonly value: X509Certificate }
  | { readonly type: 'request'; readonly value: CertificateRequest }
  | { readonly type: 'private-key'; readonly value: KeyObject }
  | { readonly type: 'public-key'; readonly value: KeyObject };

type Label = 'CERTIFICATE' | 'CERTIFICATE REQUEST';

export function pemText(label: Label, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g'));
  return [`-----BEGIN ${label}-----`, ...(lines ?? []), `-----END ${label}-----`, ''].join('\n');
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs;
/** The two forms of a key with a password: PKCS#8, and the older one of openssl. */
const LOCKED = /^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m;

/** Every item of a text, in its order. Throws a `CertError` for an item that cannot be read, and where there is none. */
export function pemItems(text: string): readonly PemItem[] {
  const items = Array.from(text.matchAll(BLOCK), ([block, label = '', body = '']) => itemOf(label, body, block));
  if (items.length === 0) {
    throw new CertError('file-content', 'failed to decode PEM block', {
      cure: 'a file in PEM is expected: it has lines such as -----BEGIN CERTIFICATE-----',
    });
  }
  return items;
}

/** True for a text with a private key in it, readable or not. */
export function hasPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text);
}

function itemOf(label: string, body: string, block: string): PemItem {
  switch (label) {
    case 'CERTIFICATE':
      return { type: 'certificate', value: readCertificate(bytesOf(body)) };
    case 'CERTIFICATE REQUEST':
    case 'NEW CERTIFICATE REQUEST':
      return { type: 'request', value: readRequest(bytesOf(body)) };
    case 'RSA PRIVATE KEY':
    case 'EC PRIVATE KEY':
    case 'PRIVATE KEY':
    case 'ENCRYPTED PRIVATE KEY':
      return { type: 'private-key', value: privateKeyOf(block) };
    case 'PUBLIC KEY':
      return { type: 'public-key', value: publicKeyOf(block) };
    default:
      throw new CertError('file-content', `unknown block type ${label}`, {
        cure: 'certificates, requests and keys are known',
      });
  }
}

function bytesOf(base64: string): Uint8Array {
  return Buffer.from(base64.replaceAll(/\s/g, ''), 'base64');
}

function privateKeyOf(block: string): KeyObject {
  if (LOCKED.test(block)) {
    throw new CertError('key-unfit', 'the private key is encrypted', {
      cure: 'a node cannot ask for its password; decrypt it first: openssl pkey -in FILE -out PLAIN',
    });
  }
  try {
    return createPrivateKey(block);
  } catch (thrown) {
    throw new CertError('key-unfit', `a private key that cannot be read: ${describe(thrown)}`, {
      cure: 'a key in PEM is expected',
    });
  }
}

function publicKeyOf(block: string): KeyObject {
  try {
    return createPublicKey(block);
  } catch (thrown) {
    throw new CertError('key-unfit', `a public key that cannot be read: ${describe(thrown)}`, {
      cure: 'a key in PEM is expected',
    });
  }
}
