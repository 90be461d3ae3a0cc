// The reply to `status` (control-and-work 1.4): exactly eight fields, of which a client may ask for some.
import { type JsonValue, writeJson } from '../json/writer.js';
import type { NodeId } from '../names.js';
import type { ServiceAdvert } from '../netceptor/service-advert.js';
import { compareText } from '../text.js';

/** What a node tells about itself, in our words. */
export interface NodeStatus {
  /** The version that receptorctl compares with its own. */
  readonly version: string;
  readonly nodeId: NodeId;
  readonly systemCpuCount: number;
  /** Memory of the machine in MiB. */
  readonly systemMemoryMiB: number;
  /** Cost of each living link. */
  readonly connections: ReadonlyMap<NodeId, number>;
  /** Next hop by destination. */
  readonly routingTable: ReadonlyMap<NodeId, NodeId>;
  /** All services known, own ones included, with their time. */
  readonly advertisements: readonly Omit<ServiceAdvert, 'cancel' | 'extensions'>[];
  readonly knownConnectionCosts: ReadonlyMap<NodeId, ReadonlyMap<NodeId, number>>;
}

export type StatusField = keyof typeof WRITERS;

/** Each field's JSON value from a status; computed only when asked for. */
const WRITERS = {
  Version: (status: NodeStatus): JsonValue => status.version,
  SystemCPUCount: (status: NodeStatus): JsonValue => status.systemCpuCount,
  SystemMemoryMiB: (status: NodeStatus): JsonValue => status.systemMemoryMiB,
  NodeID: (status: NodeStatus): JsonValue => status.nodeId,
  Connections: (status: NodeStatus): JsonValue =>
    [...status.connections]
      .sort(([a], [b]) => compareText(a, b))
      .map(([nodeId, cost]) => ({ NodeID: nodeId, Cost: cost })),
  RoutingTable: (status: NodeStatus): JsonValue => status.routingTable,
  Advertisements: (status: NodeStatus): JsonValue => status.advertisements.map(advertRecord),
  KnownConnectionCosts: (status: NodeStatus): JsonValue => status.knownConnectionCosts,
};

/** The line for the fields that were asked for, or for all; names that are none of the eight are passed over. */
export function statusLine(status: NodeStatus, requested?: readonly string[]): string {
  const members = new Map<string, JsonValue>();
  for (const field of requested ?? Object.keys(WRITERS)) {
    if (isStatusField(field)) members.set(field, WRITERS[field](status));
  }
  return `${writeJson(members)}\n`;
}

function isStatusField(field: string): field is StatusField {
  return Object.hasOwn(WRITERS, field);
}

function advertRecord(advert: Omit<ServiceAdvert, 'cancel' | 'extensions'>): JsonValue {
  return {
    NodeID: advert.nodeId,
    Service: advert.service,
    Time: advert.time.text,
    ConnType: advert.connType,
    Tags: advert.tags,
    WorkCommands: advert.workCommands?.map(({ workType, secure }) => ({ WorkType: workType, Secure: secure })) ?? null,
  };
}
