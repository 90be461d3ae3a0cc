import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { describe } from '../errors.js';
import type { DialHandler, Listener, ListenHandler, SessionAddress, SessionFault } from '../ports.js';
import { hostAndPort } from './address-text.js';
import { DatagramSession } from './datagram-session.js';

export type UdpAddress = Extract<SessionAddress, { readonly transport: 'udp' }>;

/** Bytes that the kernel may hold of unread datagrams: a burst of a fast neighbour must fit. */
const RECEIVE_BUFFER_BYTES = 1_048_576;

/** Sources that one listener knows at once: a stranger can pretend any number of them. */
const ASSOCIATIONS_MAX = 4_096;

type Family = 'udp4' | 'udp6';

/** Opens an association. The socket is connected, so that a refusal which comes back ends it. Asks nobody. */
export function dialUdp(address: UdpAddress, handler: DialHandler): () => void {
  let isWanted = true;
  let opened: Socket | undefined;
  const giveUp = (): void => {
    isWanted = false;
    opened?.close();
  };
  const fail = (error: Error): void => {
    if (isWanted) {
      giveUp();
      handler.failed(faultOf(error));
    }
  };
  withFamily(address.host, (error, host, family) => {
    if (!isWanted) {
      return;
    }
    if (error !== null) {
      fail(error);
      return;
    }
    const socket = datagramSocket(family);
    opened = socket;
    socket.on('error', fail);
    connectTo(socket, { host, portNumber: address.portNumber }, (refused) => {
      if (refused !== undefined) {
        fail(refused);
      } else if (isWanted) {
        isWanted = false;
        handler.opened(associationOver(socket));
      }
    });
  });
  return () => {
    if (isWanted) {
      giveUp();
    }
  };
}

/** Node throws at port 0, and hands other errors (no way to the address, say) to the callback; its types know neither. */
function connectTo(
  socket: Socket,
  { host, portNumber }: { readonly host: string; readonly portNumber: number },
  then: (refused?: Error) => void,
): void {
  try {
    socket.connect(portNumber, host, then);
  } catch (thrown) {
    then(thrown instanceof Error ? thrown : new Error(describe(thrown)));
  }
}

function associationOver(socket: Socket): DatagramSession {
  const local = socket.address();
  const remote = socket.remoteAddress();
  const session = new DatagramSession({
    local: hostAndPort(local.address, local.port),
    remote: hostAndPort(remote.address, remote.port),
    transmit: (message, sent) => socket.send(message, (error) => sent(error)),
    over: () => socket.close(),
  });
  socket.on('message', (message) => session.hear(message));
  socket.on('error', (error) => session.fail(faultOf(error)));
  return session;
}

/** Takes associations in at one port: the first datagram of an unknown source makes one. */
export function listenUdp(address: UdpAddress, handler: ListenHandler): (done: () => void) => void {
  let place: UdpPlace | undefined;
  let isWanted = true;
  withFamily(address.host, (error, host, family) => {
    if (!isWanted) {
      return;
    }
    if (error !== null) {
      isWanted = false;
      handler.failed(faultOf(error));
      return;
    }
    place = new UdpPlace(datagramSocket(family), handler);
    place.bind(host, address.portNumber);
  });
  return (done) => {
    isWanted = false;
    if (place === undefined) {
      done();
    } else {
      place.close(done);
    }
  };
}

/** One bound socket and the sources that it knows. Sessions that were accepted live on after it was closed. */
class UdpPlace {
  readonly #socket: Socket;
  readonly #handler: ListenHandler;
  readonly #sources = new Map<string, DatagramSession>();
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';

  constructor(socket: Socket, handler: ListenHandler) {
    this.#socket = socket;
    this.#handler = handler;
    socket.on('error', (error) => this.#broke(error));
    socket.on('message', (message, { address, port }) => this.#hear(message, address, port));
  }

  bind(host: string, portNumber: number): void {
    this.#socket.bind({ address: host, port: portNumber }, () => {
      if (this.#state === 'opening') {
        this.#state = 'open';
        const bound = this.#socket.address();
        const address: UdpAddress = { transport: 'udp', host: bound.address, portNumber: bound.port };
        const listener: Listener = { address, close: (done) => this.close(done) };
        this.#handler.opened(listener);
      }
    });
  }

  /** The port stays bound as long as an association lives over it: there is one socket for all. */
  close(done: () => void): void {
    if (this.#state === 'closed') {
      done();
      return;
    }
    this.#socket.once('close', done);
    this.#state = 'closing';
    this.#closeWhenUnused();
  }

  #hear(message: Buffer, host: string, portNumber: number): void {
    const source = hostAndPort(host, portNumber);
    const known = this.#sources.get(source);
    if (known !== undefined) {
      known.hear(message);
      return;
    }
    if (this.#state !== 'open' || message.length === 0 || this.#sources.size >= ASSOCIATIONS_MAX) {
      return;
    }
    const session = this.#newSession(source, host, portNumber);
    this.#sources.set(source, session);
    session.hear(message);
    this.#handler.accepted(session);
  }

  #newSession(source: string, host: string, portNumber: number): DatagramSession {
    const local = this.#socket.address();
    return new DatagramSession({
      local: hostAndPort(local.address, local.port),
      remote: source,
      transmit: (message, sent) => this.#socket.send(message, portNumber, host, (error) => sent(error)),
      over: () => {
        this.#sources.delete(source);
        this.#closeWhenUnused();
      },
    });
  }

  #closeWhenUnused(): void {
    if (this.#state === 'closing' && this.#sources.size === 0) {
      this.#state = 'closed';
      this.#socket.close();
    }
  }

  #broke(error: Error): void {
    const fault = faultOf(error);
    for (const session of Array.from(this.#sources.values())) {
      session.fail(fault);
    }
    if (this.#state === 'opening' || this.#state === 'open') {
      this.#state = 'closed';
      this.#socket.close();
      this.#handler.failed(fault);
    }
  }
}

/** The address that a name stands for, and its family: a datagram socket is of one. Always answers later. */
function withFamily(host: string, then: (error: Error | null, host: string, family: Family) => void): void {
  const kind = isIP(host);
  if (kind !== 0) {
    queueMicrotask(() => then(null, host, kind === 6 ? 'udp6' : 'udp4'));
    return;
  }
  lookup(host, (error, address, family) => then(error, address, family === 6 ? 'udp6' : 'udp4'));
}

/** A socket that asks no resolver for each datagram: what it is given are addresses. */
function datagramSocket(type: Family): Socket {
  const family = type === 'udp6' ? 6 : 4;
  return createSocket({
    type,
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    lookup: (host, _options, found) => found(null, host, family),
  });
}

function faultOf(error: Error): SessionFault {
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : 'datagram', text: error.message };
}
