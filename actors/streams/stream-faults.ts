import type { SessionFault } from '../../runtime/ports.js';
import type { Loss } from '../../runtime/quic/engine.js';

/**
 * Why a stream could not be opened, or ended: codes for us, and texts in the words of the reference, since users and
 * AWX match them (`CRYPTO_ERROR`, `context canceled`; control-and-work 1.6, 3.5).
 */

/** Nobody knows the way, or the node answered that it has no such service. */
export const NO_ROUTE: SessionFault = { code: 'no-route', text: 'no route to node' };
export const SERVICE_UNKNOWN: SessionFault = { code: 'service-unknown', text: 'context canceled' };
/** The same on this node: the reference has another word for it. */
export const SERVICE_UNKNOWN_HERE: SessionFault = { code: 'service-unknown', text: 'service unknown' };
/** A node on the way, or at an end, lets nothing through to the service. */
export const BLOCKED: SessionFault = { code: 'blocked', text: 'blocked by firewall' };
/** The other end's service went away while the stream was open. */
export const PEER_GONE: SessionFault = { code: 'peer-gone', text: 'the other end is gone' };
export const HANDSHAKE_TIMEOUT: SessionFault = { code: 'timeout', text: 'timeout: handshake did not complete in time' };
/** The other end closed in order, but before there was a stream to use. */
export const CLOSED_EARLY: SessionFault = { code: 'closed-early', text: 'the other end closed the connection at once' };
export const ABORTED: SessionFault = { code: 'aborted', text: 'the stream was aborted here' };
export const STOPPED: SessionFault = { code: 'stopped', text: 'the node is being stopped' };

/** The peer is not who it should be: TLS's own alert for it is 42, bad certificate (0x100 + 42). */
export function untrusted(reason: string): SessionFault {
  return { code: 'untrusted', text: `CRYPTO_ERROR 0x12a (local): ${reason}` };
}

/** What went wrong on a connection; `undefined` for an end in order. */
export function faultOf(loss: Loss): SessionFault | undefined {
  switch (loss.kind) {
    case 'application-closed':
      return loss.code === 0
        ? undefined
        : { code: 'closed-by-peer', text: `Application error 0x${loss.code.toString(16)} (remote): ${loss.reason}` };
    case 'transport-closed':
      return transportFault(loss.code, loss.by === 'us' ? 'local' : 'remote', loss.reason);
    case 'timed-out':
      return { code: 'timeout', text: 'timeout: no recent network activity' };
    case 'reset':
      return { code: 'reset', text: 'the other end does not know the connection any more' };
    case 'version-mismatch':
      return { code: 'version-mismatch', text: 'no compatible QUIC version found' };
    case 'engine-fault':
      return { code: 'engine-fault', text: `the stream engine failed: ${loss.reason}` };
    default:
      return loss satisfies never;
  }
}

/** CRYPTO_ERROR is 0x100 plus the TLS alert (RFC 9001, 4.8). */
function transportFault(code: number, side: 'local' | 'remote', reason: string): SessionFault {
  const isCrypto = code >= 0x100 && code <= 0x1ff;
  const name = isCrypto ? `CRYPTO_ERROR 0x${code.toString(16)}` : `transport error 0x${code.toString(16)}`;
  return { code: isCrypto ? 'untrusted' : 'transport', text: `${name} (${side}): ${reason}` };
}
