// A look at a routing update without reading it. In a mesh each update reaches a node once over every link, and all
// copies but the first are dropped by their id: most updates need not be decoded at all. Only the form that Go and we
// write is recognised (fields in that order, no escape in the two names); any other is decoded as usual.
import { MESSAGE_KIND } from './message-kind.js';
import { UPDATE_ID_LENGTH_MAX } from './route-update.js';

/** What the first two fields of an update say. */
export interface UpdatePeek {
  readonly nodeId: string;
  readonly updateId: string;
}

const NODE_ID_START = bytesOf('{"NodeID":"');
const UPDATE_ID_START = bytesOf('","UpdateID":"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NODE_ID_BYTES_MAX = 255;

/** Reads the two names of the update `bytes[start, end)`; `undefined` when it has another form. */
export function peekRouteUpdate(bytes: Uint8Array, start: number, end: number): UpdatePeek | undefined {
  if (bytes[start] !== MESSAGE_KIND.routeUpdate.byte || !startsWith(bytes, start + 1, NODE_ID_START)) {
    return undefined;
  }
  const nodeStart = start + 1 + NODE_ID_START.length;
  const nodeEnd = plainTextEnd(bytes, nodeStart, Math.min(end, nodeStart + NODE_ID_BYTES_MAX));
  if (nodeEnd < 0 || !startsWith(bytes, nodeEnd, UPDATE_ID_START)) {
    return undefined;
  }
  const idStart = nodeEnd + UPDATE_ID_START.length;
  const idEnd = plainTextEnd(bytes, idStart, Math.min(end, idStart + UPDATE_ID_LENGTH_MAX + 1));
  if (idEnd < 0) {
    return undefined;
  }
  return { nodeId: asciiText(bytes, nodeStart, nodeEnd), updateId: asciiText(bytes, idStart, idEnd) };
}

/** Where the closing quote stands; -1 when there is none, or when the text is more than plain ASCII. */
function plainTextEnd(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      return at;
    }
    if (byte === BACKSLASH || byte < 0x20 || byte >= 0x7f) {
      return -1;
    }
  }
  return -1;
}

function startsWith(bytes: Uint8Array, start: number, expected: Uint8Array): boolean {
  for (let at = 0; at < expected.length; at += 1) {
    if (bytes[start + at] !== expected[at]) {
      return false;
    }
  }
  return true;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) {
    text += String.fromCharCode(bytes[at] ?? 0);
  }
  return text;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
