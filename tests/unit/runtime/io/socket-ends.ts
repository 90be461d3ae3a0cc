import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { SOCKET_OPTIONS, sessionServer } from '../../../../runtime/io/socket.js';

/** Both ends of a TCP connection on this machine: the one that dialled, and the one that was accepted. */
export async function tcpEnds(t: TestContext): Promise<readonly [Socket, Socket]> {
  const server = sessionServer();
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const near = connect({ host: '127.0.0.1', port: portOf(server), ...SOCKET_OPTIONS });
  const [far] = await once(server, 'connection');
  server.close();
  t.after(() => {
    near.destroy();
    far.destroy();
  });
  for (const socket of [near, far]) {
    socket.on('error', () => undefined);
  }
  return [near, far];
}

/** A server that does with each connection what it is told; its port number. */
export async function scriptedServer(t: TestContext, script: (socket: Socket) => void): Promise<number> {
  const server = sessionServer();
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    script(socket);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  return portOf(server);
}

function portOf(server: ReturnType<typeof sessionServer>): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

/** All that comes out of a socket, as it comes. */
export function listenTo(socket: Socket): { text: string } {
  const heard = { text: '' };
  socket.on('data', (chunk: Buffer) => {
    heard.text += chunk.toString('latin1');
  });
  socket.resume();
  return heard;
}

/** As `until`, for tests whose timers stand still. */
export async function untilNoTimers(holds: () => boolean): Promise<void> {
  const limitMs = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > limitMs) {
      throw new Error('it did not hold within 20 s');
    }
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
