// The notice that a packet could not be delivered: JSON in a data packet from service `unreach` to service `unreach`
// of the packet's source (mesh-protocol 3.1). It tells the fields of the packet, and the problem.
import { type Decoded, decoded } from '../decoded.js';
import { FieldCursor, fieldNames, matchField } from '../json/fields.js';
import { writeString } from '../json/writer.js';
import { type NodeId, parseNodeId, type ServiceName } from '../names.js';
import { encodeText } from '../text.js';

/** The service that sends and receives notices. Also the mark of packets that are never reported on. */
export const UNREACHABLE_SERVICE = 'unreach' as ServiceName; // 7 bytes, a good name
/** The service that answers pings. */
export const PING_SERVICE = 'ping' as ServiceName; // 4 bytes, a good name

/** The problems that nodes report, in the words of the wire. */
export const PROBLEM = {
  serviceUnknown: 'service unknown',
  messageExpired: 'message expired',
  blockedByFirewall: 'blocked by firewall',
} as const;

export type Problem = (typeof PROBLEM)[keyof typeof PROBLEM];

/** A notice as received; the problem of a foreign node may be any text. Services are texts as the packet had them. */
export interface Unreachable {
  readonly fromNode: NodeId;
  readonly toNode: NodeId;
  readonly fromService: string;
  readonly toService: string;
  readonly problem: string;
}

const FIELDS = fieldNames('FromNode', 'ToNode', 'FromService', 'ToService', 'Problem');

/** The payload of a notice, byte for byte as Go writes it. */
export function encodeUnreachable(notice: Unreachable): Uint8Array {
  return encodeText(
    `{"FromNode":${writeString(notice.fromNode)},"ToNode":${writeString(notice.toNode)}` +
      `,"FromService":${writeString(notice.fromService)},"ToService":${writeString(notice.toService)}` +
      `,"Problem":${writeString(notice.problem)}}`,
  );
}

/** Reads the payload of a packet to service `unreach`. */
export function decodeUnreachable(payload: Uint8Array): Decoded<Unreachable> {
  const fields = new FieldCursor(payload);
  const texts = { FromNode: '', ToNode: '', FromService: '', ToService: '', Problem: '' };
  while (fields.next()) {
    const field = matchField(FIELDS, fields.name);
    if (field !== undefined) texts[field] = fields.string(texts[field]);
  }
  if (fields.fault !== undefined) return { ok: false, fault: fields.fault };
  const fromNode = parseNodeId(texts.FromNode);
  if (!fromNode.ok) return fromNode;
  const toNode = parseNodeId(texts.ToNode);
  if (!toNode.ok) return toNode;
  return decoded({
    fromNode: fromNode.value,
    toNode: toNode.value,
    fromService: texts.FromService,
    toService: texts.ToService,
    problem: texts.Problem,
  });
}
