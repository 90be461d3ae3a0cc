import { connect, type Socket } from 'node:net';
import type { DialHandler, ListenHandler, ListenOptions } from '../ports.js';
import { faultFrom, SOCKET_OPTIONS, SocketSession } from './socket.js';
import { listenOnSocketFile } from './socket-file.js';
import { StreamPlace } from './stream-place.js';

/** For the owner alone, where nothing else was said. */
const SOCKET_MODE = 0o600;

/** Opens a session to a socket file. */
export function dialUnix(path: string, handler: DialHandler): () => void {
  const socket = connect({ path, ...SOCKET_OPTIONS });
  let isWanted = true;
  const settle = (tell: () => void): void => {
    if (isWanted) {
      isWanted = false;
      tell();
    }
  };
  socket.once('connect', () => settle(() => handler.opened(unixSession(socket, path))));
  socket.on('error', (error) => settle(() => handler.failed(faultFrom(error))));
  return () => settle(() => socket.destroy());
}

/** Takes sessions in at a socket file. */
export function listenUnix(
  path: string,
  { mode = SOCKET_MODE }: ListenOptions,
  handler: ListenHandler,
): (done: () => void) => void {
  const place = new StreamPlace(handler, () => ({ transport: 'unix', path }));
  place.server.on('connection', (socket: Socket) => handler.accepted(unixSession(socket, path)));
  place.release = listenOnSocketFile(place.server, { path, mode, isWanted: () => place.isWanted });
  return place.close;
}

function unixSession(socket: Socket, path: string): SocketSession {
  return new SocketSession(socket, { local: path, remote: path });
}
