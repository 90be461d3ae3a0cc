// IP addresses as bytes, without asking anybody: enough to tell whether a host is one, and in which network.

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
/** `::ffff:0:0/96`: IPv4 in the clothes of IPv6 (RFC 4291, 2.5.5.2). */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** 4 or 16 bytes; an IPv4 address that is written as an IPv6 one has 4. `undefined` for what is no address. */
export function addressBytes(text: string): readonly number[] | undefined {
  const bytes = text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
  const isMapped = bytes?.length === IPV6_BYTES && MAPPED.every((byte, at) => bytes[at] === byte);
  return isMapped ? bytes.slice(MAPPED.length) : bytes;
}

/** Is the address in `network/prefix`? False for what is no network. */
export function isInNetwork(address: readonly number[], network: string, prefix: number): boolean {
  const base = addressBytes(network);
  if (base === undefined || base.length !== address.length || prefix > base.length * 8) {
    return false;
  }
  return base.every((byte, at) => {
    const bits = Math.min(8, Math.max(0, prefix - at * 8));
    return byte >> (8 - bits) === (address[at] ?? 0) >> (8 - bits);
  });
}

export function isLoopback(address: readonly number[]): boolean {
  return address.length === IPV4_BYTES
    ? address[0] === 127
    : address.every((byte, at) => byte === (at === IPV6_BYTES - 1 ? 1 : 0));
}

function ipv4Bytes(text: string): readonly number[] | undefined {
  const bytes = /^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/.test(text) ? text.split('.').map(Number) : [];
  return bytes.length === IPV4_BYTES && bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** RFC 4291, 2.2: eight groups, one run of zeros left out, the last two perhaps in the form of IPv4. */
function ipv6Bytes(text: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  const [front, back] = [groupBytes(head), groupBytes(tail ?? '')];
  if (more.length > 0 || front === undefined || back === undefined) {
    return undefined;
  }
  const missing = IPV6_BYTES - front.length - back.length;
  if (tail === undefined) {
    return missing === 0 ? front : undefined;
  }
  return missing >= 2 ? [...front, ...new Array<number>(missing).fill(0), ...back] : undefined;
}

function groupBytes(text: string): readonly number[] | undefined {
  const bytes: number[] = [];
  const groups = text === '' ? [] : text.split(':');
  for (const [at, group] of groups.entries()) {
    const last = at === groups.length - 1 ? ipv4Bytes(group) : undefined;
    if (last !== undefined) {
      bytes.push(...last);
    } else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else {
      return undefined;
    }
  }
  return bytes;
}
