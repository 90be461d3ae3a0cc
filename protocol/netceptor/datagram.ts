// The data packet: a 36-byte header and a payload (mesh-protocol 3.1). The header is read where it lies and changed in
// place; nothing here allocates but the reading of a service as text and the hash as an object, which are for packets
// that end at this node.
//
//   offset 0  kind, 0             offset 12  hash of the destination node, big-endian
//          1  hops to live               20  source service, padded with zero bytes
//          2  two bytes, zero            28  destination service, the same
//          4  hash of the source node    36  payload, may be empty
import { readU32Be, type U64, writeU32Be } from '../bytes.js';
import { type Fault, faulty } from '../decoded.js';
import { SERVICE_NAME_BYTES_MAX, type ServiceName } from '../names.js';
import { decodeText, encodeText } from '../text.js';
import { MESSAGE_KIND } from './message-kind.js';

/** Bytes of the header; the payload follows at once. */
export const HEADER_BYTES = 36;
/** Hops that a packet starts with; the first is counted off before it leaves (3.1). */
export const HOPS_DEFAULT = 30;
/** One byte of the header. */
export const HOPS_MAX = 255;
/** Bytes of a payload that every backend but UDP carries: a TCP frame less the header (mesh-protocol 5). */
export const PAYLOAD_BYTES_MAX = 65_535 - HEADER_BYTES;

const HOPS = 1;
const RESERVED = 2;
const SOURCE_HASH = 4;
const DESTINATION_HASH = 12;
const SOURCE_SERVICE = 20;
const DESTINATION_SERVICE = 28;

/** Where the four names of a flow lie in a header: both nodes' hashes, both services. */
export const FLOW_START = SOURCE_HASH;
export const FLOW_BYTES = HEADER_BYTES - SOURCE_HASH;

/** What a header says, for composing one. */
export interface DatagramHeader {
  readonly hops: number;
  readonly source: U64;
  readonly destination: U64;
  readonly sourceService: ServiceName;
  readonly destinationService: ServiceName;
}

const TOO_SHORT = faulty('message-too-short', 0).fault;
const WRONG_KIND = faulty('message-kind', 0).fault;

/** Says why the bytes from `start` to `end` are no data packet. The readers below need this checked. */
export function datagramFault(bytes: Uint8Array, start: number, end: number): Fault | undefined {
  if (end - start < HEADER_BYTES || end > bytes.length) return TOO_SHORT;
  return bytes[start] === MESSAGE_KIND.data.byte ? undefined : WRONG_KIND;
}

export function hopsToLive(bytes: Uint8Array, start: number): number {
  return bytes[start + HOPS] ?? 0;
}

/** Upper half of the hash of the source node. */
export function sourceHi(bytes: Uint8Array, start: number): number {
  return readU32Be(bytes, start + SOURCE_HASH);
}

/** Lower half of the hash of the source node. */
export function sourceLo(bytes: Uint8Array, start: number): number {
  return readU32Be(bytes, start + SOURCE_HASH + 4);
}

/** Upper half of the hash of the destination node. */
export function destinationHi(bytes: Uint8Array, start: number): number {
  return readU32Be(bytes, start + DESTINATION_HASH);
}

/** Lower half of the hash of the destination node. */
export function destinationLo(bytes: Uint8Array, start: number): number {
  return readU32Be(bytes, start + DESTINATION_HASH + 4);
}

/** The service that sent the packet, as text; bytes that are no UTF-8 read as U+FFFD. */
export function sourceService(bytes: Uint8Array, start: number): string {
  return serviceAt(bytes, start + SOURCE_SERVICE);
}

/** The service that the packet is for, as text. */
export function destinationService(bytes: Uint8Array, start: number): string {
  return serviceAt(bytes, start + DESTINATION_SERVICE);
}

/** Upper half of the eight bytes of the destination service, for a look-up without a text (`serviceKey`). */
export function destinationServiceHi(bytes: Uint8Array, start: number): number {
  return readU32Be(bytes, start + DESTINATION_SERVICE);
}

