import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export type GateDirection = 'to-listener' | 'to-dialer';

interface Hold {
  readonly direction: GateDirection;
  /** Bytes that still pass. */
  left: number;
  readonly reached: () => void;
}

/**
 * A TCP way from a node that dials to one that listens. It can be held after some bytes in one direction: then nothing
 * more passes, and the sender feels it as a slow network. So a test is in the middle of a transfer for as long as it
 * wants to be. The listening node may move to another port, as one that was started anew does.
 */
export class Gate {
  readonly #server: Server;
  readonly #target: () => number | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<Socket>();
  #hold: Hold | undefined;

  private constructor(target: () => number | undefined) {
    this.#target = target;
    this.#server = createServer((dialer) => this.#join(dialer));
  }

  /** `target` is the port of the node that listens; undefined while it is away. */
  static async open(t: TestContext, target: () => number | undefined): Promise<Gate> {
    const gate = new Gate(target);
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      gate.#server.close();
      for (const socket of gate.#sockets) {
        socket.destroy();
      }
    });
    return gate;
  }

  get address(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  }

  /** Lets so many more bytes pass that way, and then none. Settles when that is so. */
  holdAfter(bytes: number, direction: GateDirection): Promise<void> {
    return new Promise((reached) => {
      this.#hold = { direction, left: bytes, reached };
    });
  }

  /** Lets everything pass again. */
  release(): void {
    this.#hold = undefined;
    for (const socket of this.#waiting) {
      socket.resume();
    }
    this.#waiting.clear();
  }

  #join(dialer: Socket): void {
    const port = this.#target();
    if (port === undefined) {
      dialer.destroy();
      return;
    }
    const listener = connect({ host: '127.0.0.1', port });
    this.#pump(dialer, listener, 'to-listener');
    this.#pump(listener, dialer, 'to-dialer');
  }

  #pump(from: Socket, to: Socket, direction: GateDirection): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      const isOpen = to.write(chunk);
      if (this.#isShutBy(chunk.length, direction)) {
        from.pause();
        this.#waiting.add(from);
      } else if (!isOpen) {
        from.pause();
        to.once('drain', () => (this.#waiting.has(from) ? undefined : from.resume()));
      }
    });
    // What was said before an end or a reset is still handed on.
    from.on('end', () => to.end());
    from.on('error', () => to.end());
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#waiting.delete(from);
      to.end();
    });
  }

  #isShutBy(bytes: number, direction: GateDirection): boolean {
    const hold = this.#hold;
    if (hold?.direction !== direction) {
      return false;
    }
    hold.left -= bytes;
    if (hold.left > 0) {
      return false;
    }
    hold.reached();
    return true;
  }
}
