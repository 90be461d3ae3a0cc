import type { ListenHandler, SessionAddress } from '../ports.js';
import type { Station } from './station.js';

/** Where sessions may arrive. */
export interface Place {
  readonly station: Station;
  readonly handler: ListenHandler;
  readonly address: SessionAddress;
}

/** The places of all hosts where somebody listens. */
export class Places {
  readonly #places = new Map<string, Place>();

  get size(): number {
    return this.#places.size;
  }

  /** False when it is taken. */
  open(place: Place): boolean {
    const key = placeKey(place.station.host, place.address);
    if (this.#places.has(key)) {
      return false;
    }
    this.#places.set(key, place);
    return true;
  }

  isOpen(place: Place): boolean {
    return this.#places.get(placeKey(place.station.host, place.address)) === place;
  }

  close(place: Place): void {
    if (this.isOpen(place)) {
      this.#places.delete(placeKey(place.station.host, place.address));
    }
  }

  /** Closes all places of a host. */
  closeAll(host: string): void {
    for (const place of Array.from(this.#places.values())) {
      if (place.station.host === host) {
        this.close(place);
      }
    }
  }

  /** Who listens at this address, as seen from a host. */
  find(from: string, address: SessionAddress): Place | undefined {
    return this.#places.get(placeKey(targetHost(from, address), address));
  }

  /** The places of a host, as people read them. */
  of(host: string): readonly string[] {
    const own = Array.from(this.#places.values()).filter((place) => place.station.host === host);
    return own.map(({ address }) => `listener ${address.transport} ${addressText(address)}`);
  }
}

/** The host that an address means, as seen from another: a Unix socket and the loopback names mean itself. */
export function targetHost(from: string, address: SessionAddress): string {
  return address.transport === 'unix' || LOOPBACK_NAMES.has(address.host) ? from : address.host;
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

export function addressText(address: SessionAddress): string {
  return address.transport === 'unix' ? address.path : `${address.host}:${address.portNumber}`;
}

function placeKey(host: string, address: SessionAddress): string {
  return address.transport === 'unix'
    ? `${host}:${address.path}`
    : `${host}:${address.transport}:${address.portNumber}`;
}
