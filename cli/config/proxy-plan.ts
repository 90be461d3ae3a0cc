import type { ProxyAddress } from '../../runtime/ports.js';
import { Secret } from '../../runtime/secret.js';
import type { ConfigItem } from './config-item.js';
import { portNumberOf } from './host-port.js';
import { addressBytes, isInNetwork, isLoopback } from './ip-address.js';

/** The variables that say how programs reach the outside; lower case counts, too, where upper case says nothing. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a peer is, and over which scheme. */
export interface ProxyTarget {
  readonly host: string;
  readonly portNumber: number;
  readonly scheme: 'tcp' | 'ws' | 'wss';
}

const PORT_DEFAULT = 80;
const NONE = 'none';
const CURE = 'write it as http://host:port or http://user:password@host:port, or none';

/**
 * The proxy of a peer: what its own `proxy` says; else, for WebSocket peers, what the environment says, as for the
 * reference (mesh-protocol 1.3).
 */
export function proxyOf(
  item: ConfigItem,
  target: ProxyTarget,
  environment: ProxyEnvironment,
): ProxyAddress | undefined {
  const own = item.text('proxy');
  if (own !== '') {
    return own === NONE ? undefined : parsed(own, (why) => item.error(`proxy: ${why}`, CURE, 'proxy'));
  }
  const variable = target.scheme === 'wss' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = target.scheme === 'tcp' ? '' : variableOf(environment, variable);
  if (text === '' || isExempt(target, variableOf(environment, 'NO_PROXY'))) {
    return undefined;
  }
  const withScheme = text.includes('://') ? text : `http://${text}`;
  return parsed(withScheme, (why) => item.error(`${variable} of the environment: ${why}`, CURE));
}

function variableOf(environment: ProxyEnvironment, name: string): string {
  return environment[name] || environment[name.toLowerCase()] || '';
}

function parsed(text: string, fault: (why: string) => Error): ProxyAddress {
  const match = /^http:\/\/(?:([^/\s]*)@)?(\[[^\]\s]+\]|[^:/@[\]\s]+)(?::(\d+))?\/?$/i.exec(text);
  // The text itself may hold a password: it is not shown.
  if (match === null) {
    throw fault(/^(https|socks5?):/i.test(text) ? 'only http:// proxies are supported' : 'it is no URL of a proxy');
  }
  const [, user, host = '', port] = match;
  const portNumber = port === undefined ? PORT_DEFAULT : portNumberOf(port);
  if (portNumber === undefined || portNumber === 0) {
    throw fault('its port is no port');
  }
  const credentials = user === undefined ? {} : { credentials: new Secret(decoded(user)) };
  return { host: host.replace(/^\[(.*)\]$/, '$1'), portNumber, ...credentials };
}

/** A percent sign that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent-encoded: as it was given
  }
}

/** The rules of Go's `httpproxy`: `*`, hosts and domains, addresses and networks, with or without a port. */
function isExempt({ host, portNumber }: ProxyTarget, list: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  const address = addressBytes(name);
  if (name === 'localhost' || (address !== undefined && isLoopback(address))) {
    return true;
  }
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || matches(entry, { name, address, portNumber }));
}

interface Wanted {
  readonly name: string;
  /** Where the name is an IP address. */
  readonly address: readonly number[] | undefined;
  readonly portNumber: number;
}

function matches(entry: string, { name, address, portNumber }: Wanted): boolean {
  const [, network, prefix] = /^([^/]+)\/(\d+)$/.exec(entry) ?? [];
  if (network !== undefined) {
    return address !== undefined && isInNetwork(address, network, Number(prefix));
  }
  const [, body = '', port] = /^(\[[^\]]*\]|[^:]*|[0-9a-f:.]+)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && Number(port) !== portNumber) {
    return false;
  }
  const bare = body.replace(/^\[(.*)\]$/, '$1');
  const listed = addressBytes(bare);
  if (listed !== undefined) {
    return address !== undefined && isInNetwork(address, bare, listed.length * 8);
  }
  // `.example.org` is the domain's hosts alone, `example.org` itself too.
  const wanted = bare.replace(/^\*\./, '.');
  return wanted.startsWith('.') ? name.endsWith(wanted) : name === wanted || name.endsWith(`.${wanted}`);
}
