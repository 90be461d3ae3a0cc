import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import type { DialHandler, Listener, ListenHandler, ListenOptions, SessionAddress, SessionPort } from '../ports.js';
import { faultFrom, SOCKET_OPTIONS, SocketSession, sessionServer } from './socket.js';
import { listenOnSocketFile, socketPathFault } from './socket-file.js';

/** Finds a neighbour that vanished without a word even where nothing above sends. */
const KEEP_ALIVE_MS = 15_000;

/** Port numbers have 16 bits. */
const PORT_NUMBER_MAX = 65_535;

/** For the owner alone, where nothing else was said. */
const SOCKET_MODE = 0o600;

type StreamAddress = Exclude<SessionAddress, { readonly transport: 'udp' }>;

/** Sessions over this machine's TCP and Unix sockets. */
export const systemSessions: SessionPort = { dial, listen };

function dial(address: SessionAddress, handler: DialHandler): () => void {
  const known = checked(address);
  if (!known.ok) {
    return refuse(() => handler.failed(known.fault));
  }
  const socket = connect({ ...target(known.address), ...SOCKET_OPTIONS });
  let isSettled = false;
  const settle = (): boolean => {
    const isFirst = !isSettled;
    isSettled = true;
    return isFirst;
  };
  socket.once('connect', () => {
    if (settle()) {
      handler.opened(sessionOver(socket, known.address));
    }
  });
  socket.on('error', (error) => {
    if (settle()) {
      handler.failed(faultFrom(error));
    }
  });
  return () => {
    if (settle()) {
      socket.destroy();
    }
  };
}

function listen(address: SessionAddress, options: ListenOptions, handler: ListenHandler): (done: () => void) => void {
  const known = checked(address);
  if (!known.ok) {
    return refuse(() => handler.failed(known.fault));
  }
  const server = sessionServer();
  let isWanted = true;
  let removeFile = (): void => undefined;
  const giveUp = (): void => {
    isWanted = false;
    removeFile();
    server.close();
  };
  // The place is free at once; the server's own `close` would wait for the last session that came.
  const close = (done: () => void): void => {
    giveUp();
    done();
  };
  server.on('error', (error) => {
    if (isWanted) {
      giveUp();
      handler.failed(faultFrom(error));
    }
  });
  server.on('connection', (socket) => handler.accepted(sessionOver(socket, known.address)));
  server.on('listening', () => {
    if (isWanted) {
      const listener: Listener = { address: boundAddress(server, known.address), close };
      handler.opened(listener);
    } else {
      server.close(); // it was given up while the name of its host was looked up
    }
  });
  if (known.address.transport === 'tcp') {
    server.listen({ host: known.address.host, port: known.address.portNumber });
  } else {
    const { path } = known.address;
    removeFile = listenOnSocketFile(server, { path, mode: options.mode ?? SOCKET_MODE, isWanted: () => isWanted });
  }
  return close;
}

type Checked =
  | { readonly ok: true; readonly address: StreamAddress }
  | { readonly ok: false; readonly fault: { readonly code: string; readonly text: string } };

/** Node throws at some addresses and cuts others short. */
function checked(address: SessionAddress): Checked {
  switch (address.transport) {
    case 'udp': {
      const text = 'udp sessions are not supported by this build';
      return { ok: false, fault: { code: 'transport-unsupported', text } };
    }
    case 'tcp': {
      const { portNumber } = address;
      const isGood = Number.isInteger(portNumber) && portNumber >= 0 && portNumber <= PORT_NUMBER_MAX;
      const text = `${portNumber} is no port number`;
      return isGood ? { ok: true, address } : { ok: false, fault: { code: 'address-invalid', text } };
    }
    case 'unix': {
      const error = socketPathFault(address.path);
      return error === undefined ? { ok: true, address } : { ok: false, fault: faultFrom(error) };
    }
    default:
      return address satisfies never;
  }
}

function sessionOver(socket: Socket, address: StreamAddress): SocketSession {
  if (address.transport === 'unix') {
    return new SocketSession(socket, { local: address.path, remote: address.path });
  }
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return new SocketSession(socket, {
    local: hostAndPort(socket.localAddress, socket.localPort),
    remote: hostAndPort(socket.remoteAddress ?? address.host, socket.remotePort ?? address.portNumber),
  });
}

function target(address: StreamAddress): { path: string } | { host: string; port: number } {
  return address.transport === 'unix' ? { path: address.path } : { host: address.host, port: address.portNumber };
}

function boundAddress(server: Server, asked: StreamAddress): SessionAddress {
  const bound: AddressInfo | string | null = server.address();
  if (asked.transport === 'unix' || bound === null || typeof bound === 'string') {
    return asked;
  }
  return { transport: 'tcp', host: bound.address, portNumber: bound.port };
}

/** As a peer would write it: IPv6 in brackets. */
function hostAndPort(host: string | undefined, portNumber: number | undefined): string {
  const shown = host === undefined ? '?' : host.includes(':') ? `[${host}]` : host;
  return `${shown}:${portNumber ?? '?'}`;
}

/** Answers in a moment, as everything else does, unless it was given up before. */
function refuse(answer: () => void): (done?: () => void) => void {
  let isWanted = true;
  queueMicrotask(() => {
    if (isWanted) {
      answer();
    }
  });
  return (done) => {
    isWanted = false;
    done?.();
  };
}
