// `receptor cert show`: what is in files of certificates, requests and keys.
import type { X509Certificate } from 'node:crypto';
import { extensionsOf } from '../../runtime/security/extensions.js';
import type { ClientContext } from '../client/context.js';
import { facts } from '../client/table.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { ReadNames } from './alternative-names.js';
import { CertFiles } from './cert-files.js';
import { daysLeft, secondsOfMs, timeText } from './cert-time.js';
import { certificateFacts, OID } from './certificate.js';
import { keyText } from './keys.js';
import type { PemItem } from './pem.js';
import type { CertificateRequest } from './request.js';

/** One item as `-o json` shows it: names in lists, everything else a text, a number or a truth. */
export type ItemView = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export async function showFiles(context: ClientContext, paths: readonly string[]): Promise<ExitCode> {
  const files = new CertFiles(context.host.outside.files);
  const now = secondsOfMs(context.host.outside.clock.wallMs());
  const views: ItemView[] = [];
  for (const path of paths) {
    const items = await files.items({ path, parameter: 'file' });
    views.push(...items.map((item) => ({ file: path, ...itemView(item, now) })));
  }
  await context.print(context.wantsJson ? `${JSON.stringify(views)}\n` : views.map(viewText).join('\n'));
  return EXIT.ok;
}

/** What there is to know of an item at `now` (seconds since 1970). Of a private key nothing secret. */
export function itemView(item: PemItem, now: number): ItemView {
  switch (item.type) {
    case 'certificate':
      return certificateView(item.value, now);
    case 'request':
      return requestView(item.value);
    case 'private-key':
      return { kind: 'private key', key: keyText(item.value) };
    case 'public-key':
      return { kind: 'public key', key: keyText(item.value) };
    default:
      return item satisfies never;
  }
}

function certificateView(certificate: X509Certificate, now: number): ItemView {
  const { subject, issuer, serial, validity, names, signatureAlgorithm } = certificateFacts(certificate);
  const { isAuthority = false, purposes } = extensionsOf(certificate.raw) ?? {};
  return {
    kind: isAuthority ? 'certificate of an authority' : 'certificate',
    subject,
    issuer,
    serial,
    ...namesView(names),
    validFrom: timeText(validity.from),
    validTo: timeText(validity.to),
    daysLeft: daysLeft(validity, now),
    state: now < validity.from ? 'not yet valid' : now > validity.to ? 'expired' : 'valid',
    purposes: purposes === undefined ? ['all'] : purposes.map((purpose) => PURPOSES.get(purpose) ?? purpose),
    key: keyText(certificate.publicKey),
    signature: signatureAlgorithm,
    sha256: plainHex(certificate.fingerprint256),
    sha512: plainHex(certificate.fingerprint512),
  };
}

const PURPOSES: ReadonlyMap<string, string> = new Map([
  [OID.serverAuth, 'server'],
  [OID.clientAuth, 'client'],
]);

function requestView(request: CertificateRequest): ItemView {
  const { subject, names, publicKey, signatureAlgorithm, possession } = request;
  return {
    kind: 'certificate request',
    subject,
    ...namesView(names),
    key: keyText(publicKey),
    signature: signatureAlgorithm,
    state: possession === 'proven' ? 'signed by its key' : 'not signed by its key',
  };
}

function namesView({ nodeIds, dns, addresses, others }: ReadNames) {
  return { nodeIds, dnsNames: dns, addresses, ...(others.length === 0 ? {} : { otherNames: others }) };
}

/** As `pinnedservercert` and `pinnedclientcert` take it. */
function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

/** How the members are called for people, in this order. */
const LABELS: readonly (readonly [member: string, label: string])[] = [
  ['file', 'File'],
  ['kind', 'Kind'],
  ['subject', 'Subject'],
  ['issuer', 'Issuer'],
  ['serial', 'Serial'],
  ['nodeIds', 'Node ids'],
  ['dnsNames', 'DNS names'],
  ['addresses', 'Addresses'],
  ['otherNames', 'Other names'],
  ['validFrom', 'Valid from'],
  ['validTo', 'Valid to'],
  ['purposes', 'Good for'],
  ['key', 'Key'],
  ['signature', 'Signature'],
  ['sha256', 'SHA-256'],
  ['sha512', 'SHA-512'],
];

function viewText(view: ItemView): string {
  const entries = LABELS.flatMap(([member, label]) => {
    const value = view[member];
    return value === undefined ? [] : [[label, shown(member, value, view)] as const];
  });
  return facts(entries);
}

function shown(member: string, value: ItemView[string], view: ItemView): string {
  if (member === 'validTo') {
    return `${value} (${view['state'] === 'valid' ? `${view['daysLeft']} days left` : view['state']})`;
  }
  if (member === 'signature' && view['kind'] === 'certificate request') {
    return `${value} (${view['state']})`;
  }
  if (typeof value === 'object') {
    return value.length === 0 ? '(none)' : value.join(', ');
  }
  return `${value}`;
}
