// The refusal of a session: kind byte 3 and a JSON list (mesh-protocol 2.4). Go sends an empty one and reads nothing of
// it; we put the reason into it, for a neighbour of our kind to tell. On TCP a Go node's seldom arrives at all: an early
// end of the session may mean the same.
import { parseJson } from '../json/parsed.js';
import { writeString } from '../json/writer.js';
import { encodeText } from '../text.js';
import { MESSAGE_KIND } from './message-kind.js';

/** Characters of a reason that are sent, and read: it is one sentence for a log. */
const REASON_LENGTH_MAX = 300;

/** The message, fresh bytes at every call: `\x03[]`, or with a reason `\x03["…"]`. */
export function encodeReject(reason?: string): Uint8Array {
  const list = reason === undefined ? '' : writeString(reason.slice(0, REASON_LENGTH_MAX));
  return encodeText(`${MESSAGE_KIND.reject.prefix}[${list}]`);
}

/** The reason in a whole message, kind byte first; undefined where it has none that can be read. */
export function rejectReason(message: Uint8Array): string | undefined {
  const parsed = parseJson(message.subarray(1));
  const first = parsed.ok && Array.isArray(parsed.value) ? parsed.value[0] : undefined;
  return typeof first === 'string' ? first.slice(0, REASON_LENGTH_MAX) : undefined;
}
