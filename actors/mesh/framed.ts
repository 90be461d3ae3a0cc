import { FRAME_BYTES_MAX, FRAME_PREFIX_BYTES, putFramePrefix } from '../../protocol/netceptor/stream-framing.js';
import { RuntimeError } from '../../runtime/errors.js';
import type { Lane } from '../../runtime/lane.js';

/** Can a frame hold it? An empty message ends a Go peer (mesh-protocol 2.6); a longer one spoils the stream for good. */
export function fitsFrame(message: Uint8Array): boolean {
  return message.length > 0 && message.length <= FRAME_BYTES_MAX;
}

/**
 * The message in bytes of its own, its length in front, as a lane takes it: the message starts behind the prefix.
 * Throws `invalid-use` for what no frame can hold.
 */
export function framed(message: Uint8Array): Uint8Array {
  if (!fitsFrame(message)) {
    throw new RuntimeError('invalid-use', `no frame holds a message of ${message.length} bytes`);
  }
  const bytes = new Uint8Array(FRAME_PREFIX_BYTES + message.length);
  putFramePrefix(bytes, 0, message.length);
  bytes.set(message, FRAME_PREFIX_BYTES);
  return bytes;
}

/** For packets from message sessions, which have no length bytes, and for the rare one whose prefix was cut off. */
export function pushFramed(lane: Pick<Lane, 'push'>, packet: Uint8Array): boolean {
  const bytes = framed(packet);
  return lane.push(bytes, FRAME_PREFIX_BYTES, bytes.length);
}
