// The options of a node as a user of the library gives them, and the check that makes `NodeOptions` of them. A user may
// write plain JavaScript: no type is trusted here.
import {
  type NodeId,
  parseConfiguredNodeId,
  parseServiceName,
  SERVICE_NAME_BYTES_MAX,
  type ServiceName,
} from '../protocol/names.js';
import { splitShellWords } from '../protocol/work/shell-words.js';
import type { SessionAddress } from '../runtime/ports.js';
import { MeshError } from './errors.js';
import type {
  ControlServiceOptions,
  LinkOptions,
  ListenerOptions,
  NodeOptions,
  PeerOptions,
  WorkCommandOptions,
} from './node-options.js';
import {
  firstRepeated,
  IDLE_LIMIT_MS,
  isCost,
  isFileMode,
  isIdleLimit,
  isPortNumber,
  isSocketPath,
  PORT_MAX,
  SOCKET_PATH_BYTES_MAX,
  takesClients,
} from './option-rules.js';

/** `NodeOptions` with plain texts for the names; they are checked when the node is made. */
export interface CreateNodeOptions extends Omit<NodeOptions, 'id' | 'controlServices'> {
  /** Unique in the mesh: letters, digits and `. - _ @ :`. */
  readonly id: string;
  readonly controlServices?: readonly PlainControlService[];
}

export interface PlainControlService extends Omit<ControlServiceOptions, 'service'> {
  /** The name on the mesh, at most 8 bytes; missing where the mesh is not to reach it. */
  readonly service?: string;
}

/** Throws a `MeshError` of code `invalid-configuration`, whose data names the `field`: `listeners[0].cost`. */
export function checkedOptions(options: CreateNodeOptions): NodeOptions {
  demand('options', options, isRecord(options), 'an object is expected');
  const { maxIdleConnectionTimeoutMs: idleMs, dataDir } = options;
  const isIdle = idleMs === undefined || (typeof idleMs === 'number' && isIdleLimit(idleMs));
  demand('maxIdleConnectionTimeoutMs', idleMs, isIdle, `at least ${IDLE_LIMIT_MS} ms are expected`);
  demand('dataDir', dataDir, dataDir === undefined || isFolderPath(dataDir), 'an absolute path is expected');
  each('listeners', options.listeners, demandListener);
  each('peers', options.peers, demandPeer);
  each('workCommands', options.workCommands, demandWorkCommand);
  demandDistinct('workCommands', 'workType', options.workCommands);
  each('controlServices', options.controlServices, demandControlService);
  demandDistinct('controlServices', 'service', options.controlServices);
  const controlServices = (options.controlServices ?? []).map(({ service, ...places }, at) =>
    service === undefined ? places : { ...places, service: checkedService(`controlServices[${at}].service`, service) },
  );
  return { ...options, id: checkedId(options.id), controlServices };
}

function checkedId(text: string): NodeId {
  demand('id', text, typeof text === 'string', 'the id of a node is a text');
  const id = parseConfiguredNodeId(text);
  if (!id.ok) {
    throw refusal('id', text, id.fault.detail);
  }
  return id.value;
}

function checkedService(field: string, text: string): ServiceName {
  demand(field, text, typeof text === 'string', 'the name of a service is a text');
  const name = parseServiceName(text);
  if (!name.ok) {
    throw refusal(field, text, name.fault.detail || `a service has a name of 1 to ${SERVICE_NAME_BYTES_MAX} bytes`);
  }
  return name.value;
}

function demandListener(field: string, listener: ListenerOptions): void {
  demandLink(field, listener);
  demandAddress(`${field}.address`, listener.address, { least: 0 });
  const { nodeCosts = {} } = listener;
  demand(`${field}.nodeCosts`, nodeCosts, isRecord(nodeCosts), 'a cost for each id is expected');
  for (const [node, cost] of Object.entries(nodeCosts)) {
    demandCost(`${field}.nodeCosts.${node}`, cost);
  }
}

function demandPeer(field: string, peer: PeerOptions): void {
  demandLink(field, peer);
  demandAddress(`${field}.address`, peer.address, { least: 1 });
  demandTruth(`${field}.redial`, peer.redial);
}

