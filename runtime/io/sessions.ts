import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import type { DialHandler, Listener, ListenHandler, ListenOptions, SessionAddress, SessionPort } from '../ports.js';
import { faultFrom, SOCKET_OPTIONS, SocketSession, sessionServer } from './socket.js';

/** Finds a neighbour that vanished without a word even where nothing above sends. */
const KEEP_ALIVE_MS = 15_000;

/** How long a living owner of a socket file may take to say so. */
const PROBE_MS = 1_000;

type StreamAddress = Exclude<SessionAddress, { readonly transport: 'udp' }>;

/** Sessions over this machine's TCP and Unix sockets. */
export const systemSessions: SessionPort = { dial, listen };

function dial(address: SessionAddress, handler: DialHandler): () => void {
  if (address.transport === 'udp') {
    return refuse(() => handler.failed(unsupported(address)));
  }
  const socket = connect({ ...target(address), ...SOCKET_OPTIONS });
  let isSettled = false;
  const settle = (): boolean => {
    const isFirst = !isSettled;
    isSettled = true;
    return isFirst;
  };
  socket.once('connect', () => {
    if (settle()) {
      handler.opened(sessionOver(socket, address));
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
  if (address.transport === 'udp') {
    return refuse(() => handler.failed(unsupported(address)));
  }
  const server = sessionServer();
  let isWanted = true;
  const close = (done: () => void): void => {
    isWanted = false;
    if (server.listening) {
      server.close(() => done());
    } else {
      done();
    }
  };
  server.on('error', (error) => {
    if (isWanted) {
      handler.failed(faultFrom(error));
    }
  });
  server.on('connection', (socket) => handler.accepted(sessionOver(socket, address)));
  const opened = (): void => {
    if (isWanted) {
      const listener: Listener = { address: boundAddress(server, address), close };
      handler.opened(listener);
    } else {
      server.close();
    }
  };
  if (address.transport === 'tcp') {
    server.listen({ host: address.host, port: address.portNumber }, opened);
  } else {
    listenOnPath(server, address.path, options.mode ?? 0o600, { isWanted: () => isWanted, opened });
  }
  return close;
}

/**
 * Binds a socket file. One that nobody answers on is left over from a killed node and is removed; one that is answered
 * on is in use; anything that is no socket is not touched.
 */
function listenOnPath(
  server: Server,
  path: string,
  mode: number,
  life: { readonly isWanted: () => boolean; readonly opened: () => void },
): void {
  const bind = (): void => {
    if (!life.isWanted()) {
      return;
    }
    // The file must never be wider than asked for, not even between bind and chmod.
    const before = process.umask(0o777 & ~mode);
    try {
      server.listen({ path }, life.opened);
      chmodSync(path, mode);
    } catch (error) {
      server.emit('error', error);
    } finally {
      process.umask(before);
    }
  };
  const kind = kindOfFile(path);
  if (kind === 'nothing') {
    bind();
  } else if (kind === 'other') {
    const text = `${path} exists and is not a socket; choose another file name or remove it`;
    queueMicrotask(() => server.emit('error', Object.assign(new Error(text), { code: 'EEXIST' })));
  } else {
    probe(path, (isAlive) => {
      if (isAlive) {
        const text = `${path} is in use by another process`;
        server.emit('error', Object.assign(new Error(text), { code: 'EADDRINUSE' }));
        return;
      }
      removeSocket(path, server);
      bind();
    });
  }
}

function kindOfFile(path: string): 'nothing' | 'socket' | 'other' {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    return 'nothing';
  }
  return stats.isSocket() ? 'socket' : 'other';
}

function probe(path: string, answer: (isAlive: boolean) => void): void {
  const socket = connect({ path });
  const end = (isAlive: boolean): void => {
    clearTimeout(timer);
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    socket.destroy();
    answer(isAlive);
  };
  const timer = setTimeout(() => end(true), PROBE_MS);
  socket.once('connect', () => end(true));
  socket.once('error', () => end(false));
}

function removeSocket(path: string, server: Server): void {
  try {
    unlinkSync(path);
  } catch (error) {
    server.emit('error', error);
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

function unsupported(address: SessionAddress) {
  return { code: 'transport-unsupported', text: `${address.transport} sessions are not supported by this build` };
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
