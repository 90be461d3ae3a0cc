import type { Server } from 'node:net';
import type { ListenHandler, SessionAddress } from '../ports.js';
import { faultFrom, sessionServer } from './socket.js';

/** A server that is opened and closed as a listener promises. */
export class StreamPlace {
  readonly server: Server = sessionServer();
  #isWanted = true;
  /** What has to be done before the server is closed. */
  release: () => void = () => undefined;

  /** `address` tells where the server listens, once it does. */
  constructor(handler: ListenHandler, address: (server: Server) => SessionAddress) {
    const { server } = this;
    server.on('error', (error) => {
      if (this.#isWanted) {
        this.#giveUp();
        handler.failed(faultFrom(error));
      }
    });
    server.on('listening', () => {
      if (this.#isWanted) {
        handler.opened({ address: address(server), close: this.close });
      } else {
        server.close(); // it was given up while the name of its host was looked up
      }
    });
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** The place is free at once; the server's own `close` would wait for the last session that came. */
  readonly close = (done: () => void): void => {
    this.#giveUp();
    done();
  };

  #giveUp(): void {
    this.#isWanted = false;
    this.release();
    this.server.close();
  }
}
