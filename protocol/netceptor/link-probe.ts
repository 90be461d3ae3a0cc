// Our own messages between two neighbours that both know them: a question for a sign of life, and its answer
// (mesh-protocol 2.8: kind bytes 4 to 255, only after both ends have shown that they know them). A Go peer never gets
// one. With them a dead neighbour is found in seconds, and the round trip is measured.

import { readU32Be, writeU32Be } from '../bytes.js';
import { type Decoded, decoded, faulty } from '../decoded.js';

/** The kind bytes: letters, so that they stand out in a capture. */
const PROBE = 0x50;
const PROBE_ANSWER = 0x41;

const PROBE_BYTES = 5;

/** The extension field of a greeting that says that its sender knows these messages. */
export const KIN_FIELD = 'ReceptorMesh';

export interface LinkProbe {
  readonly type: 'probe' | 'answer';
  /** Any 32-bit number; the answer repeats it. */
  readonly token: number;
}

export function encodeLinkProbe(probe: LinkProbe): Uint8Array {
  const bytes = new Uint8Array(PROBE_BYTES);
  bytes[0] = probe.type === 'probe' ? PROBE : PROBE_ANSWER;
  writeU32Be(bytes, 1, probe.token);
  return bytes;
}

/** Reads a message of one of the two kinds; any other is a fault. */
export function decodeLinkProbe(message: Uint8Array): Decoded<LinkProbe> {
  const kind = message[0];
  if (kind !== PROBE && kind !== PROBE_ANSWER) {
    return faulty('message-kind', 0);
  }
  if (message.length < PROBE_BYTES) {
    return faulty('message-too-short', message.length);
  }
  return decoded({ type: kind === PROBE ? 'probe' : 'answer', token: readU32Be(message, 1) });
}
