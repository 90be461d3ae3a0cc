import type { Timer } from '../clock.js';
import type { DialHandler, Session, SessionAddress } from '../ports.js';
import { addressText, type Place, type Places, targetHost } from './places.js';
import type { Station } from './station.js';
import type { Weather } from './weather.js';

/** When TCP asks again after silence, in milliseconds from the first asking (RFC 6298: 1 s, doubled each time). */
const ASKED_AT_MS: readonly number[] = [0, 1_000, 3_000, 7_000];

/** How long a dial into silence takes to fail. */
const DIAL_TIMEOUT_MS = 10_000;

export interface DialRequest {
  readonly station: Station;
  readonly address: SessionAddress;
  readonly handler: DialHandler;
}

/** One attempt to open a stream session, from the first asking to its outcome. */
export class Dialing {
  readonly #weather: Weather;
  readonly #places: Places;
  readonly #request: DialRequest;
  readonly #join: (place: Place) => { readonly dialerEnd: Session };
  readonly #target: string;
  readonly #startMs: number;
  #timer: Timer;
  #isWanted = true;

  /** `join` makes the session with who listens. */
  constructor(
    weather: Weather,
    places: Places,
    request: DialRequest,
    join: (place: Place) => { readonly dialerEnd: Session },
  ) {
    this.#weather = weather;
    this.#places = places;
    this.#request = request;
    this.#join = join;
    this.#target = targetHost(request.station.host, request.address);
    this.#startMs = weather.clock.monotonicMs();
    this.#timer = this.#ask(0);
  }

  /** No function of the handler is called any more. */
  giveUp(): void {
    this.#isWanted = false;
    this.#timer.cancel();
  }

  #ask(attempt: number): Timer {
    const { host } = this.#request.station;
    const there = this.#weather.faultsBetween(host, this.#target);
    const back = this.#weather.faultsBetween(this.#target, host);
    if (this.#isSilent() || this.#weather.draw(there.loss) || this.#weather.draw(back.loss)) {
      return this.#askAgain(attempt);
    }
    const roundTripMs = this.#weather.drawDelayMs(there) + this.#weather.drawDelayMs(back);
    return this.#weather.clock.setTimer(roundTripMs, () => this.#arrive(attempt));
  }

  #askAgain(attempt: number): Timer {
    const { clock } = this.#weather;
    const againMs = ASKED_AT_MS[attempt + 1];
    const waitMs = this.#startMs + (againMs ?? DIAL_TIMEOUT_MS) - clock.monotonicMs();
    return clock.setTimer(waitMs, () => {
      if (againMs === undefined) {
        this.#fail('ETIMEDOUT');
      } else {
        this.#timer = this.#ask(attempt + 1);
      }
    });
  }

  #isSilent(): boolean {
    const { host } = this.#request.station;
    return this.#weather.isCut(host, this.#target) || this.#weather.isCut(this.#target, host);
  }

  #arrive(attempt: number): void {
    const { station, address, handler } = this.#request;
    if (this.#isSilent()) {
      this.#timer = this.#askAgain(attempt);
      return;
    }
    const place = this.#places.find(station.host, address);
    if (place === undefined) {
      this.#fail(address.transport === 'unix' ? 'ENOENT' : 'ECONNREFUSED');
    } else {
      this.#settle(() => handler.opened(this.#join(place).dialerEnd));
    }
  }

  #fail(code: string): void {
    const { address, handler } = this.#request;
    this.#settle(() => handler.failed({ code, text: `connect ${code} ${addressText(address)}` }));
  }

  /** The dialer may give up, or die, until the very moment in which it hears. */
  #settle(tell: () => void): void {
    this.#request.station.deliver(() => {
      if (this.#isWanted) {
        this.#isWanted = false;
        tell();
      }
    });
  }
}
