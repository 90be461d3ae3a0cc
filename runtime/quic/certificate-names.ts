import { X509Certificate } from 'node:crypto';

/**
 * The common names in a certificate's subject. Empty for bytes that are no certificate, and for a certificate without
 * a common name.
 */
export function commonNamesOf(certificate: Uint8Array): readonly string[] {
  let subject: string;
  try {
    subject = new X509Certificate(certificate).subject;
  } catch {
    return []; // it comes from the peer and may be anything
  }
  return subject
    .split('\n')
    .filter((part) => part.startsWith('CN='))
    .map((part) => part.slice('CN='.length));
}
