import type { DialHandler, SessionAddress } from '../ports.js';
import { AssociationEnd, sendLoose } from './association.js';
import { addressText, type Places, targetHost } from './places.js';
import type { Station } from './station.js';
import type { Weather } from './weather.js';

interface UdpDial {
  readonly local: string;
  readonly address: SessionAddress;
}

/**
 * UDP as the kernel does it: a dial opens at once and asks nobody; the listener has a session for each source that sent
 * it something, and a new one if the old was closed; nobody learns that the other side is gone.
 */
export class Associations {
  readonly #weather: Weather;
  readonly #places: Places;
  readonly #dialed = new Set<AssociationEnd>();
  /** Listeners' ends, by where they listen and who sends. */
  readonly #accepted = new Map<string, AssociationEnd>();

  constructor(weather: Weather, places: Places) {
    this.#weather = weather;
    this.#places = places;
  }

  /** Ends that are open. */
  get open(): number {
    return this.#dialed.size + this.#accepted.size;
  }

  ends(): readonly AssociationEnd[] {
    return [...this.#dialed, ...this.#accepted.values()];
  }

  dial(station: Station, { local, address }: UdpDial, handler: DialHandler): () => void {
    const to = targetHost(station.host, address);
    const remote = addressText(address);
    const end: AssociationEnd = new AssociationEnd({
      station,
      local,
      remote,
      transmit: (bytes) =>
        sendLoose(this.#weather, { from: station.host, to }, bytes, (copy) => this.#hear(copy, end, address)),
      onOver: () => this.#dialed.delete(end),
    });
    let isWanted = true;
    this.#dialed.add(end);
    station.deliver(() => {
      if (isWanted) {
        isWanted = false;
        handler.opened(end);
      }
    });
    return () => {
      if (isWanted) {
        isWanted = false;
        end.close();
      }
    };
  }

  /** A message for a listener has come. */
  #hear(bytes: Uint8Array, source: AssociationEnd, address: SessionAddress): void {
    const to = targetHost(source.host, address);
    const end = this.#acceptedAt(source, address);
    if (end === undefined) {
      this.#refuse(source, to);
    } else if (!end.hear(bytes)) {
      this.#weather.note(source.host, to, bytes, 'lost');
    }
  }

  #acceptedAt(source: AssociationEnd, address: SessionAddress): AssociationEnd | undefined {
    const key = `${targetHost(source.host, address)} ${addressText(address)} ${source.local}`;
    const known = this.#accepted.get(key);
    const place = this.#places.find(source.host, address);
    if (known !== undefined || place === undefined) {
      return known;
    }
    const { station, handler } = place;
    const way = { from: station.host, to: source.host };
    const end = new AssociationEnd({
      station,
      local: addressText(place.address),
      remote: source.local,
      transmit: (bytes) => sendLoose(this.#weather, way, bytes, (copy) => source.hear(copy)),
      onOver: () => this.#accepted.delete(key),
    });
    this.#accepted.set(key, end);
    station.deliver(() => {
      if (this.#places.isOpen(place)) {
        handler.accepted(end);
      } else {
        end.close();
      }
    });
    return end;
  }

  /** The other host lives but nobody listens: its kernel says so, and that message may be lost as well. */
  #refuse(source: AssociationEnd, to: string): void {
    const text = `read ECONNREFUSED ${source.remote}`;
    const nothing = new Uint8Array(0);
    sendLoose(this.#weather, { from: to, to: source.host, isKernel: true }, nothing, () =>
      source.refused({ code: 'ECONNREFUSED', text }),
    );
  }
}
