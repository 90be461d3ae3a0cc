import type { LineBudget } from '../protocol/control/line-budget.js';
import type { NodeId } from '../protocol/names.js';
import type { SeenUpdates } from '../protocol/routing/seen-updates.js';
import type { Address } from '../runtime/address.js';
import type { Clock } from '../runtime/clock.js';
import { actorsOver } from '../runtime/define-actor.js';
import type { FilePort } from '../runtime/file-port.js';
import type { HostFacts, SessionPort } from '../runtime/ports.js';
import type { ProcessPort } from '../runtime/process-port.js';
import type { Random } from '../runtime/random.js';
import type { Self } from '../runtime/self.js';
import type { Turn } from '../runtime/turn.js';
import type { WorkDesk } from './control/work-desk.js';
import type { Handover } from './handover.js';
import type { Forwarder } from './mesh/forwarder.js';
import type { NameTable } from './mesh/name-table.js';
import type { OwnUpdates } from './mesh/own-updates.js';
import type { SecurityProfiles } from './security/security-profiles.js';
import type { MeshStreams } from './streams/mesh-streams.js';
import type { StreamKit } from './streams/stream-kit.js';
import type { WorkKit } from './work/work-kit.js';

/** What is fixed for the life of a node. */
export interface NodeFacts {
  readonly id: NodeId;
  /** A neighbour that is silent for longer is gone (milliseconds, at least 21,000). */
  readonly idleLimitMs: number;
}

/** One part of a node, as the root raises it. */
export interface PlannedPart {
  readonly name: string;
  /** The start goes on only when the part has said that it is ready. */
  readonly waits: boolean;
  raise(parent: Pick<Self<never>, 'raise'>): Address;
}

/** Everything that a core actor may ask for. Each names in `needs` what it really gets. */
export interface MeshPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly turn: Turn;
  /** Of this program, as `status` tells it. */
  readonly version: string;
  readonly facts: HostFacts;
  /** The sockets of this machine. */
  readonly sessions: SessionPort;
  /** TLS profiles by name. */
  readonly security: SecurityProfiles;
  /** Sessions on their way from the actor that opened them to the one that will own them. */
  readonly handover: Handover;
  /** What clients of the control services may have us hold of unfinished long lines. */
  readonly lineBudget: LineBudget;
  readonly node: NodeFacts;
  readonly names: NameTable;
  readonly forwarder: Forwarder;
  readonly ownUpdates: OwnUpdates;
  /** Ids of updates that have passed. The router adds to it; the links look. */
  readonly seenUpdates: SeenUpdates;
  readonly streamKit: StreamKit;
  readonly streams: MeshStreams;
  /** What clients may ask of this node's work. */
  readonly work: WorkDesk;
  /** What the work actors share. */
  readonly workKit: WorkKit;
  readonly files: FilePort;
  readonly processes: ProcessPort;
  /** What the root raises, in order. */
  readonly parts: readonly PlannedPart[];
}

/** `defineActor` for the actors of this project. */
export const defineActor = actorsOver<MeshPorts>();
