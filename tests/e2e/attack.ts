import { connect, type NetConnectOpts, type Socket } from 'node:net';

/** Connections that an attack leaves open behind it. */
const OPEN_MAX = 100;

/** How a connection is left by who made it. */
export type Farewell = 'end' | 'reset' | 'stay';

/** Somebody who sends what nobody asked for, on one connection after the other. */
export class Attack {
  readonly #target: NetConnectOpts;
  /** Those that are still open, the oldest first. */
  readonly #open = new Set<Socket>();

  constructor(target: NetConnectOpts) {
    this.#target = target;
  }

  /** A connection; what comes over it is thrown away. */
  connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#target, () => resolve(socket));
      this.#open.add(socket);
      socket.resume();
      socket.on('error', reject);
      socket.on('close', () => this.#open.delete(socket));
    });
  }

  /** Sends all of it, as far as the other end reads it, and leaves. */
  async send(inputs: readonly Uint8Array[], farewell: Farewell): Promise<void> {
    const socket = await this.connect();
    for (const input of inputs) {
      await write(socket, input);
    }
    this.leave(socket, farewell);
  }

  leave(socket: Socket, farewell: Farewell): void {
    if (farewell === 'end') {
      socket.end();
    } else if (farewell === 'reset') {
      abandon(socket);
    }
    const [oldest] = this.#open;
    if (this.#open.size > OPEN_MAX) {
      oldest?.destroy();
    }
  }

  /** Leaves at once what is still open. */
  close(): void {
    for (const socket of this.#open) {
      socket.destroy();
    }
  }
}

/** Leaves with a reset where there is such a thing. */
function abandon(socket: Socket): void {
  if (socket.remoteAddress === undefined) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

/** Settles when the kernel has taken it, or the connection is over; false then. */
export function write(socket: Socket, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    if (socket.destroyed || !socket.writable) {
      resolve(false);
      return;
    }
    const over = (): void => resolve(false);
    socket.once('close', over);
    socket.write(bytes, (error) => {
      socket.off('close', over);
      resolve(error === null || error === undefined);
    });
  });
}
