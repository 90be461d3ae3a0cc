import { X509Certificate } from 'node:crypto';

/** What stands before the value of a common name. */
const COMMON_NAME = 'CN=';

/** Names that stand together in one part of the subject; a plus sign inside a name is escaped. */
const TOGETHER = ' + ';

/** Control characters come as two hexadecimal digits, marks with a meaning as themselves (RFC 4514, 2.4). */
const ESCAPED = /\\(?:([0-9A-F]{2})|(.))/gu;

/**
 * The common names in a certificate's subject, as they are in the certificate. Empty for bytes that are no certificate,
 * and for a certificate without a common name.
 */
export function commonNamesOf(certificate: Uint8Array): readonly string[] {
  let subject: string | undefined;
  try {
    subject = new X509Certificate(certificate).subject;
  } catch {
    return []; // it comes from the peer and may be anything
  }
  // A certificate without any name has no subject; Node's types do not say so.
  return (subject ?? '')
    .split('\n')
    .flatMap((part) => part.split(TOGETHER))
    .filter((name) => name.startsWith(COMMON_NAME))
    .map((name) => plain(name.slice(COMMON_NAME.length)));
}

function plain(escaped: string): string {
  return escaped.replace(ESCAPED, (_, digits: string | undefined, mark: string | undefined) =>
    digits === undefined ? (mark ?? '') : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
