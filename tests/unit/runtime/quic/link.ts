import { createHash, type Hash } from 'node:crypto';
import type { Random } from '../../../../runtime/random.js';

/** What the pretended link does to datagrams. Times in virtual microseconds. */
export interface LinkOptions {
  readonly delay?: number;
  /** Added at random to the delay of each datagram, so that datagrams overtake each other. */
  readonly jitter?: number;
  /** Chances between 0 and 1. */
  readonly loss?: number;
  readonly duplication?: number;
  /** Datagrams longer than this are swallowed. */
  readonly largest?: number;
}

export type Side = 'dialler' | 'listener';

export interface Flight {
  readonly at: number;
  readonly to: Side;
  readonly peer: number;
  readonly datagram: Uint8Array;
}

export interface Sent {
  readonly from: Side;
  readonly peer: number;
  readonly datagram: Uint8Array;
  readonly now: number;
}

/** Datagrams on their way between two sides, and a record of everything that was sent. */
export class PretendedLink {
  options: LinkOptions;
  /** Datagrams that were put on the link, by the side that sent them. */
  readonly sent: Record<Side, number> = { dialler: 0, listener: 0 };
  largestSent = 0;
  readonly #random: Random;
  readonly #trace: Hash = createHash('sha256');
  readonly #flights: Flight[] = [];

  constructor(options: LinkOptions, random: Random) {
    this.options = options;
    this.#random = random;
  }

  /** When the next datagram arrives. */
  get nextAt(): number {
    return this.#flights[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** A digest of everything that was sent so far: direction, virtual time, bytes. */
  trace(): string {
    return this.#trace.copy().digest('hex');
  }

  send({ from, peer, datagram, now }: Sent): void {
    this.sent[from] += 1;
    this.largestSent = Math.max(this.largestSent, datagram.length);
    this.#trace.update(`${from} ${now} ${datagram.length} `).update(datagram);
    const { loss = 0, duplication = 0, largest = Number.POSITIVE_INFINITY } = this.options;
    if (datagram.length > largest || this.#chance(loss)) {
      return;
    }
    const copies = this.#chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#fly({ at: this.#arrival(now), to: from === 'dialler' ? 'listener' : 'dialler', peer, datagram });
    }
  }

  /** Takes the next datagram off the link if it has arrived by now. */
  take(now: number): Flight | undefined {
    return this.nextAt <= now ? this.#flights.shift() : undefined;
  }

  #arrival(now: number): number {
    const { delay = 5_000, jitter = 0 } = this.options;
    return now + delay + (jitter === 0 ? 0 : this.#random.below(jitter));
  }

  // Behind all that arrive earlier or at the same moment.
  #fly(flight: Flight): void {
    let index = this.#flights.length;
    while (index > 0 && (this.#flights[index - 1]?.at ?? 0) > flight.at) {
      index -= 1;
    }
    this.#flights.splice(index, 0, flight);
  }

  #chance(chance: number): boolean {
    return chance > 0 && this.#random.unit() < chance;
  }
}