function demandLink(field: string, { cost, allowedPeers }: LinkOptions): void {
  demandCost(`${field}.cost`, cost ?? 1);
  const areIds = allowedPeers === undefined || (Array.isArray(allowedPeers) && allowedPeers.every(isFilledText));
  demand(`${field}.allowedPeers`, allowedPeers, areIds, 'a list of ids is expected');
}

function demandCost(field: string, cost: number): void {
  demand(field, cost, typeof cost === 'number' && isCost(cost), 'connection cost must be positive');
}

function demandAddress(field: string, address: SessionAddress, port: { readonly least: 0 | 1 }): void {
  demand(field, address, isRecord(address), 'an address is expected');
  if (address.transport === 'unix') {
    demandPath(`${field}.path`, address.path);
    return;
  }
  const { transport, host, portNumber } = address;
  const isKnown = transport === 'tcp' || transport === 'udp';
  demand(`${field}.transport`, transport, isKnown, 'tcp, udp or unix is expected');
  demand(`${field}.host`, host, isFilledText(host), 'a name or an address is expected');
  const isPort = typeof portNumber === 'number' && isPortNumber(portNumber, port);
  demand(`${field}.portNumber`, portNumber, isPort, `a port from ${port.least} to ${PORT_MAX} is expected`);
}

function demandPath(field: string, path: string): void {
  const isPath = typeof path === 'string' && isSocketPath(path);
  demand(field, path, isPath, `the path of a socket has 1 to ${SOCKET_PATH_BYTES_MAX} bytes, none of them zero`);
}

function demandControlService(field: string, control: PlainControlService): void {
  each(`${field}.sockets`, control.sockets, (at, socket) => {
    demandAddress(`${at}.address`, socket.address, { least: 0 });
    const isStream = socket.address.transport !== 'udp';
    demand(`${at}.address.transport`, socket.address.transport, isStream, 'tcp or unix is expected');
    const isMode = socket.mode === undefined || (typeof socket.mode === 'number' && isFileMode(socket.mode));
    demand(`${at}.mode`, socket.mode, isMode, 'a mode from 0 to 0o777 is expected');
  });
  demand(field, control, takesClients(control), 'a service or a socket is expected');
}

function demandWorkCommand(field: string, command: WorkCommandOptions): void {
  demand(`${field}.workType`, command.workType, isFilledText(command.workType), 'a name is expected');
  demand(`${field}.command`, command.command, isFilledText(command.command), 'a program is expected');
  demandTruth(`${field}.allowRuntimeParams`, command.allowRuntimeParams);
  const { params = '' } = command;
  demand(`${field}.params`, params, typeof params === 'string', 'a text is expected');
  const words = splitShellWords(params);
  demand(`${field}.params`, params, words.ok, words.ok ? '' : words.fault.detail);
}

function demandDistinct<Item>(field: string, member: keyof Item & string, items: readonly Item[] = []): void {
  const places = items.map((item, at) => ({ name: item[member], place: `${field}[${at}]` }));
  const repeated = firstRepeated(places, ({ name }) => (typeof name === 'string' ? name : undefined));
  if (repeated !== undefined) {
    const { name, earlier, later } = repeated;
    throw refusal(`${later.place}.${member}`, name, `${earlier.place} has the same`);
  }
}

function demandTruth(field: string, value: boolean | undefined): void {
  demand(field, value, value === undefined || typeof value === 'boolean', 'true or false is expected');
}

/** Every item of a list is looked at; a missing list has none. */
function each<Item>(
  field: string,
  items: readonly Item[] | undefined,
  look: (field: string, item: Item) => void,
): void {
  demand(field, items, items === undefined || Array.isArray(items), 'a list is expected');
  for (const [at, item] of (items ?? []).entries()) {
    demand(`${field}[${at}]`, item, isRecord(item), 'an object is expected');
    look(`${field}[${at}]`, item);
  }
}

function demand(field: string, value: unknown, isGood: boolean, expected: string): void {
  if (!isGood) {
    throw refusal(field, value, expected);
  }
}

function refusal(field: string, value: unknown, text: string): MeshError {
  return new MeshError('invalid-configuration', `${field}: ${text}`, { field, value });
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isFolderPath(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/') && !value.includes('\0');
}
