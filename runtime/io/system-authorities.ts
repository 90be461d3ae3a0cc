import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

let known: readonly X509Certificate[] | undefined;

/** The authorities that Node comes with. Read at the first need: there are some 140. */
export function systemAuthorities(): readonly X509Certificate[] {
  known ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return known;
}
