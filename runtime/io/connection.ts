import { connect, type Socket } from 'node:net';
import { describe } from '../errors.js';
import type { DialOptions, SessionFault } from '../ports.js';
import { askProxy } from './proxy-connect.js';
import { faultFrom, SOCKET_OPTIONS } from './socket.js';

/** Finds a neighbour that vanished without a word even where nothing above sends. */
export const KEEP_ALIVE_MS = 15_000;

export interface ConnectionHandler {
  /** `certificate` is what the other end has shown, as DER. */
  opened(socket: Socket, certificate: Uint8Array | undefined): void;
  failed(fault: SessionFault): void;
}

/**
 * A TCP connection to a host, over a proxy and secured where the options say so. Returns what gives up: then nothing
 * of the handler is called any more, and nothing stays open.
 */
export function openConnection(
  target: { readonly host: string; readonly portNumber: number },
  { proxy, secure }: DialOptions,
  handler: ConnectionHandler,
): () => void {
  const first = proxy ?? target;
  const socket = connect({ host: first.host, port: first.portNumber, ...SOCKET_OPTIONS });
  let isSettled = false;
  const settle = (tell: () => void): void => {
    if (!isSettled) {
      isSettled = true;
      tell();
    }
  };
  const failed = (fault: SessionFault): void => settle(() => handler.failed(fault));
  const opened = (open: Socket, certificate?: Uint8Array): void => settle(() => handler.opened(open, certificate));
  const secured = (): void => {
    if (secure === undefined) {
      opened(socket);
      return;
    }
    // TLS is loaded by who uses it: it costs a tenth of a node's start.
    import('./secure-socket.js').then(
      ({ secureDialled }) => secureDialled(socket, { profile: secure, host: target.host }, { secured: opened, failed }),
      (thrown: unknown) => failed({ code: 'tls-missing', text: describe(thrown) }),
    );
  };
  socket.on('error', (error) => failed(faultFrom(error)));
  socket.once('connect', () => {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    if (proxy === undefined) {
      secured();
    } else {
      askProxy(socket, { proxy, ...target }, { opened: secured, failed });
    }
  });
  return () => settle(() => socket.destroy());
}
