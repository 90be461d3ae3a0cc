import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { TestContext } from 'node:test';

/**
 * A FIFO from which a job takes its output: the job writes exactly what the test has poured, when it has poured it, and
 * ends when the test shuts the tap.
 */
export class Tap {
  readonly path: string;
  readonly #socket: Socket;

  constructor(t: TestContext, path: string) {
    this.path = path;
    execFileSync('mkfifo', [path]);
    // For reading too: so the open waits for nobody, and the tap stays when a reader has gone.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd, readable: false, writable: true });
    this.#socket.on('error', () => undefined);
    t.after(() => this.#socket.destroy());
  }

  /** Settles when the pipe has taken all of it, of which the job has taken all but the last 64 KiB. */
  pour(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The job reads the end. It must have begun to read before that. */
  shut(): void {
    this.#socket.destroy();
  }
}
