import type { NodeId, ServiceName } from '../protocol/names.js';
import type { SessionAddress } from '../runtime/ports.js';

/** Where the reference keeps units of work if it is not told otherwise. */
export const DATA_DIR_DEFAULT = '/tmp/receptor';

/** What a node is to be, in checked values; the configuration of the command line comes down to this. */
export interface NodeOptions {
  readonly id: NodeId;
  /** A neighbour that is silent for longer is gone; at least 21 s (mesh-protocol 2.5). */
  readonly maxIdleConnectionTimeoutMs?: number;
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
  /** Cost by neighbour, instead of `cost`. */
  readonly nodeCosts?: Readonly<Record<string, number>>;
}

export interface PeerOptions extends LinkOptions {
  readonly address: SessionAddress;
  /** Dial again after a loss. Default true. */
  readonly redial?: boolean;
}

/** Where clients of the control service are taken in; at least one of the two (control-and-work 1.1). */
export interface ControlServiceOptions {
  /** The name on the mesh; missing where the mesh is not to reach it. */
  readonly service?: ServiceName;
  /** Sockets of this machine; `mode` is that of a socket file. */
  readonly sockets?: readonly { readonly address: SessionAddress; readonly mode?: number }[];
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
