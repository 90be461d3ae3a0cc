// The checks of what a user of the library says of links: where they go, how they are secured, and over which way.
import type { SessionAddress } from '../runtime/ports.js';
import { Secret } from '../runtime/secret.js';
import { parseFingerprint } from '../runtime/security/fingerprint.js';
import type { DialWay } from './mesh/dial-way.js';
import type { LinkOptions, ListenerOptions, PeerOptions } from './node-options.js';
import { areFilledTexts, demand, demandTruth, isFilledText, isRecord } from './option-demands.js';
import { isCost, isPortNumber, isSocketPath, PORT_MAX, SOCKET_PATH_BYTES_MAX } from './option-rules.js';
import type { TlsClientOptions, TlsServerOptions } from './security/tls-options.js';

/** The names of the TLS configurations that there are. */
export interface TlsNames {
  readonly servers: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
}

type TransportName = SessionAddress['transport'];

/** What can be secured by TLS. */
const SECURABLE: readonly TransportName[] = ['tcp', 'ws'];
const LINKS: readonly TransportName[] = ['tcp', 'udp', 'ws', 'unix'];

/** One header of HTTP (RFC 9110, 5.1 and 5.5). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export function demandListener(field: string, listener: ListenerOptions, { servers }: TlsNames): void {
  demandLink(field, listener);
  demandAddress(`${field}.address`, listener.address, { least: 0, transports: LINKS });
  demandTlsName(`${field}.tls`, listener.tls, { known: servers, on: listener.address.transport });
  const { nodeCosts = {} } = listener;
  demand(`${field}.nodeCosts`, nodeCosts, isRecord(nodeCosts), 'a cost for each id is expected');
  for (const [node, cost] of Object.entries(nodeCosts)) {
    demandCost(`${field}.nodeCosts.${node}`, cost);
  }
}

export function demandPeer(field: string, peer: PeerOptions, names: TlsNames): void {
  demandLink(field, peer);
  demandAddress(`${field}.address`, peer.address, { least: 1, transports: LINKS });
  demandTruth(`${field}.redial`, peer.redial);
  if (peer.way !== undefined) {
    demand(`${field}.way`, peer.way, isRecord(peer.way), 'an object is expected');
    demandWay(`${field}.way`, peer.way, { on: peer.address.transport, known: names.clients });
  }
}

function demandLink(field: string, { cost, allowedPeers }: LinkOptions): void {
  demandCost(`${field}.cost`, cost ?? 1);
  demand(`${field}.allowedPeers`, allowedPeers, areFilledTexts(allowedPeers), 'a list of ids is expected');
}

function demandCost(field: string, cost: number): void {
  demand(field, cost, typeof cost === 'number' && isCost(cost), 'connection cost must be positive');
}

/** Where sessions go or come from, over one of these transports. */
export function demandAddress(
  field: string,
  address: SessionAddress,
  { least, transports }: { readonly least: 0 | 1; readonly transports: readonly TransportName[] },
): void {
  demand(field, address, isRecord(address), 'an address is expected');
  const { transport } = address;
  demand(`${field}.transport`, transport, transports.includes(transport), `${anyOf(transports)} is expected`);
  if (address.transport === 'unix') {
    demandSocketPath(`${field}.path`, address.path);
    return;
  }
  const { host, portNumber } = address;
  demand(`${field}.host`, host, isFilledText(host), 'a name or an address is expected');
  const isPort = typeof portNumber === 'number' && isPortNumber(portNumber, { least });
  demand(`${field}.portNumber`, portNumber, isPort, `a port from ${least} to ${PORT_MAX} is expected`);
  if (address.transport === 'ws') {
    const { path } = address;
    const isPath = typeof path === 'string' && /^\/[!-"$-~]*$/.test(path);
    demand(`${field}.path`, path, isPath, 'a path that begins with / is expected, without blanks');
  }
}

function demandSocketPath(field: string, path: string): void {
  const isPath = typeof path === 'string' && isSocketPath(path);
  demand(field, path, isPath, `the path of a socket has 1 to ${SOCKET_PATH_BYTES_MAX} bytes, none of them zero`);
}

/** `tcp, udp, ws or unix`. */
function anyOf(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** The name of a TLS configuration of this node, where there may be one. */
export function demandTlsName(
  field: string,
  name: string | undefined,
  { known, on }: { readonly known: ReadonlySet<string>; readonly on: TransportName | 'mesh' },
): void {
  if (name === undefined) {
    return;
  }
  demand(field, name, isSecurable(on), `there is no TLS over ${on}`);
  const all = Array.from(known).join(', ');
  demand(field, name, known.has(name), all === '' ? 'no TLS configuration is given' : `one of ${all} is expected`);
}

const isSecurable = (on: TransportName | 'mesh'): boolean => on === 'mesh' || SECURABLE.includes(on);

function demandWay(
  field: string,
  { security, proxy, headers }: DialWay,
  { on, known }: { readonly on: TransportName; readonly known: ReadonlySet<string> },
): void {
  if (isRecord(security)) {
    demandTlsName(`${field}.security.tls`, `${Reflect.get(Object(security), 'tls')}`, { known, on });
  } else {
    const isWord = security === 'none' || (security === 'system' && isSecurable(on));
    demand(`${field}.security`, security, isWord, 'none, or over tcp and ws system or { tls: NAME } is expected');
  }
  demand(`${field}.proxy`, proxy, proxy === undefined || isSecurable(on), `no proxy leads to ${on}`);
  if (proxy !== undefined) {
    demandProxy(`${field}.proxy`, proxy);
  }
  if (headers !== undefined) {
    demand(`${field}.headers`, headers, on === 'ws' && areHeaders(headers), 'a Secret of headers of a ws is expected');
  }
}

function demandProxy(field: string, proxy: NonNullable<DialWay['proxy']>): void {
  demand(field, proxy, isRecord(proxy), 'an object is expected');
  demandAddress(field, { transport: 'tcp', ...proxy }, { least: 1, transports: ['tcp'] });
  const { credentials } = proxy;
  const isHidden = credentials === undefined || (credentials instanceof Secret && isText(credentials.reveal()));
  demand(`${field}.credentials`, '(hidden)', isHidden, 'a Secret of user:password is expected');
}

function areHeaders(headers: unknown): boolean {
  const list: unknown = headers instanceof Secret ? headers.reveal() : undefined;
  return Array.isArray(list) && list.every(isHeader);
}

function isHeader(header: unknown): boolean {
  const [name, value]: readonly unknown[] = Array.isArray(header) ? header : [];
  return isText(name) && HEADER_NAME.test(name) && isText(value) && HEADER_VALUE.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function demandTlsServer(field: string, options: TlsServerOptions): void {
  demandTls(field, options);
  demandTruth(`${field}.requireClientCert`, options.requireClientCert);
  demandFile(`${field}.clientCas`, options.clientCas ?? 'none');
  demandPins(`${field}.pinnedClientCert`, options.pinnedClientCert);
}

export function demandTlsClient(field: string, options: TlsClientOptions): void {
  demandTls(field, options);
  demandTruth(`${field}.insecureSkipVerify`, options.insecureSkipVerify);
  demandFile(`${field}.rootCas`, options.rootCas ?? 'none');
  demandPins(`${field}.pinnedServerCert`, options.pinnedServerCert);
}

function demandTls(field: string, options: TlsServerOptions | TlsClientOptions): void {
  demand(`${field}.name`, options.name, isFilledText(options.name), 'a name is expected');
  demandFile(`${field}.cert`, options.cert);
  demandFile(`${field}.key`, options.key);
  demandTruth(`${field}.skipReceptorNamesCheck`, options.skipReceptorNamesCheck);
  demandTruth(`${field}.minTls13`, options.minTls13);
}

function demandFile(field: string, path: string): void {
  demand(field, path, isFilledText(path) && !path.includes('\0'), 'the name of a file is expected');
}

function demandPins(field: string, pins: readonly string[] | undefined): void {
  const arePins = areFilledTexts(pins) && (pins ?? []).every((pin) => parseFingerprint(pin) !== undefined);
  demand(field, pins, arePins, 'fingerprints must be 32 or 64 bytes for sha256 or sha512');
}
