import { DER_TAG, type DerElement, derChildren, derElements, dotted } from './der-reader.js';

/** What the extensions of a certificate say that a chain is judged by (RFC 5280, 4.2). */
export interface CertificateExtensions {
  /** May certificates be signed with it? `undefined` where basic constraints are missing. */
  readonly isAuthority: boolean | undefined;
  /** How many authorities may lie below it, itself not counted. */
  readonly pathLength: number | undefined;
  /** May it sign certificates, by its key usage? `undefined` where the extension is missing. */
  readonly maySignCertificates: boolean | undefined;
  /** May its key sign a handshake? `undefined` where the extension is missing. */
  readonly maySignHandshakes: boolean | undefined;
  /** Purposes as dotted object identifiers; `undefined` where the extension is missing, which allows all. */
  readonly purposes: readonly string[] | undefined;
  /** Names of kinds that are not DNS, address or the like: by the object identifier of their kind. */
  readonly otherNames: readonly OtherName[];
  /** Critical extensions that nobody here understands: who does not understand them must refuse. */
  readonly unknownCritical: readonly string[];
}

export interface OtherName {
  readonly kind: string;
  /** `undefined` where the value is no UTF-8 string. */
  readonly text: string | undefined;
}

const OID = {
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Critical, and harmless to us: they say how a certificate was issued, not what it is good for. */
const HARMLESS: ReadonlySet<string> = new Set(['2.5.29.32']);

/** In the certificate's `[3] EXPLICIT Extensions`. */
const EXTENSIONS_TAG = DER_TAG.contextConstructed | 3;

const BIT = { digitalSignature: 0x80, keyCertSign: 0x04 } as const;

const NOTHING: CertificateExtensions = {
  isAuthority: undefined,
  pathLength: undefined,
  maySignCertificates: undefined,
  maySignHandshakes: undefined,
  purposes: undefined,
  otherNames: [],
  unknownCritical: [],
};

/**
 * Reads the extensions of a certificate in DER. `undefined` for what is no certificate, for extensions that cannot be
 * read, and for one that stands there twice (RFC 5280, 4.2): what is not understood must not count as not there.
 */
export function extensionsOf(certificate: Uint8Array): CertificateExtensions | undefined {
  const [outer] = derElements(certificate) ?? [];
  const [body] = derChildren(outer);
  if (body?.tag !== DER_TAG.sequence) {
    return undefined;
  }
  const extensions = derChildren(body).find(({ tag }) => tag === EXTENSIONS_TAG);
  if (extensions === undefined) {
    return NOTHING;
  }
  const [list] = derChildren(extensions);
  const members = list?.tag === DER_TAG.sequence ? derElements(list.content) : undefined;
  const names = members?.map(nameOf);
  return members === undefined || names === undefined || names.includes('') || new Set(names).size < names.length
    ? undefined
    : members.reduce(withExtension, NOTHING);
}

function withExtension(known: CertificateExtensions, extension: DerElement): CertificateExtensions {
  const [, ...rest] = derChildren(extension);
  const name = nameOf(extension);
  const isCritical = rest[0]?.tag === DER_TAG.boolean && rest[0].content[0] !== 0;
  const [value] = derElements(rest.at(-1)?.content ?? new Uint8Array(0)) ?? [];
  switch (name) {
    case OID.basicConstraints:
      return { ...known, ...basicConstraints(value) };
    case OID.keyUsage:
      return { ...known, ...keyUsage(value) };
    case OID.extendedKeyUsage:
      return { ...known, purposes: derChildren(value).map(({ content }) => dotted(content)) };
    case OID.alternativeName:
      return { ...known, otherNames: derChildren(value).flatMap(otherName) };
    default:
      return isCritical && !HARMLESS.has(name)
        ? { ...known, unknownCritical: [...known.unknownCritical, name] }
        : known;
  }
}

/** Empty for what is no extension. */
function nameOf(extension: DerElement): string {
  const [id] = derChildren(extension);
  return id?.tag === DER_TAG.objectIdentifier ? dotted(id.content) : '';
}

function basicConstraints(value: DerElement | undefined): Partial<CertificateExtensions> {
  const parts = derChildren(value);
  const isAuthority = parts.some(({ tag, content }) => tag === DER_TAG.boolean && content[0] !== 0);
  const length = parts.find(({ tag }) => tag === DER_TAG.integer);
  return { isAuthority, pathLength: length?.content.reduce((sum, byte) => sum * 256 + byte, 0) };
}

function keyUsage(value: DerElement | undefined): Partial<CertificateExtensions> {
  const bits = value?.content[1] ?? 0;
  return {
    maySignCertificates: (bits & BIT.keyCertSign) !== 0,
    maySignHandshakes: (bits & BIT.digitalSignature) !== 0,
  };
}

/** `[0] { OBJECT IDENTIFIER, [0] EXPLICIT value }` (RFC 5280, 4.2.1.6). */
function otherName(element: DerElement): readonly OtherName[] {
  const [id, explicit] = derChildren(element);
  if (element.tag !== DER_TAG.contextConstructed || id === undefined) {
    return [];
  }
  const [value] = derChildren(explicit);
  const isText = value?.tag === DER_TAG.utf8String;
  return [{ kind: dotted(id.content), text: isText ? new TextDecoder().decode(value.content) : undefined }];
}
