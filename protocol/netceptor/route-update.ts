// The link-state update: who a node is connected to and at what cost, flooded through the mesh (mesh-protocol 3.2).
// It is also the greeting of a new session (2.1) and, sent every ten seconds, the keepalive (2.5).
import { type Decoded, decoded, faulty } from '../decoded.js';
import { FieldCursor, fieldNames, matchField } from '../json/fields.js';
import { isObject } from '../json/parsed.js';
import { writeMap, writeString } from '../json/writer.js';
import { type NodeId, parseNodeId } from '../names.js';
import { encodeText } from '../text.js';
import { ExtensionCollector, type ExtensionFields, extensionMembers, NO_EXTENSIONS } from './extensions.js';
import { MESSAGE_KIND } from './message-kind.js';

export interface RouteUpdate {
  /** The node that the update is about. */
  readonly nodeId: NodeId;
  /** Eight random characters; the same in every copy of one update. */
  readonly updateId: string;
  /** When the node started: unix seconds × 2^24 plus chance, always above 2^53, hence no `number`. */
  readonly updateEpoch: bigint;
  readonly updateSequence: bigint;
  /** The node's links and their costs as it wrote them: any finite number. */
  readonly connections: ReadonlyMap<NodeId, number>;
  /** The neighbour that sent this copy. */
  readonly forwardingNode: NodeId;
  /** 0, or the epoch of a node that claims the same id. */
  readonly suspectedDuplicate: bigint;
  /** Unknown fields; meant for the direct neighbour only. */
  readonly extensions: ExtensionFields;
}

/** Characters. Go's ids have eight; every node remembers tens of thousands of them. */
export const UPDATE_ID_LENGTH_MAX = 64;

const NO_CONNECTIONS: ReadonlyMap<NodeId, number> = new Map();
const FIELDS = fieldNames(
  'NodeID',
  'UpdateID',
  'UpdateEpoch',
  'UpdateSequence',
  'Connections',
  'ForwardingNode',
  'SuspectedDuplicate',
);

/** The update as this node passes it on: marked as sent by us, and without fields meant for us alone (2.8). */
export function forwardedBy(update: RouteUpdate, self: NodeId): RouteUpdate {
  return { ...update, forwardingNode: self, extensions: NO_EXTENSIONS };
}

/** The whole message, kind byte first, byte for byte as Go writes it; extension fields stand behind Go's. */
export function encodeRouteUpdate(update: RouteUpdate): Uint8Array {
  const text =
    `{"NodeID":${writeString(update.nodeId)},"UpdateID":${writeString(update.updateId)}` +
    `,"UpdateEpoch":${update.updateEpoch},"UpdateSequence":${update.updateSequence}` +
    `,"Connections":${writeMap(update.connections)},"ForwardingNode":${writeString(update.forwardingNode)}` +
    `,"SuspectedDuplicate":${update.suspectedDuplicate}${extensionMembers(update.extensions)}}`;
  return encodeText(MESSAGE_KIND.routeUpdate.prefix + text);
}

/**
 * Reads a whole message, kind byte first. Go takes an update without names and ignores it later; here it is a fault,
 * with the same effect.
 */
export function decodeRouteUpdate(message: Uint8Array): Decoded<RouteUpdate> {
  if (message[0] !== MESSAGE_KIND.routeUpdate.byte) return faulty('message-kind', 0);
  const fields = new FieldCursor(message.subarray(1));
  const draft = new RouteUpdateDraft();
  while (fields.next()) draft.take(fields);
  return fields.fault === undefined ? draft.finish() : { ok: false, fault: fields.fault };
}

/** The fields that were read so far, each at Go's zero value until then. */
class RouteUpdateDraft {
  #nodeId = '';
  #updateId = '';
  #updateEpoch = 0n;
  #updateSequence = 0n;
  #connections = NO_CONNECTIONS;
  #forwardingNode = '';
  #suspectedDuplicate = 0n;
  readonly #extensions = new ExtensionCollector();

  take(fields: FieldCursor): void {
    switch (matchField(FIELDS, fields.name)) {
      case 'NodeID':
        this.#nodeId = fields.string(this.#nodeId);
        break;
      case 'UpdateID':
        this.#updateId = fields.string(this.#updateId);
        break;
      case 'UpdateEpoch':
        this.#updateEpoch = fields.uint64(this.#updateEpoch);
        break;
      case 'UpdateSequence':
        this.#updateSequence = fields.uint64(this.#updateSequence);
        break;
      case 'Connections':
        this.#connections = readConnections(fields, this.#connections);
        break;
      case 'ForwardingNode':
        this.#forwardingNode = fields.string(this.#forwardingNode);
        break;
      case 'SuspectedDuplicate':
        this.#suspectedDuplicate = fields.uint64(this.#suspectedDuplicate);
        break;
      case undefined:
        if (!this.#extensions.keep(fields.name, fields.raw())) fields.refuse('json-fields', 'too many unknown fields');
        break;
    }
  }

  finish(): Decoded<RouteUpdate> {
    const nodeId = parseNodeId(this.#nodeId);
    if (!nodeId.ok) return nodeId;
    const forwardingNode = this.#forwardingNode === nodeId.value ? nodeId : parseNodeId(this.#forwardingNode);
    if (!forwardingNode.ok) return forwardingNode;
    if (this.#updateId.length > UPDATE_ID_LENGTH_MAX) return faulty('update-id-too-long', 0);
    return decoded({
      nodeId: nodeId.value,
      updateId: this.#updateId,
      updateEpoch: this.#updateEpoch,
      updateSequence: this.#updateSequence,
      connections: this.#connections,
      forwardingNode: forwardingNode.value,
      suspectedDuplicate: this.#suspectedDuplicate,
      extensions: this.#extensions.fields,
    });
  }
}

/**
 * The map of costs. Go adds a second map to the first, and reads a cost of null as 0. An entry whose name is no node
 * id is left out: one odd peer of a node must not hide that node's other links.
 */
function readConnections(fields: FieldCursor, before: ReadonlyMap<NodeId, number>): ReadonlyMap<NodeId, number> {
  if (fields.isNull) return NO_CONNECTIONS;
  const value = fields.value();
  if (!isObject(value)) {
    fields.refuse('json-type', 'Connections is no map');
    return before;
  }
  const connections = before.size === 0 ? new Map<NodeId, number>() : new Map(before);
  for (const name in value) {
    const cost = value[name];
    if (cost !== null && typeof cost !== 'number') fields.refuse('json-type', 'a cost in Connections is no number');
    else if (cost !== null && !Number.isFinite(cost)) fields.refuse('json-range', 'a cost in Connections is too large');
    else {
      const id = parseNodeId(name);
      if (id.ok) connections.set(id.value, cost ?? 0);
    }
  }
  return connections;
}
