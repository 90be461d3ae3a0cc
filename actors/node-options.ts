import type { FirewallRule } from '../protocol/firewall.js';
import type { NodeId, ServiceName } from '../protocol/names.js';
import type { SessionAddress } from '../runtime/ports.js';
import type { DialWay } from './mesh/dial-way.js';
import type { TlsClientOptions, TlsServerOptions } from './security/tls-options.js';

/** Where the reference keeps units of work if it is not told otherwise. */
export const DATA_DIR_DEFAULT = '/tmp/receptor';

/** What a node is to be, in checked values; the configuration of the command line comes down to this. */
export interface NodeOptions {
  readonly id: NodeId;
  /** A neighbour that is silent for longer is gone; at least 21 s (mesh-protocol 2.5). */
  readonly maxIdleConnectionTimeoutMs?: number;
  /** Which packets pass, by the first rule that fits; compiled by `compileFirewall`. Default: all. */
  readonly firewall?: readonly FirewallRule[];
  readonly tlsServers?: readonly TlsServerOptions[];
  readonly tlsClients?: readonly TlsClientOptions[];
  readonly listeners?: readonly ListenerOptions[];
  readonly peers?: readonly PeerOptions[];
  readonly controlServices?: readonly ControlServiceOptions[];
  /** The folder for units of work, as an absolute path; below it each node has its own. Default `/tmp/receptor`. */
  readonly dataDir?: string;
  readonly workCommands?: readonly WorkCommandOptions[];
}

/** What listeners and peers have in common (mesh-protocol 1.5). */
export interface LinkOptions {
  /** Cost of a link; both ends must have the same. Default 1. */
  readonly cost?: number;
  /** Who may be at the other end; everybody where it is missing. */
  readonly allowedPeers?: readonly string[];
}

export interface ListenerOptions extends LinkOptions {
  readonly address: SessionAddress;
  /** The name of a TLS configuration of `tlsServers`; for TCP and WebSocket. */
  readonly tls?: string;
  /** Cost by neighbour, instead of `cost`. */
  readonly nodeCosts?: Readonly<Record<string, number>>;
}

export interface PeerOptions extends LinkOptions {
  readonly address: SessionAddress;
  /** Default: without TLS, over no proxy. */
  readonly way?: DialWay;
  /** Dial again after a loss. Default true. */
  readonly redial?: boolean;
}

/** Where clients of the control service are taken in; at least one of the two (control-and-work 1.1). */
export interface ControlServiceOptions {
  /** The name on the mesh; missing where the mesh is not to reach it. */
  readonly service?: ServiceName;
  /** The TLS configuration of the service on the mesh; without it every node may come. */
  readonly tls?: string;
  /** Sockets of this machine; `mode` is that of a socket file, `tls` the TLS configuration of a TCP port. */
  readonly sockets?: readonly { readonly address: SessionAddress; readonly mode?: number; readonly tls?: string }[];
}

/** A kind of work: a command of this machine (control-and-work 3.3). */
export interface WorkCommandOptions {
  readonly workType: string;
  /** An executable, by its path or its name. It is not split into words. */
  readonly command: string;
  /** Its parameters, split as a shell would. */
  readonly params?: string;
  /** May a submit add parameters? Default false. */
  readonly allowRuntimeParams?: boolean;
}
