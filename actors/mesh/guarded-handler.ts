import type { SessionHandler } from '../../runtime/ports.js';
import type { Self } from '../../runtime/self.js';

/**
 * A handler as a session gets it from an actor: idle once that life is over, and what it throws is a failure of that
 * actor. Without this, one frame that we cannot digest would be an uncaught exception, and end the whole process.
 */
export function guardedHandler(self: Pick<Self<never>, 'whileAlive'>, handler: SessionHandler): SessionHandler {
  return {
    bytes: self.whileAlive((chunk: Uint8Array) => handler.bytes(chunk)),
    drained: self.whileAlive(() => handler.drained()),
    ended: self.whileAlive(() => handler.ended()),
    closed: self.whileAlive((fault: Parameters<SessionHandler['closed']>[0]) => handler.closed(fault)),
  };
}
