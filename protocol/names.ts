// The three kinds of name: nodes, services, units of work. A name is parsed once, where it comes in; from then on its
// type says that it is good, and code further in takes nothing else.
import { type Decoded, decoded, faulty } from './decoded.js';
import { foldCase, textByteLength } from './text.js';

declare const brand: unique symbol;

/** Identifies a node of the mesh. Compared exactly, case included (mesh-protocol 3.2, upstream news 5). */
export type NodeId = string & { readonly [brand]: 'NodeId' };
/** Identifies a service of a node; ephemeral ones are eight random letters and digits. */
export type ServiceName = string & { readonly [brand]: 'ServiceName' };
/** Identifies a unit of work; also the name of its folder, hence letters and digits only. */
export type UnitId = string & { readonly [brand]: 'UnitId' };

/** Bytes. Host names are at most 253 bytes, and every update repeats the ids of all neighbours. */
export const NODE_ID_BYTES_MAX = 255;
/** Bytes. The room in the data header (mesh-protocol 3.1). */
export const SERVICE_NAME_BYTES_MAX = 8;
/** Characters. A folder name is at most 255 bytes; the reference makes ids of a node id and eight characters. */
export const UNIT_ID_LENGTH_MAX = 128;
/** Characters of an ephemeral service, an update id, and the random part of a unit id. */
export const RANDOM_NAME_LENGTH = 8;
/** Random bytes that `newName` wants: so many that eight of them are usable in all but 1 of 10^30 draws. */
export const RANDOM_NAME_BYTES = 32;

const NAME_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** The largest multiple of 62 in a byte: values above it would favour the first letters. */
const UNBIASED_BYTE_LIMIT = 248;

const VISIBLE_ASCII = /^[!-~]+$/;
const FORBIDDEN_IN_NAMES = /[\p{Control}\p{Surrogate}]/u;
const CONFIGURED_NODE_ID = /^[a-zA-Z0-9.\-_@:]+$/;
const UNIT_ID = /^[a-zA-Z0-9]+$/;
const NOT_IN_UNIT_ID = /[^a-zA-Z0-9]/g;

/**
 * Reads the id of a foreign node. The reference takes any text; we refuse what no configuration can name and what
 * would spoil a log line: nothing, more than 255 bytes, control characters, and `localhost` in any case.
 */
export function parseNodeId(text: string): Decoded<NodeId> {
  const fault = nameFault(text, NODE_ID_BYTES_MAX);
  if (fault !== undefined) return fault;
  if (isLocalhost(text)) return faulty('name-reserved', 0, `node ID "${text}" is reserved`);
  return decoded(text as NodeId); // just checked
}

/** Reads a node's own id from its configuration, with the characters and the words of the reference (1.6.9). */
export function parseConfiguredNodeId(text: string): Decoded<NodeId> {
  if (text === '') return faulty('name-empty', 0, 'node id must not be empty');
  if (isLocalhost(text) && CONFIGURED_NODE_ID.test(text)) {
    return faulty('name-reserved', 0, 'node ID "localhost" is reserved');
  }
  if (!CONFIGURED_NODE_ID.test(text)) {
    const allowed = 'node id can only contain a-z, A-Z, 0-9 or special characters . - _ @ : but received: ';
    return faulty('name-character', 0, allowed + text);
  }
  return parseNodeId(text);
}

/** Reads a service name: 1 to 8 bytes, no control character, so that it neither ends in padding nor spoils a log. */
export function parseServiceName(text: string): Decoded<ServiceName> {
  const fault = nameFault(text, SERVICE_NAME_BYTES_MAX);
  if (fault?.fault.code === 'name-too-long') return faulty('name-too-long', 0, 'service name too long');
  return fault ?? decoded(text as ServiceName); // just checked
}

/** Reads a unit id. The reference takes anything, `../x` included, and makes a folder of it; we take what it makes. */
export function parseUnitId(text: string): Decoded<UnitId> {
  if (text === '') return faulty('name-empty', 0);
  if (text.length > UNIT_ID_LENGTH_MAX) return faulty('name-too-long', 0);
  if (!UNIT_ID.test(text)) return faulty('name-character', text.search(NOT_IN_UNIT_ID));
  return decoded(text as UnitId); // just checked
}

/** Does the text mean the node itself? Every node answers to `localhost` in any case (mesh-protocol 3.1). */
export function isLocalhost(text: string): boolean {
  return text.length === 9 && foldCase(text) === 'localhost';
}

/** The node that a user's word means: this one for `localhost`, or undefined if no node can be called so. */
export function resolveNode(text: string, self: NodeId): NodeId | undefined {
  if (isLocalhost(text)) return self;
  const id = parseNodeId(text);
  return id.ok ? id.value : undefined;
}

/**
 * A name of eight letters and digits, each as likely as the other, made of `RANDOM_NAME_BYTES` random bytes. It is a
 * fit `ServiceName`, `UnitId` and update id.
 */
export function newName(random: Uint8Array): ServiceName {
  let name = '';
  let spare = '';
  for (const byte of random) {
    if (byte < UNBIASED_BYTE_LIMIT) name += NAME_ALPHABET[byte % NAME_ALPHABET.length];
    else spare += NAME_ALPHABET[byte % NAME_ALPHABET.length];
  }
  // The spare letters, a little biased, are for a draw with too few good bytes, or a caller that gave fewer bytes.
  const complete = (name + spare).slice(0, RANDOM_NAME_LENGTH).padEnd(RANDOM_NAME_LENGTH, '0');
  return complete as ServiceName; // eight letters and digits
}

/**
 * A new unit id in the form of the reference (1.6.9): the node id without its signs, then eight random characters
 * (`n.1` gives `n1UtDpIkc7`). `random` holds `RANDOM_NAME_BYTES` bytes.
 */
export function unitIdFor(nodeId: NodeId, random: Uint8Array): UnitId {
  const letters = nodeId.replace(NOT_IN_UNIT_ID, '').slice(0, UNIT_ID_LENGTH_MAX - RANDOM_NAME_LENGTH);
  return (letters + newName(random)) as UnitId; // letters and digits only, and short enough
}

function nameFault(text: string, bytesMax: number): ReturnType<typeof faulty> | undefined {
  if (text === '') return faulty('name-empty', 0);
  if (text.length * 3 > bytesMax && textByteLength(text) > bytesMax) return faulty('name-too-long', 0);
  if (VISIBLE_ASCII.test(text)) return undefined;
  const at = text.search(FORBIDDEN_IN_NAMES);
  return at < 0 ? undefined : faulty('name-character', at);
}
