import { encodeText } from '../protocol/text.js';
import type { Clock } from '../runtime/clock.js';
import type { Session, SessionAddress, SessionFault, SessionHandler, SessionPort } from '../runtime/ports.js';
import { ControlError } from './control-error.js';
import { dialText, showAddress } from './log/network-text.js';

/** How every control session begins; both receptorctl and Go nodes look for it. */
const GREETING = encodeText('Receptor Control, node ');

export interface DialOptions {
  readonly sessions: SessionPort;
  readonly clock: Clock;
  /** For the connection; the greeting has a limit of its own. */
  readonly withinMs: number;
}

/** A connection to the address; rejects with a `ControlError`. */
export function dialControl(address: SessionAddress, options: DialOptions): Promise<Session> {
  const { sessions, clock, withinMs } = options;
  return new Promise((resolve, reject) => {
    const giveUp = sessions.dial(address, {
      opened: (session) => {
        timer.cancel();
        resolve(session);
      },
      failed: (fault) => {
        timer.cancel();
        reject(dialError(address, fault));
      },
    });
    const timer = clock.setTimer(withinMs, () => {
      giveUp();
      const text = `no connection to ${showAddress(address)} within ${withinMs / 1_000} s`;
      reject(new ControlError('late', text, 'is the address right, and may this machine reach it?'));
    });
  });
}

function dialError(address: SessionAddress, fault: SessionFault): ControlError {
  const at = showAddress(address);
  const isSocket = address.transport === 'unix';
  switch (fault.code) {
    case 'ENOENT':
      return unreachable(
        `there is no socket ${at}`,
        'is the node running? The path is that of its control-service, "filename"',
      );
    case 'ECONNREFUSED':
      return isSocket
        ? unreachable(
            `nobody answers at ${at}`,
            'it is no socket, or one that a node which is gone has left: start the node',
          )
        : unreachable(`nobody listens at ${at}`, 'is the node running, with "tcplisten" in its control-service?');
    case 'EACCES':
    case 'EPERM':
      return unreachable(
        `this user may not use ${at}`,
        'the control-service has "permissions" for others, such as 0660',
      );
    case 'ENOTDIR':
      return unreachable(`there is no socket ${at}`, 'a part of the path is not a directory');
    default:
      return unreachable(dialText(address, fault), 'is the address right, and may this machine reach it?');
  }
}

function unreachable(text: string, hint: string): ControlError {
  return new ControlError('unreachable', text, hint);
}

/**
 * Stands between a new session and whoever reads it, and looks at the first bytes: what does not begin as a greeting
 * is another kind of server, and might never send the end of a line.
 */
export class GreetingGuard implements SessionHandler {
  readonly #inner: SessionHandler;
  readonly #refused: (beginning: Uint8Array) => void;
  #seen = 0;

  constructor(inner: SessionHandler, refused: (beginning: Uint8Array) => void) {
    this.#inner = inner;
    this.#refused = refused;
  }

  bytes(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && this.#seen < GREETING.length; at += 1) {
      if (chunk[at] !== GREETING[this.#seen]) {
        this.#refused(chunk);
        return;
      }
      this.#seen += 1;
    }
    this.#inner.bytes(chunk);
  }

  drained(): void {
    this.#inner.drained();
  }

  ended(): void {
    this.#inner.ended();
  }

  closed(fault: SessionFault | undefined): void {
    this.#inner.closed(fault);
  }
}
