import type { DialWay } from '../../actors/mesh/dial-way.js';
import type { LinkOptions, ListenerOptions, PeerOptions } from '../../actors/node-options.js';
import { isCost, isPortNumber, PORT_MAX } from '../../actors/option-rules.js';
import type { SessionAddress } from '../../runtime/ports.js';
import { Secret } from '../../runtime/secret.js';
import type { ConfigItem } from './config-item.js';
import { splitHostPort } from './host-port.js';
import { type ProxyEnvironment, proxyOf } from './proxy-plan.js';
import { type TlsNames, tlsNameOf } from './tls-plan.js';
import { webSocketUrlOf } from './web-socket-url.js';

const POSITIVE = 'a number more than 0 is expected';

/** What links refer to beside their own items. */
export interface LinkSurroundings {
  readonly tls: TlsNames;
  readonly environment: ProxyEnvironment;
}

/** A `tcp-listener`, `udp-listener` or `ws-listener` (mesh-protocol 1). */
export function listenerOf(item: ConfigItem, { tls }: LinkSurroundings): ListenerOptions {
  const link = linkOf(item);
  const nodeCosts = item.numbers('nodecost') ?? new Map<string, number>();
  for (const [node, cost] of nodeCosts) {
    if (!isCost(cost)) {
      throw item.error(`connection cost must be positive for ${node}`, POSITIVE, 'nodecost');
    }
  }
  return {
    address: listenAddress(item),
    ...(transportOf(item) === 'udp' ? {} : tlsNameOf(item, 'tls', tls.servers)),
    ...link,
    ...(nodeCosts.size === 0 ? {} : { nodeCosts: Object.fromEntries(nodeCosts) }),
  };
}

/** A `tcp-peer`, `udp-peer` or `ws-peer`. */
export function peerOf(item: ConfigItem, around: LinkSurroundings): PeerOptions {
  const link = { ...linkOf(item), redial: item.truth('redial') };
  const transport = transportOf(item);
  if (transport === 'ws') {
    return { ...webSocketPeer(item, around), ...link };
  }
  const address = { transport, ...hostPortOf(item) };
  return transport === 'udp' ? { address, ...link } : { address, way: tcpWay(item, address, around), ...link };
}

function transportOf({ entity }: ConfigItem): 'tcp' | 'udp' | 'ws' {
  const [name] = entity.name.split('-');
  return name === 'udp' || name === 'ws' ? name : 'tcp';
}

function listenAddress(item: ConfigItem): SessionAddress {
  const transport = transportOf(item);
  const portNumber = item.number('port');
  if (!isPortNumber(portNumber, { least: 0 })) {
    const text = `listen ${transport === 'ws' ? 'tcp' : transport}: address ${portNumber}: invalid port`;
    throw item.error(text, `the port is a number from 0 to ${PORT_MAX}`, 'port');
  }
  const place = { host: bindHost(item.text('bindaddr')), portNumber };
  if (transport !== 'ws') {
    return { transport, ...place };
  }
  const path = item.text('path');
  if (!path.startsWith('/')) {
    throw item.error(`the path ${path} does not begin with /`, 'for example path=/mesh', 'path');
  }
  return { transport, ...place, path };
}

function hostPortOf(item: ConfigItem): { readonly host: string; readonly portNumber: number } {
  const split = splitHostPort(item.text('address'));
  if (!split.ok) {
    throw item.error(split.text, split.cure, 'address');
  }
  const { host, portNumber } = split.value;
  if (!isPortNumber(portNumber, { least: 1 })) {
    throw item.error(`address ${item.text('address')}: invalid port`, 'a peer listens at a port from 1 on', 'address');
  }
  return { host: host === '' ? 'localhost' : host, portNumber };
}

function tcpWay(
  item: ConfigItem,
  address: { readonly host: string; readonly portNumber: number },
  { tls, environment }: LinkSurroundings,
): DialWay {
  const { tls: name } = tlsNameOf(item, 'tls', tls.clients);
  const proxy = proxyOf(item, { ...address, scheme: 'tcp' }, environment);
  return { security: name === undefined ? 'none' : { tls: name }, ...(proxy === undefined ? {} : { proxy }) };
}

function webSocketPeer(
  item: ConfigItem,
  { tls, environment }: LinkSurroundings,
): { readonly address: SessionAddress; readonly way: DialWay } {
  const url = webSocketUrlOf(item.text('address'));
  if (!url.ok) {
    throw item.error(url.text, 'write it as ws://host:port/path or wss://host:port/path', 'address');
  }
  const { scheme, host, portNumber, path } = url.value;
  const { tls: name } = tlsNameOf(item, 'tls', tls.clients);
  if (name !== undefined && scheme === 'ws') {
    throw item.error(`a ws:// peer is not secured, but tls=${name} is given`, 'write wss:// or leave tls out', 'tls');
  }
  const proxy = proxyOf(item, { host, portNumber, scheme }, environment);
  const header = item.text('extraheader');
  return {
    address: { transport: 'ws', host, portNumber, path },
    way: {
      // The reference stops at a wss:// peer without a name; the authorities of this machine are what was meant.
      security: name !== undefined ? { tls: name } : scheme === 'wss' ? 'system' : 'none',
      ...(proxy === undefined ? {} : { proxy }),
      ...(header === '' ? {} : { headers: new Secret([headerOf(item, header)]) }),
    },
  };
}

/** One header, split at the first colon (mesh-protocol 1.3). */
function headerOf(item: ConfigItem, text: string): readonly [string, string] {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/.exec(text);
  const [, name, value] = match ?? [];
  if (name === undefined || value === undefined) {
    // A header may be a token of somebody's: it is not shown.
    throw item.error('the extra header is no HTTP header', 'write it as "Name: value"', 'extraheader');
  }
  return [name, value.trimEnd()];
}

/** Brackets are allowed around an IPv6 address; nothing at all means every address. */
export function bindHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  return host === '' ? '0.0.0.0' : host;
}

function linkOf(item: ConfigItem): LinkOptions {
  const cost = item.number('cost');
  if (!isCost(cost)) {
    throw item.error('connection cost must be positive', POSITIVE, 'cost');
  }
  const allowedPeers = item.texts('allowedpeers');
  return { cost, ...(allowedPeers === undefined ? {} : { allowedPeers }) };
}
