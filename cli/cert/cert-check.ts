// Whether a node could use a certificate, and if not, why and what to do (mesh-protocol 7).
import type { KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { chainRefusal, type Purpose } from '../../runtime/security/chain.js';
import { extensionsOf } from '../../runtime/security/extensions.js';
import { daysLeft, secondsOfMs, timeText } from './cert-time.js';
import { type CertificateFacts, certificateFacts, OID } from './certificate.js';
import { isSameKey, keyText, RSA_BITS_MIN } from './keys.js';

/** What the certificate is to be used in. */
export type TlsRole = 'tls-server' | 'tls-client';
export const TLS_ROLES: readonly TlsRole[] = ['tls-server', 'tls-client'];

export interface Finding {
  /** With a fault the node would not start, or be refused; a warning is something to know. */
  readonly weight: 'fault' | 'warning';
  readonly roles: readonly TlsRole[];
  readonly text: string;
  readonly cure: string;
}

export interface CheckQuestion {
  readonly nodeId: string;
  /** Leaf first; what is behind it leads to an authority. */
  readonly chain: readonly X509Certificate[];
  readonly key: KeyObject | undefined;
  /** Who may have signed it; `undefined` where they cannot be read, and the chain cannot be judged. */
  readonly authorities: readonly X509Certificate[] | undefined;
  /** Names or addresses that other nodes dial this one by. */
  readonly hosts: readonly string[];
  readonly wallMs: number;
}

/** A certificate that ends sooner is worth a word. */
const SOON_DAYS = 30;

/** What is wrong, the certificate itself first; nothing when all is well. */
export function checkFindings(question: CheckQuestion): readonly Finding[] {
  const [leaf] = question.chain;
  if (leaf === undefined) {
    return [fault('there is no certificate in the file', 'give the file that receptor cert sign has made')];
  }
  const known = certificateFacts(leaf);
  const ofLeaf = [...timeFindings(known, secondsOfMs(question.wallMs)), ...purposeFindings(leaf)];
  return [
    ...keyFindings(leaf, question.key),
    ...idFindings(known, question.nodeId),
    ...ofLeaf,
    ...chainFindings(question, ofLeaf),
    ...hostFindings(leaf, known, question.hosts),
  ];
}

/** True when nothing keeps a node from using it so. */
export function isUsableAs(role: TlsRole, findings: readonly Finding[]): boolean {
  return !findings.some(({ weight, roles }) => weight === 'fault' && roles.includes(role));
}

function keyFindings(leaf: X509Certificate, key: KeyObject | undefined): readonly Finding[] {
  const bits = leaf.publicKey.asymmetricKeyDetails?.modulusLength ?? RSA_BITS_MIN;
  const small =
    bits < RSA_BITS_MIN
      ? [fault(`its key is too small: ${keyText(leaf.publicKey)}`, `ask for one with at least ${RSA_BITS_MIN} bits`)]
      : [];
  const isForeign = key !== undefined && !isSameKey(leaf.publicKey, key);
  const foreign = isForeign
    ? [fault('the private key is not the one of the certificate', 'give the key that the request was made with')]
    : [];
  return [...foreign, ...small];
}

function idFindings({ names }: CertificateFacts, nodeId: string): readonly Finding[] {
  const { nodeIds } = names;
  if (nodeIds.includes(nodeId)) {
    return [];
  }
  const list = nodeIds.length === 0 ? 'no node id' : `only ${nodeIds.map((id) => `"${id}"`).join(', ')}`;
  const isCase = nodeIds.some((id) => id.toLowerCase() === nodeId.toLowerCase());
  const cure = isCase
    ? 'ids are compared with their case: call the node exactly so, or make a certificate for its id'
    : `make one for it: receptor cert request ${nodeId}; or set skipreceptornamescheck=true`;
  return [fault(`it does not speak for the node "${nodeId}": it has ${list}`, cure)];
}

function timeFindings({ validity }: CertificateFacts, now: number): readonly Finding[] {
  if (now < validity.from) {
    return [fault(`it begins at ${timeText(validity.from)}`, 'wait, or check the clock of this machine')];
  }
  if (now > validity.to) {
    return [fault(`it ended at ${timeText(validity.to)}`, 'sign the request again: receptor cert sign')];
  }
  const days = daysLeft(validity, now);
  return days < SOON_DAYS
    ? [
        warning(
          `it ends in ${days} day${days === 1 ? '' : 's'}, at ${timeText(validity.to)}`,
          'sign the request again in time',
        ),
      ]
    : [];
}

const PURPOSES: Readonly<Record<TlsRole, { readonly purpose: Purpose; readonly id: string }>> = {
  'tls-server': { purpose: 'server', id: OID.serverAuth },
  'tls-client': { purpose: 'client', id: OID.clientAuth },
};
const ANY_PURPOSE = '2.5.29.37.0';

function purposeFindings(leaf: X509Certificate): readonly Finding[] {
  const { purposes } = extensionsOf(leaf.raw) ?? {};
  return TLS_ROLES.filter((role) => {
    const isMeant = purposes?.some((id) => id === PURPOSES[role].id || id === ANY_PURPOSE) ?? true;
    return !isMeant;
  }).map((role) => ({
    ...fault(`it is not meant for a ${PURPOSES[role].purpose}`, 'receptor cert sign makes certificates for both ends'),
    roles: [role],
  }));
}

/** What the other end would say of the chain, apart from `ofLeaf`, which would be told twice. */
function chainFindings(question: CheckQuestion, ofLeaf: readonly Finding[]): readonly Finding[] {
  const { chain, authorities, wallMs } = question;
  if (authorities === undefined) {
    return [];
  }
  const presented = chain.map(({ raw }) => raw);
  const refusals = TLS_ROLES.filter((role) => isUsableAs(role, ofLeaf)).flatMap((role) => {
    const { purpose } = PURPOSES[role];
    const refusal = chainRefusal({ presented, authorities, purpose, wallMs });
    return refusal === undefined ? [] : [{ role, refusal }];
  });
  return Array.from(new Set(refusals.map(({ refusal }) => refusal)), (text) => ({
    ...fault(text, chainCure(chain, authorities)),
    roles: refusals.filter(({ refusal }) => refusal === text).map(({ role }) => role),
  }));
}

function chainCure([leaf, ...others]: readonly X509Certificate[], authorities: readonly X509Certificate[]): string {
  const issuer = leaf === undefined ? '' : certificateFacts(leaf).issuer;
  const isKnown = [...others, ...authorities].some((above) => certificateFacts(above).subject === issuer);
  return isKnown
    ? `look at ${issuer}: it may have ended, or be another authority of the same name; receptor cert show tells`
    : `give the file of the authority that signed it, ${issuer}, with --ca`;
}

function hostFindings(
  leaf: X509Certificate,
  { names }: CertificateFacts,
  hosts: readonly string[],
): readonly Finding[] {
  const missing = hosts.filter((host) => (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) === undefined);
  const wrong = missing.map((host) => serverOnly(fault(`it does not speak for the host "${host}"`, HOST_CURE)));
  const isNameless = names.dns.length + names.addresses.length === 0;
  const nameless =
    hosts.length === 0 && isNameless
      ? [serverOnly(warning('it has no DNS name and no address: nodes that dial this one refuse it', HOST_CURE))]
      : [];
  return [...wrong, ...nameless];
}

const HOST_CURE = 'ask for one with --dns NAME or --ip ADDRESS, as other nodes dial this one';

function serverOnly(finding: Finding): Finding {
  return { ...finding, roles: ['tls-server'] };
}

function fault(text: string, cure: string): Finding {
  return { weight: 'fault', roles: TLS_ROLES, text, cure };
}

function warning(text: string, cure: string): Finding {
  return { weight: 'warning', roles: TLS_ROLES, text, cure };
}
