// The options of a node as a user of the library gives them, and the check that makes `NodeOptions` of them. A user may
// write plain JavaScript: no type is trusted here.
import { compileFirewall, type FirewallRule, type PatternCompiler } from '../protocol/firewall.js';
import {
  type NodeId,
  parseConfiguredNodeId,
  parseServiceName,
  SERVICE_NAME_BYTES_MAX,
  type ServiceName,
} from '../protocol/names.js';
import { splitShellWords } from '../protocol/work/shell-words.js';
import {
  demandAddress,
  demandListener,
  demandPeer,
  demandTlsClient,
  demandTlsName,
  demandTlsServer,
  type TlsNames,
} from './checked-links.js';
import type { ControlServiceOptions, NodeOptions, WorkCommandOptions } from './node-options.js';
import { demand, demandTruth, each, isFilledText, isRecord, refusal } from './option-demands.js';
import { firstRepeated, IDLE_LIMIT_MS, isFileMode, isIdleLimit, takesClients } from './option-rules.js';

/** `NodeOptions` with plain texts for the names; they are checked when the node is made. */
export interface CreateNodeOptions extends Omit<NodeOptions, 'id' | 'controlServices' | 'firewall'> {
  /** Unique in the mesh: letters, digits and `. - _ @ :`. */
  readonly id: string;
  readonly controlServices?: readonly PlainControlService[];
  /**
   * Rules as a configuration has them, with the keys `action` (`accept`, `reject`, `drop`), `fromnode`, `tonode`,
   * `fromservice`, `toservice`; the first that fits decides, and none that fits means accept. A value between slashes
   * is a pattern in RE2 syntax.
   */
  readonly firewall?: readonly Readonly<Record<string, string>>[];
}

export interface PlainControlService extends Omit<ControlServiceOptions, 'service'> {
  /** The name on the mesh, at most 8 bytes; missing where the mesh is not to reach it. */
  readonly service?: string;
}

/**
 * Throws a `MeshError` of code `invalid-configuration`, whose data names the `field`: `listeners[0].cost`. `compile` is
 * for the patterns of the firewall; without it no rule is taken.
 */
export function checkedOptions(options: CreateNodeOptions, compile?: PatternCompiler): NodeOptions {
  demand('options', options, isRecord(options), 'an object is expected');
  const { maxIdleConnectionTimeoutMs: idleMs, dataDir } = options;
  const isIdle = idleMs === undefined || (typeof idleMs === 'number' && isIdleLimit(idleMs));
  demand('maxIdleConnectionTimeoutMs', idleMs, isIdle, `at least ${IDLE_LIMIT_MS} ms are expected`);
  demand('dataDir', dataDir, dataDir === undefined || isFolderPath(dataDir), 'an absolute path is expected');
  each('tlsServers', options.tlsServers, demandTlsServer);
  each('tlsClients', options.tlsClients, demandTlsClient);
  const tls: TlsNames = { servers: namesOf(options.tlsServers), clients: namesOf(options.tlsClients) };
  each('listeners', options.listeners, (field, listener) => demandListener(field, listener, tls));
  each('peers', options.peers, (field, peer) => demandPeer(field, peer, tls));
  each('workCommands', options.workCommands, demandWorkCommand);
  demandDistinct('workCommands', 'workType', options.workCommands);
  each('controlServices', options.controlServices, (field, control) => demandControlService(field, control, tls));
  demandDistinct('controlServices', 'service', options.controlServices);
  const controlServices = (options.controlServices ?? []).map(({ service, ...places }, at) =>
    service === undefined ? places : { ...places, service: checkedService(`controlServices[${at}].service`, service) },
  );
  const { firewall, ...others } = options;
  const rules = firewall === undefined ? {} : { firewall: checkedFirewall(firewall, compile) };
  return { ...others, ...rules, id: checkedId(options.id), controlServices };
}

function checkedFirewall(list: unknown, compile: PatternCompiler | undefined): readonly FirewallRule[] {
  const without: PatternCompiler = () => ({ ok: false, text: 'patterns are not known here' });
  const compiled = compileFirewall(list, compile ?? without);
  if (!compiled.ok) {
    const { rule, text } = compiled.fault;
    throw refusal(Array.isArray(list) ? `firewall[${rule}]` : 'firewall', list, text);
  }
  return compiled.rules;
}

function namesOf(options: readonly { readonly name: string }[] = []): ReadonlySet<string> {
  return new Set(options.map(({ name }) => name));
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

function demandControlService(field: string, control: PlainControlService, { servers }: TlsNames): void {
  demandTlsName(`${field}.tls`, control.tls, { known: servers, on: 'mesh' });
  each(`${field}.sockets`, control.sockets, (at, socket) => {
    demandAddress(`${at}.address`, socket.address, { least: 0, transports: ['tcp', 'unix'] });
    demandTlsName(`${at}.tls`, socket.tls, { known: servers, on: socket.address.transport });
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

function isFolderPath(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/') && !value.includes('\0');
}
