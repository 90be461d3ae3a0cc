import type { LinkOptions, ListenerOptions, PeerOptions } from '../../actors/node-options.js';
import { isCost, isPortNumber, PORT_MAX } from '../../actors/option-rules.js';
import type { ConfigItem } from './config-item.js';
import { splitHostPort } from './host-port.js';

const POSITIVE = 'a number more than 0 is expected';

/** A `tcp-listener` (mesh-protocol 1.1, 1.5). */
export function listenerOf(item: ConfigItem): ListenerOptions {
  const link = linkOf(item);
  const nodeCosts = item.numbers('nodecost') ?? new Map<string, number>();
  for (const [node, cost] of nodeCosts) {
    if (!isCost(cost)) {
      throw item.error(`connection cost must be positive for ${node}`, POSITIVE, 'nodecost');
    }
  }
  const portNumber = item.number('port');
  if (!isPortNumber(portNumber, { least: 0 })) {
    const text = `listen tcp: address ${portNumber}: invalid port`;
    throw item.error(text, `the port is a number from 0 to ${PORT_MAX}`, 'port');
  }
  refuseTls(item, 'tls');
  return {
    address: { transport: 'tcp', host: bindHost(item.text('bindaddr')), portNumber },
    ...link,
    ...(nodeCosts.size === 0 ? {} : { nodeCosts: Object.fromEntries(nodeCosts) }),
  };
}

/** A `tcp-peer`. */
export function peerOf(item: ConfigItem): PeerOptions {
  const link = linkOf(item);
  const split = splitHostPort(item.text('address'));
  if (!split.ok) {
    throw item.error(split.text, split.cure, 'address');
  }
  const { host, portNumber } = split.value;
  if (!isPortNumber(portNumber, { least: 1 })) {
    throw item.error(`address ${item.text('address')}: invalid port`, 'a peer listens at a port from 1 on', 'address');
  }
  refuseTls(item, 'tls');
  return {
    address: { transport: 'tcp', host: host === '' ? 'localhost' : host, portNumber },
    ...link,
    redial: item.truth('redial'),
  };
}

/** No TLS configuration can be defined yet, so no name is known. */
export function refuseTls(item: ConfigItem, parameter: string): void {
  const name = item.text(parameter);
  if (name !== '') {
    throw item.error(`unknown TLS config ${name}`, 'this version has no TLS for links and services yet', parameter);
  }
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
