import { BlockList, isIP } from 'node:net';
import type { ProxyAddress } from '../../runtime/ports.js';
import { Secret } from '../../runtime/secret.js';
import type { ConfigItem } from './config-item.js';
import { portNumberOf } from './host-port.js';

/** The variables that say how programs reach the outside; lower case counts, too, and first. */
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
  return environment[name.toLowerCase()] ?? environment[name] ?? '';
}

function parsed(text: string, fault: (why: string) => Error): ProxyAddress {
  const match = /^http:\/\/(?:([^@/]*)@)?(\[[^\]]+\]|[^:/@]+)(?::(\d+))?\/?$/i.exec(text);
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
  if (name === 'localhost' || isLoopback(name)) {
    return true;
  }
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || matches(entry, name, portNumber));
}

function matches(entry: string, host: string, portNumber: number): boolean {
  const network = /^([^/]+)\/(\d+)$/.exec(entry);
  if (network !== null) {
    return isInNetwork(host, network[1] ?? '', Number(network[2]));
  }
  const [, body = '', port] = /^(\[[^\]]*\]|[^:]*|[0-9a-f:]+)(?::(\d+))?$/.exec(entry) ?? [];
  if (port !== undefined && Number(port) !== portNumber) {
    return false;
  }
  const wanted = body.replace(/^\[(.*)\]$/, '$1').replace(/^\*?\./, '.');
  // `.example.org` is the domain's hosts alone, `example.org` itself too.
  return wanted.startsWith('.') ? host.endsWith(wanted) : host === wanted || host.endsWith(`.${wanted}`);
}

function isInNetwork(host: string, network: string, prefix: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(network, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
