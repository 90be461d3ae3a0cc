import { X509Certificate } from 'node:crypto';
import { derChildren, derElements, dotted } from './der-reader.js';
import { type CertificateExtensions, extensionsOf } from './extensions.js';
import type { Certificate } from './profile.js';
import { type Validity, validityOf } from './validity.js';

/** What the owner of a certificate wants to be (RFC 5280, 4.2.1.12). */
export type Purpose = 'server' | 'client';

const PURPOSE_OID: Readonly<Record<Purpose, string>> = {
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
};
const ANY_PURPOSE = '2.5.29.37.0';

/** Certificates between the leaf and an authority of ours; real chains have one or two. */
const INTERMEDIATES_MAX = 8;
/** Signatures that one handshake may make us check: a hostile chain may have many equal names. */
const CHECKS_MAX = 64;

/**
 * Signatures over MD2, MD4, MD5 and SHA-1: who can make two certificates of one digest has both signed. Go refuses them
 * as well.
 */
const FORGEABLE: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.3',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.3.14.3.2.29',
  '1.2.840.10040.4.3',
  '1.2.840.10045.4.1',
]);

export interface ChainQuestion {
  /** What the other end showed, leaf first, as DER. The order of the rest does not matter. */
  readonly presented: readonly Uint8Array[];
  readonly authorities: readonly Certificate[];
  readonly purpose: Purpose;
  /** Now, in milliseconds since 1970. */
  readonly wallMs: number;
}

interface Link {
  readonly certificate: X509Certificate;
  readonly extensions: CertificateExtensions;
  readonly validity: Validity;
}

/**
 * Why a chain of certificates is not good enough; `undefined` when it is: a path leads from the leaf over presented
 * authorities to one of ours, every signature on it is right, every certificate is of its time and may be what it is
 * used for, and none asks for something that is not understood (RFC 5280, 6.1). Names are the caller's to judge.
 */
export function chainRefusal(question: ChainQuestion): string | undefined {
  const [leaf, ...others] = question.presented.map(linkOf);
  if (leaf === undefined) {
    return 'no certificate was presented, or it cannot be read';
  }
  const refusal = leafRefusal(leaf, question);
  if (refusal !== undefined) {
    return refusal;
  }
  const search: Search = {
    ...question,
    intermediates: others.filter((link) => link !== undefined).slice(0, INTERMEDIATES_MAX),
    anchors: question.authorities.flatMap((authority) => linkOf(authority.raw) ?? []),
    checks: 0,
    refusal: undefined,
  };
  return isAnchored(leaf, [], search) ? undefined : (search.refusal ?? 'certificate signed by unknown authority');
}

interface Search extends ChainQuestion {
  readonly intermediates: readonly Link[];
  readonly anchors: readonly Link[];
  checks: number;
  /** The most telling reason so far why a path was not good. */
  refusal: string | undefined;
}

/** True when a path leads from `link` to an authority of ours; `below` are the authorities passed already. */
function isAnchored(link: Link, below: readonly Link[], search: Search): boolean {
  const { anchors, intermediates } = search;
  // An authority may name the leaf itself: then that very certificate is trusted.
  if (anchors.some(({ certificate }) => certificate.raw.equals(link.certificate.raw))) {
    return true;
  }
  if (anchors.some((anchor) => isIssuer(anchor, link, below, search))) {
    return true;
  }
  const unused = intermediates.filter((candidate) => candidate !== link && !below.includes(candidate));
  return unused.some(
    (candidate) => isIssuer(candidate, link, below, search) && isAnchored(candidate, [...below, candidate], search),
  );
}

function isIssuer(issuer: Link, subject: Link, below: readonly Link[], search: Search): boolean {
  if (issuer.certificate.subject !== subject.certificate.issuer || search.checks >= CHECKS_MAX) {
    return false;
  }
  search.checks += 1;
  const refusal = issuerRefusal(issuer, below.length, search);
  if (refusal !== undefined) {
    search.refusal ??= refusal;
    return false;
  }
  if (FORGEABLE.has(signatureKind(subject))) {
    search.refusal ??= `${nameOf(subject)} is signed in a way that can be forged`;
    return false;
  }
  if (!isSignedBy(subject.certificate, issuer.certificate)) {
    search.refusal ??= `the signature of ${nameOf(subject)} was not made by ${nameOf(issuer)}`;
    return false;
  }
  return true;
}

function issuerRefusal(issuer: Link, authoritiesBelow: number, { wallMs, purpose }: Search): string | undefined {
  const { isAuthority, pathLength, maySignCertificates } = issuer.extensions;
  if (isAuthority !== true || maySignCertificates === false) {
    return `${nameOf(issuer)} may not sign certificates`;
  }
  if (pathLength !== undefined && authoritiesBelow > pathLength) {
    return `too many authorities below ${nameOf(issuer)}`;
  }
  return generalRefusal(issuer, purpose, wallMs);
}

function leafRefusal(leaf: Link, { wallMs, purpose }: ChainQuestion): string | undefined {
  return leaf.extensions.maySignHandshakes === false
    ? `the key usage of ${nameOf(leaf)} does not allow a handshake`
    : generalRefusal(leaf, purpose, wallMs);
}

function generalRefusal(link: Link, purpose: Purpose, wallMs: number): string | undefined {
  const { certificate, validity } = link;
  const { purposes, unknownCritical } = link.extensions;
  if (wallMs < validity.fromMs) {
    return `${nameOf(link)} is not yet valid: it begins at ${certificate.validFrom}`;
  }
  if (wallMs >= validity.toMs + SECOND_MS) {
    return `${nameOf(link)} has expired: it ended at ${certificate.validTo}`;
  }
  if (unknownCritical.length > 0) {
    return `${nameOf(link)} has critical extensions that are not understood: ${unknownCritical.join(', ')}`;
  }
  if (purposes !== undefined && !purposes.includes(PURPOSE_OID[purpose]) && !purposes.includes(ANY_PURPOSE)) {
    return `${nameOf(link)} is not meant for a ${purpose}`;
  }
  return undefined;
}

/** The last second of a certificate counts whole: it tells no parts of seconds. */
const SECOND_MS = 1_000;

/** `undefined` for bytes that are not exactly one certificate. */
function linkOf(der: Uint8Array): Link | undefined {
  const extensions = extensionsOf(der);
  const validity = validityOf(der);
  if (extensions === undefined || validity === undefined) {
    return undefined;
  }
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der);
  } catch {
    return undefined; // it comes from the peer and may be anything
  }
  // Node finds PEM anywhere in the bytes: two readers must not see two certificates.
  return certificate.raw.equals(der) ? { certificate, extensions, validity } : undefined;
}

/** The algorithm of a certificate's signature, as a dotted object identifier. */
function signatureKind({ certificate }: Link): string {
  const [outer] = derElements(certificate.raw) ?? [];
  const [id] = derChildren(derChildren(outer)[1]);
  return id === undefined ? '' : dotted(id.content);
}

function isSignedBy(subject: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return subject.verify(issuer.publicKey);
  } catch {
    return false; // a key or an algorithm that does not fit
  }
}

function nameOf({ certificate }: Link): string {
  return `the certificate of ${JSON.stringify(certificate.subject?.replaceAll('\n', ', ') ?? '')}`;
}