/** Lower half of the eight bytes of the destination service. */
export function destinationServiceLo(bytes: Uint8Array, start: number): number {
  return readU32Be(bytes, start + DESTINATION_SERVICE + 4);
}

/** The eight bytes of a service name in a header, as two halves. */
export function serviceKey(name: ServiceName): U64 {
  const bytes = new Uint8Array(SERVICE_NAME_BYTES_MAX);
  putService(bytes, 0, name);
  return { hi: readU32Be(bytes, 0), lo: readU32Be(bytes, 4) };
}

/** Where the payload of a packet that starts here begins; it ends where the packet does. */
export function payloadStart(start: number): number {
  return start + HEADER_BYTES;
}

/**
 * Counts off one hop in place, as every node does that sends or passes a packet on, and clears the reserved bytes, as
 * Go does at every hop. A packet without hops left must not come here; it stays at zero.
 */
export function countHop(bytes: Uint8Array, start: number): void {
  bytes[start + HOPS] = Math.max(hopsToLive(bytes, start) - 1, 0);
  bytes[start + RESERVED] = 0;
  bytes[start + RESERVED + 1] = 0;
}

/** Writes a header into bytes that have room for it; the payload belongs right behind. */
export function composeHeader(bytes: Uint8Array, start: number, header: DatagramHeader): void {
  bytes[start] = MESSAGE_KIND.data.byte;
  bytes[start + HOPS] = header.hops;
  bytes[start + RESERVED] = 0;
  bytes[start + RESERVED + 1] = 0;
  writeU32Be(bytes, start + SOURCE_HASH, header.source.hi);
  writeU32Be(bytes, start + SOURCE_HASH + 4, header.source.lo);
  writeU32Be(bytes, start + DESTINATION_HASH, header.destination.hi);
  writeU32Be(bytes, start + DESTINATION_HASH + 4, header.destination.lo);
  putService(bytes, start + SOURCE_SERVICE, header.sourceService);
  putService(bytes, start + DESTINATION_SERVICE, header.destinationService);
}

/** A whole packet in bytes of its own. */
export function composeDatagram(header: DatagramHeader, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  composeHeader(bytes, 0, header);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/**
 * The answer to a packet, without payload: source and destination change places, byte for byte, so that even a service
 * name that is no UTF-8 gets its answer. For a ping that is all (3.1).
 */
export function composeAnswer(bytes: Uint8Array, start: number): Uint8Array {
  const answer = new Uint8Array(HEADER_BYTES);
  answer[HOPS] = HOPS_DEFAULT;
  answer.set(bytes.subarray(start + DESTINATION_HASH, start + SOURCE_SERVICE), SOURCE_HASH);
  answer.set(bytes.subarray(start + SOURCE_HASH, start + DESTINATION_HASH), DESTINATION_HASH);
  answer.set(bytes.subarray(start + DESTINATION_SERVICE, start + HEADER_BYTES), SOURCE_SERVICE);
  answer.set(bytes.subarray(start + SOURCE_SERVICE, start + DESTINATION_SERVICE), DESTINATION_SERVICE);
  return answer;
}

function serviceAt(bytes: Uint8Array, at: number): string {
  let end = at + SERVICE_NAME_BYTES_MAX;
  while (end > at && bytes[end - 1] === 0) end--;
  let text = '';
  for (let i = at; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x80) return decodeText(bytes.subarray(at, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

function putService(bytes: Uint8Array, at: number, name: ServiceName): void {
  for (let i = 0; i < SERVICE_NAME_BYTES_MAX; i++) {
    const unit = i < name.length ? name.charCodeAt(i) : 0;
    bytes[at + i] = unit;
    if (unit >= 0x80) {
      bytes.fill(0, at, at + SERVICE_NAME_BYTES_MAX);
      bytes.set(encodeText(name), at);
      return;
    }
  }
}
