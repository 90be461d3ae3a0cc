// The names that a certificate speaks for (RFC 5280, 4.2.1.6): DNS names, addresses, and ids of nodes.
import { isIPv4, isIPv6 } from 'node:net';
import { type DerElement, derChildren, dotted } from '../../runtime/security/der-reader.js';
import { CertError } from './cert-error.js';
import { der, derObject, derSequence, derText, explicitTag, implicitTag, WRITE_TAG } from './der-writer.js';

/** The kind of name that holds a node id (mesh-protocol 7). */
const RECEPTOR_NAME = '1.3.6.1.4.1.2312.19.1';

const TAG = {
  other: explicitTag(0),
  email: implicitTag(1),
  dns: implicitTag(2),
  uri: implicitTag(6),
  address: implicitTag(7),
} as const;

const V4_BYTES = 4;
const V6_BYTES = 16;
/** An IPv4 address within the space of IPv6. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** Letters, digits and what stands between them; `*` as the first part, as servers for many names have it. */
const DNS_NAME = /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$/;
const DNS_NAME_LENGTH_MAX = 253;

export interface CertificateNames {
  readonly dns: readonly string[];
  /** As text: `192.0.2.1`, `2001:db8::1`. */
  readonly addresses: readonly string[];
  readonly nodeIds: readonly string[];
}

export interface ReadNames extends CertificateNames {
  /** Names of any other kind, as well as they can be shown. */
  readonly others: readonly string[];
}

export const NO_NAMES: ReadNames = { dns: [], addresses: [], nodeIds: [], others: [] };

/** In the order of the reference: DNS names, addresses, node ids. Throws a `CertError` for what is no name. */
export function namesDer({ dns, addresses, nodeIds }: CertificateNames): Uint8Array {
  return derSequence(
    ...dns.map((name) => derText(TAG.dns, checkedDnsName(name))),
    ...addresses.map((text) => der(TAG.address, addressBytes(text))),
    ...nodeIds.map((id) =>
      der(TAG.other, derObject(RECEPTOR_NAME), der(explicitTag(0), derText(WRITE_TAG.utf8String, id))),
    ),
  );
}

/** The names in the value of the extension. */
export function namesOf(value: DerElement | undefined): ReadNames {
  return derChildren(value).reduce(withName, NO_NAMES);
}

export function hasNames({ dns, addresses, nodeIds }: CertificateNames): boolean {
  return dns.length + addresses.length + nodeIds.length > 0;
}

function withName(names: ReadNames, element: DerElement): ReadNames {
  const { tag, content } = element;
  switch (tag) {
    case TAG.dns:
      return { ...names, dns: [...names.dns, Buffer.from(content).toString('latin1')] };
    case TAG.address:
      return { ...names, addresses: [...names.addresses, addressText(content)] };
    case TAG.other: {
      const [kind, explicit] = derChildren(element);
      const [value] = derChildren(explicit);
      const id = kind === undefined ? '' : dotted(kind.content);
      return id === RECEPTOR_NAME && value?.tag === WRITE_TAG.utf8String
        ? { ...names, nodeIds: [...names.nodeIds, new TextDecoder().decode(value.content)] }
        : { ...names, others: [...names.others, `other name ${id}`] };
    }
    case TAG.email:
      return { ...names, others: [...names.others, `email ${Buffer.from(content).toString('latin1')}`] };
    case TAG.uri:
      return { ...names, others: [...names.others, `URI ${Buffer.from(content).toString('latin1')}`] };
    default:
      return { ...names, others: [...names.others, `name of kind ${tag & 0x1f}`] };
  }
}

function checkedDnsName(name: string): string {
  if (name.length > DNS_NAME_LENGTH_MAX || !DNS_NAME.test(name)) {
    throw new CertError('name-invalid', `invalid DNS name: ${name}`, {
      cure: 'a host name is expected, such as alpha.example.org',
      parameter: 'dnsname',
    });
  }
  return name;
}

function addressBytes(text: string): Uint8Array {
  const v4 = MAPPED.exec(text)?.[1] ?? text;
  if (isIPv4(v4)) {
    return Uint8Array.from(v4.split('.').map(Number));
  }
  if (!isIPv6(text) || text.includes('%')) {
    throw new CertError('name-invalid', `invalid IP address: ${text}`, {
      cure: 'an address is expected, such as 192.0.2.1 or 2001:db8::1',
      parameter: 'ipaddress',
    });
  }
  const [head = '', tail] = canonical(text).split('::');
  const before = groupsOf(head);
  const behind = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: V6_BYTES / 2 - before.length - behind.length }, () => 0);
  return Uint8Array.from([...before, ...zeros, ...behind].flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === V4_BYTES) {
    return bytes.join('.');
  }
  if (bytes.length !== V6_BYTES) {
    return `?${Buffer.from(bytes).toString('hex')}`;
  }
  return canonical(
    Buffer.from(bytes)
      .toString('hex')
      .replaceAll(/(....)(?=.)/g, '$1:'),
  );
}

/** The shortest form, in hexadecimal groups only (RFC 5952): that of host names in URLs. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
