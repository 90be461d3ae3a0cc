import type { Clock } from '../clock.js';
import type { DialHandler, Listener, ListenHandler, SessionAddress, SessionFault, SessionPort } from '../ports.js';
import type { Random } from '../random.js';
import { Associations } from './associations.js';
import { Dialing } from './dialing.js';
import type { NetworkFaults } from './faults.js';
import { addressText, type Place, Places } from './places.js';
import type { DeathOptions, Station } from './station.js';
import { type TrafficReader, Weather } from './weather.js';
import { SimulatedWire } from './wire.js';

/** The first port number that is given to who asks for none, less one. */
const PORT_NUMBER_START = 40_000;

/**
 * A pretended network of hosts: sessions with delay, loss, repetition, reordering, and partitions in one direction or
 * both. Everything is drawn from one generator and timed by one clock, so the same seed gives the same traffic.
 */
export class SimulatedNetwork {
  readonly readers: Set<TrafficReader>;
  readonly #weather: Weather;
  readonly #places = new Places();
  readonly #wires = new Set<SimulatedWire>();
  readonly #associations: Associations;
  #lastPort = PORT_NUMBER_START;

  constructor(clock: Clock, random: Random) {
    this.#weather = new Weather(clock, random);
    this.readers = this.#weather.readers;
    this.#associations = new Associations(this.#weather, this.#places);
  }

  /** Sessions that are open: stream sessions with an open end, and the open ends of UDP associations. */
  get openSessions(): number {
    return this.#wires.size + this.#associations.open;
  }

  /** Places where sessions may arrive. */
  get openPlaces(): number {
    return this.#places.size;
  }

  /** What a host has open, as people read it: for the question what was left behind. */
  openOf(host: string): readonly string[] {
    const streams = Array.from(this.#wires).flatMap((wire) => wire.ends.filter((end) => !end.isOver));
    const ends = [...streams, ...this.#associations.ends()].filter((end) => end.host === host);
    return [...this.#places.of(host), ...ends.map((end) => `session ${end.local} > ${end.remote}`)];
  }

  /** Sets what happens everywhere that nothing else was said of; within a host the way is always calm. */
  setFaults(faults: NetworkFaults): void {
    this.#weather.setFaults(faults);
  }

  /** Sets what happens to traffic from one host to another. */
  setFaultsBetween(from: string, to: string, faults: NetworkFaults): void {
    this.#weather.setFaultsBetween(from, to, faults);
  }

  faultsBetween(from: string, to: string): NetworkFaults {
    return this.#weather.faultsBetween(from, to);
  }

  /** Nothing passes from `from` to `to`; what is sent in a stream waits for the healing. */
  cut(from: string, to: string): void {
    this.#weather.cut(from, to);
  }

  heal(from: string, to: string): void {
    this.#weather.heal(from, to);
  }

  /** Cuts every way between the two groups, in both directions. */
  partition(some: readonly string[], others: readonly string[]): void {
    for (const a of some) {
      for (const b of others) {
        this.cut(a, b);
        this.cut(b, a);
      }
    }
  }

  /** Heals every way that is cut. */
  healAll(): void {
    this.#weather.healAll();
  }

  isCut(from: string, to: string): boolean {
    return this.#weather.isCut(from, to);
  }

  /** Ends stream sessions between two hosts as a middle box would, with a reset. */
  reset(a: string, b: string): void {
    for (const wire of Array.from(this.#wires)) {
      if (wire.joins(a, b)) {
        wire.reset();
      }
    }
  }

  /** A host's process died. Its kernel closes its sessions; with `isSilent` the whole machine is gone without a word. */
  hostDied(host: string, options: DeathOptions): void {
    this.#places.closeAll(host);
    if (options.isSilent) {
      this.#weather.vanish(host);
    }
    const streams = Array.from(this.#wires).flatMap((wire) => wire.ends);
    for (const end of [...streams, ...this.#associations.ends()]) {
      if (end.host === host) {
        end.die(options);
      }
    }
  }

  /** A host has come up: what waited for it goes on its way. */
  hostStarted(host: string): void {
    this.#weather.appear(host);
  }

  /** The sessions of one life of a host. A life that is over opens nothing any more. */
  portFor(station: Station): SessionPort {
    return {
      dial: (address, handler) => (station.isAlive ? this.#dial(station, address, handler) : () => undefined),
      listen: (address, _options, handler) =>
        station.isAlive ? this.#listen(station, address, handler) : (done) => done(),
    };
  }

  #listen(station: Station, address: SessionAddress, handler: ListenHandler): (done: () => void) => void {
    const place: Place = { station, handler, address: this.#bound(station.host, address) };
    let isWanted = true;
    const isTaken = !this.#places.open(place);
    const close = (done: () => void): void => {
      isWanted = false;
      this.#places.close(place);
      done();
    };
    const listener: Listener = { address: place.address, close };
    const text = `listen EADDRINUSE: address already in use ${addressText(place.address)}`;
    const fault: SessionFault = { code: 'EADDRINUSE', text };
    station.deliver(() => {
      if (isWanted && isTaken) {
        handler.failed(fault);
      } else if (isWanted) {
        handler.opened(listener);
      }
    });
    return close;
  }

  #bound(host: string, address: SessionAddress): SessionAddress {
    if (address.transport === 'unix') {
      return address;
    }
    return { ...address, host, portNumber: address.portNumber === 0 ? this.#newPort() : address.portNumber };
  }

  #newPort(): number {
    this.#lastPort += 1;
    return this.#lastPort;
  }

  #dial(station: Station, address: SessionAddress, handler: DialHandler): () => void {
    const local = `${station.host}:${this.#newPort()}`;
    if (address.transport === 'udp') {
      return this.#associations.dial(station, { local, address }, handler);
    }
    const dialing = new Dialing(this.#weather, this.#places, { station, address, handler }, (place) =>
      this.#join(station, local, place),
    );
    return () => dialing.giveUp();
  }

  #join(station: Station, local: string, place: Place): SimulatedWire {
    const wire = new SimulatedWire(this.#weather, {
      dialer: { station, name: local },
      listener: { station: place.station, name: addressText(place.address) },
      onOver: (over) => this.#wires.delete(over),
    });
    this.#wires.add(wire);
    place.station.deliver(() => {
      if (this.#places.isOpen(place)) {
        place.handler.accepted(wire.listenerEnd);
      } else {
        wire.listenerEnd.abort();
      }
    });
    return wire;
  }
}
