import type { Weather } from './weather.js';

/** What travels between the two ends of a stream session. */
export type Parcel =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** The sender sends no more. */
  | { readonly type: 'ended' }
  /** The sender is gone, and whoever still sends to it is told so. */
  | { readonly type: 'reset' };

/** One direction of a stream session: nothing is lost and nothing overtaken, but all may be late, and in other pieces. */
export class WirePath {
  readonly from: string;
  readonly to: string;
  readonly #weather: Weather;
  readonly #arrive: (parcel: Parcel) => void;
  #held: Parcel[] = [];
  #lastArrivalMs = 0;

  constructor(
    weather: Weather,
    ends: { readonly from: string; readonly to: string },
    arrive: (parcel: Parcel) => void,
  ) {
    this.#weather = weather;
    this.from = ends.from;
    this.to = ends.to;
    this.#arrive = arrive;
  }

  /** Sends it on its way, or keeps it while the way is cut. */
  send(parcel: Parcel): void {
    if (this.#weather.isCut(this.from, this.to)) {
      this.#held.push(parcel);
      this.#weather.strand(this.from, this.to, this);
      return;
    }
    if (parcel.type === 'bytes') {
      this.#weather.note(this.from, this.to, parcel.bytes, 'stream');
      this.#sendBytes(parcel.bytes);
    } else {
      this.#travel(parcel);
    }
  }

  /** The way is open again: what waited goes on. */
  healed(): void {
    const held = this.#held;
    this.#held = [];
    for (const parcel of held) {
      this.send(parcel);
    }
  }

  #sendBytes(bytes: Uint8Array): void {
    const { fragment = 0 } = this.#weather.faultsBetween(this.from, this.to);
    if (bytes.length > 1 && this.#weather.draw(fragment)) {
      const cut = 1 + this.#weather.random.below(bytes.length - 1);
      this.#travel({ type: 'bytes', bytes: bytes.slice(0, cut) });
      this.#travel({ type: 'bytes', bytes: bytes.slice(cut) });
    } else {
      this.#travel({ type: 'bytes', bytes });
    }
  }

  #travel(parcel: Parcel): void {
    const { clock } = this.#weather;
    const faults = this.#weather.faultsBetween(this.from, this.to);
    const lateMs = this.#weather.draw(faults.loss) ? faults.retransmitMs : 0;
    const nowMs = clock.monotonicMs();
    const arrivalMs = nowMs + this.#weather.drawDelayMs(faults) + lateMs;
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivalMs);
    clock.setTimer(this.#lastArrivalMs - nowMs, () => this.#arrive(parcel));
  }
}
