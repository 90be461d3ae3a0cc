import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import { CALM, LOOPBACK, type NetworkFaults } from './faults.js';

/** What became of something that was sent. */
export type Fate = 'stream' | 'message' | 'lost';

/** Hears of everything that is sent: for traces and for the checkers. */
export type TrafficReader = (from: string, to: string, bytes: Uint8Array, fate: Fate) => void;

/** Something that waits for a way to be open again. */
export interface Stranded {
  healed(): void;
}

/** What happens on the ways between hosts: delay, loss, cuts, and hosts that have vanished. One generator draws it all. */
export class Weather {
  readonly clock: Clock;
  readonly random: Random;
  readonly readers = new Set<TrafficReader>();
  readonly #faults = new Map<string, NetworkFaults>();
  readonly #cuts = new Set<string>();
  readonly #vanished = new Set<string>();
  readonly #stranded = new Map<string, Set<Stranded>>();
  #everywhere: NetworkFaults = CALM;

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
  }

  /** Sets what happens everywhere that nothing else was said of; not within a host. */
  setFaults(faults: NetworkFaults): void {
    this.#everywhere = faults;
  }

  /** Sets what happens to traffic from one host to another. */
  setFaultsBetween(from: string, to: string, faults: NetworkFaults): void {
    this.#faults.set(way(from, to), faults);
  }

  faultsBetween(from: string, to: string): NetworkFaults {
    if (this.#faults.size === 0) {
      return from === to ? LOOPBACK : this.#everywhere;
    }
    return this.#faults.get(way(from, to)) ?? (from === to ? LOOPBACK : this.#everywhere);
  }

  /** How long something that leaves now is under way. */
  drawDelayMs({ delayMs, jitterMs }: NetworkFaults): number {
    return jitterMs === 0 ? delayMs : delayMs + jitterMs * this.random.unit();
  }

  /** True with this chance. Draws nothing when it cannot be. */
  draw(chance: number): boolean {
    return chance > 0 && this.random.unit() < chance;
  }

  cut(from: string, to: string): void {
    this.#cuts.add(way(from, to));
  }

  heal(from: string, to: string): void {
    this.#cuts.delete(way(from, to));
    this.#release(from, to);
  }

  /** Heals every way that is cut. */
  healAll(): void {
    const ways = Array.from(this.#cuts);
    this.#cuts.clear();
    for (const key of ways) {
      const [from = '', to = ''] = key.split(ARROW);
      this.#release(from, to);
    }
  }

  /** The machine is gone without a word: nothing reaches it and nothing comes from it until it appears again. */
  vanish(host: string): void {
    this.#vanished.add(host);
  }

  appear(host: string): void {
    if (this.#vanished.delete(host)) {
      for (const key of Array.from(this.#stranded.keys())) {
        const [from = '', to = ''] = key.split(ARROW);
        this.#release(from, to);
      }
    }
  }

  /** True when nothing passes from `from` to `to`. */
  isCut(from: string, to: string): boolean {
    if (this.#cuts.size === 0 && this.#vanished.size === 0) {
      return false;
    }
    return this.#vanished.has(from) || this.#vanished.has(to) || this.#cuts.has(way(from, to));
  }

  /** `stranded.healed()` is called once the way is open again. */
  strand(from: string, to: string, stranded: Stranded): void {
    const key = way(from, to);
    const known = this.#stranded.get(key);
    if (known === undefined) {
      this.#stranded.set(key, new Set([stranded]));
    } else {
      known.add(stranded);
    }
  }

  note(from: string, to: string, bytes: Uint8Array, fate: Fate): void {
    for (const reader of this.readers) {
      reader(from, to, bytes, fate);
    }
  }

  #release(from: string, to: string): void {
    const key = way(from, to);
    const stranded = this.#stranded.get(key);
    if (stranded !== undefined && !this.isCut(from, to)) {
      this.#stranded.delete(key);
      for (const one of stranded) {
        one.healed();
      }
    }
  }
}

const ARROW = ' > ';

function way(from: string, to: string): string {
  return `${from}${ARROW}${to}`;
}
