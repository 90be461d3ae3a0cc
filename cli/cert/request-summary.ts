import { cleanText } from '../log/line.js';
import { keyText } from './keys.js';
import type { CertificateRequest } from './request.js';

/** What a request asks for, in the form of the reference: lines to read before it is signed. */
export function requestSummary({ subject, publicKey, signatureAlgorithm, names }: CertificateRequest): string {
  const lines = [
    'Requested certificate:',
    `  Subject: ${subject}`,
    `  Encryption Algorithm: ${keyText(publicKey)}`,
    `  Signature Algorithm: ${signatureAlgorithm}`,
    '  Names:',
    ...names.dns.map((name) => `    DNS Name: ${name}`),
    ...names.addresses.map((address) => `    IP Address: ${address}`),
    ...names.nodeIds.map((id) => `    Receptor Node ID: ${id}`),
    // The reference is silent about these, and signs them.
    ...names.others.map((other) => `    Other: ${other}`),
  ];
  return lines.map((line) => `${cleanText(line)}\n`).join('');
}
