// From checked items to what a node is made of. What the reference would only find out while it starts is judged here,
// so that nothing is half-started; the texts are its own.
import type { ControlServiceOptions, ListenerOptions, NodeOptions, PeerOptions } from '../../actors/node-options.js';
import { firstRepeated } from '../../actors/option-rules.js';
import { LOG_LEVEL_DEFAULT, LOG_LEVELS, type LogLevel, levelNamed } from '../log/level.js';
import type { ConfigItem } from './config-item.js';
import { controlServiceOf } from './control-plan.js';
import { firewallOf } from './firewall-plan.js';
import { type LinkSurroundings, listenerOf, peerOf } from './link-plan.js';
import type { LoadedConfig } from './load.js';
import { nodePlanOf } from './node-plan.js';
import type { ProxyEnvironment } from './proxy-plan.js';
import { type TlsNames, tlsClientOf, tlsServerOf } from './tls-plan.js';
import { workCommandOf } from './work-plan.js';

export interface Plan {
  readonly node: NodeOptions & Required<Pick<NodeOptions, 'dataDir'>>;
  readonly logLevel: LogLevel;
  /** Something keeps the node in a mesh, or it was told to be alone; otherwise there is nothing to do. */
  readonly hasBackends: boolean;
  readonly warnings: readonly string[];
  /** The item behind each part of the node that can fail to start, by the part's name. */
  readonly parts: ReadonlyMap<string, ConfigItem>;
  /** Where the data directory was said; for its faults. */
  readonly nodeItem: ConfigItem | undefined;
  /** The items of the TLS configurations; for the faults of their files. */
  readonly tlsItems: readonly ConfigItem[];
}

const LISTENERS = ['tcp-listener', 'udp-listener', 'ws-listener'] as const;
const PEERS = ['tcp-peer', 'udp-peer', 'ws-peer'] as const;

/** Throws `ConfigError`. `hostName` is the id of a node that was given none. */
export function planOf(config: LoadedConfig, hostName: string, environment: ProxyEnvironment = {}): Plan {
  const { items, warnings } = config;
  const of = (name: string): readonly ConfigItem[] => items.filter(({ entity }) => entity.name === name);
  const [nodeItem] = of('node');
  const tlsServers = of('tls-server').map(tlsServerOf);
  const tlsClients = of('tls-client').map(tlsClientOf);
  const tls: TlsNames = { servers: namesOf(tlsServers), clients: namesOf(tlsClients) };
  const around: LinkSurroundings = { tls, environment };
  const listeners = planned(LISTENERS.flatMap(of), 'listener', (item) => listenerOf(item, around));
  const peers = planned(PEERS.flatMap(of), 'dialer', (item) => peerOf(item, around));
  const controls = planned(of('control-service'), 'control', (item) => controlServiceOf(item, tls));
  refuseTwice(of('control-service'), serviceTwice);
  refuseTwice(of('work-command'), workTypeTwice);
  const workCommands = of('work-command').map(workCommandOf);
  const firewall = firewallOf(nodeItem, config.compilePattern);
  const node: Plan['node'] = {
    ...nodePlanOf(nodeItem, hostName),
    tlsServers,
    tlsClients,
    firewall: firewall.rules,
    listeners: listeners.options satisfies readonly ListenerOptions[],
    peers: peers.options satisfies readonly PeerOptions[],
    controlServices: controls.options satisfies readonly ControlServiceOptions[],
    workCommands,
  };
  return {
    node,
    logLevel: logLevelOf(of('log-level')[0]),
    hasBackends: listeners.options.length + peers.options.length + of('local-only').length > 0,
    warnings: [...warnings, ...firewall.warnings, ...of('trace').map(({ at }) => `trace has no effect (at ${at})`)],
    parts: new Map([...listeners.parts, ...peers.parts, ...controls.parts]),
    nodeItem,
    tlsItems: [...of('tls-server'), ...of('tls-client')],
  };
}

function namesOf(options: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(options.map(({ name }) => name));
}

/** The parts of one kind are numbered in the order of the configuration. */
function planned<Options>(
  items: readonly ConfigItem[],
  kind: string,
  plan: (item: ConfigItem) => Options,
): { readonly options: readonly Options[]; readonly parts: readonly (readonly [string, ConfigItem])[] } {
  return { options: items.map(plan), parts: items.map((item, at) => [`${kind}-${at + 1}`, item] as const) };
}

function logLevelOf(item: ConfigItem | undefined): LogLevel {
  if (item === undefined) {
    return LOG_LEVEL_DEFAULT;
  }
  const name = item.text('level');
  const level = levelNamed(name);
  if (level === undefined) {
    throw item.error(`${name} is not a valid log level name`, `one of ${LOG_LEVELS.join(', ')} is expected`, 'level');
  }
  return level;
}

interface Sameness {
  readonly key: (item: ConfigItem) => string;
  readonly parameter: string;
  readonly text: (key: string) => string;
}

const serviceTwice: Sameness = {
  key: (item) => item.text('service'),
  parameter: 'service',
  text: (name) => `error opening Unix socket: service ${name} is already listening`,
};

const workTypeTwice: Sameness = {
  key: (item) => item.text('worktype'),
  parameter: 'worktype',
  text: (name) => `work type ${name} already registered`,
};

function refuseTwice(items: readonly ConfigItem[], { key, parameter, text }: Sameness): void {
  const repeated = firstRepeated(items, (item) => (key(item) === '' ? undefined : key(item)));
  if (repeated !== undefined) {
    const { name, earlier, later } = repeated;
    throw later.error(text(name), `the other one is at ${earlier.at}; give each its own name`, parameter);
  }
}
