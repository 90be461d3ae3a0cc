import type { Session, SessionFault, SessionHandler } from '../ports.js';
import { Ring } from '../ring.js';
import type { DeathOptions, Station } from './station.js';
import type { Weather } from './weather.js';

/** What a socket keeps for a reader that does not read, as Linux does by default; more is lost. */
const UNREAD_BYTES_MAX = 212_992;

export interface AssociationOptions {
  readonly station: Station;
  readonly local: string;
  readonly remote: string;
  readonly transmit: (bytes: Uint8Array) => void;
  readonly onOver: () => void;
}

/**
 * One end of a UDP association: messages that may be lost, come twice or be overtaken. Its end is noticed by nobody;
 * only who sends to a port where nobody listens is refused.
 */
export class AssociationEnd implements Session {
  readonly kind = 'message';
  readonly local: string;
  readonly remote: string;
  /** Nothing is kept back: what cannot leave is lost. */
  readonly backlogBytes = 0;
  readonly #options: AssociationOptions;
  readonly #unread = new Ring<Uint8Array>(4);
  #unreadBytes = 0;
  #fault: SessionFault | undefined;
  #handler: SessionHandler | undefined;
  #isOver = false;
  #isPaused = false;

  constructor(options: AssociationOptions) {
    this.#options = options;
    this.local = options.local;
    this.remote = options.remote;
  }

  get host(): string {
    return this.#options.station.host;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  attach(handler: SessionHandler): void {
    if (!this.#isOver) {
      this.#handler = handler;
    }
    this.#options.station.deliver(() => this.#handOver());
  }

  send(parts: readonly Uint8Array[]): boolean {
    if (!this.#isOver) {
      for (const part of parts.filter(({ length }) => length > 0)) {
        this.#options.transmit(part.slice());
      }
    }
    return true;
  }

  end(): void {
    this.close();
  }

  close(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#handler = undefined;
      this.#unread.clear();
      this.#options.onOver();
    }
  }

  abort(): void {
    this.close();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#options.station.deliver(() => this.#handOver());
  }

  /** This end's process is gone: the other side learns nothing of it, however it went. */
  die(_options: DeathOptions): void {
    this.close();
  }

  /** A message came. False: there was no room for it. */
  hear(bytes: Uint8Array): boolean {
    if (this.#isOver || this.#unreadBytes + bytes.length > UNREAD_BYTES_MAX) {
      return false;
    }
    this.#unread.push(bytes);
    this.#unreadBytes += bytes.length;
    this.#options.station.deliver(() => this.#handOver());
    return true;
  }

  /** The other host says that nobody listens there. */
  refused(fault: SessionFault): void {
    this.#fault ??= fault;
    this.#options.station.deliver(() => this.#handOver());
  }

  #handOver(): void {
    while (!this.#isPaused && this.#handler !== undefined) {
      const bytes = this.#unread.shift();
      if (bytes === undefined) {
        this.#closeIfRefused(this.#handler);
        return;
      }
      this.#unreadBytes -= bytes.length;
      this.#handler.bytes(bytes);
    }
  }

  #closeIfRefused(handler: SessionHandler): void {
    if (this.#fault !== undefined) {
      this.close();
      handler.closed(this.#fault);
    }
  }
}

/** The way of a message. What a kernel says by itself (`isKernel`) no reader of the traffic hears: no program sent it. */
export interface LooseWay {
  readonly from: string;
  readonly to: string;
  readonly isKernel?: boolean;
}

/** One message on its way from one host to another. */
export function sendLoose(
  weather: Weather,
  way: LooseWay,
  bytes: Uint8Array,
  arrive: (bytes: Uint8Array) => void,
): void {
  const { from, to, isKernel = false } = way;
  const faults = weather.faultsBetween(from, to);
  const isLost = weather.isCut(from, to) || weather.draw(faults.loss);
  if (!isKernel) {
    weather.note(from, to, bytes, isLost ? 'lost' : 'message');
  }
  if (isLost) {
    return;
  }
  const copies = weather.draw(faults.repeat) ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    const heldMs = weather.draw(faults.reorder) ? faults.reorderMs * weather.random.unit() : 0;
    weather.clock.setTimer(weather.drawDelayMs(faults) + heldMs, () => arrive(bytes.slice()));
  }
}
