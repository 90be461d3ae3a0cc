import type { NodeId } from '../../protocol/names.js';
import { decodeMessage } from '../../protocol/netceptor/kinds.js';
import { MESSAGE_KIND } from '../../protocol/netceptor/message-kind.js';
import type { RouteUpdate } from '../../protocol/netceptor/route-update.js';
import type { ReceivedAdvert } from '../../protocol/netceptor/service-advert.js';
import { FRAME_BYTES_MAX, FRAME_PREFIX_BYTES, FrameCutter } from '../../protocol/netceptor/stream-framing.js';
import { peekRouteUpdate } from '../../protocol/netceptor/update-peek.js';
import type { SeenUpdates } from '../../protocol/routing/seen-updates.js';
import type { Clock } from '../../runtime/clock.js';
import { Lane } from '../../runtime/lane.js';
import type { Session, SessionFault, SessionHandler } from '../../runtime/ports.js';
import { Ring } from '../../runtime/ring.js';
import type { Turn } from '../../runtime/turn.js';
import type { Forwarder } from './forwarder.js';
import { framed } from './framed.js';
import { RoundTrip } from './round-trip.js';

/** Anything but data, and the end; for the link's machine. */
export interface WireEvents {
  update(update: RouteUpdate): void;
  advert(advert: ReceivedAdvert): void;
  rejected(reason: string | undefined): void;
  closed(fault: SessionFault | undefined): void;
}

/** What came over one link and was not understood or not wanted. */
export interface WireCounters {
  frames: number;
  malformed: number;
  unknownKind: number;
  /** Copies of updates that had come over another link before; dropped unread. */
  copies: number;
  /** Data and advertisements before the link is open are ignored without a word (mesh-protocol 2.1, 2). */
  early: number;
}

/** What a wire works with. */
export interface WireParts {
  readonly turn: Turn;
  readonly clock: Clock;
  readonly forwarder: Forwarder;
  readonly seenUpdates: Pick<SeenUpdates, 'has'>;
  readonly events: WireEvents;
}

interface Frame {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly hasPrefix: boolean;
}

/**
 * One session as frames. The greeting is handed over alone, and what comes behind it waits until the link is open: the
 * greeting is fully explicit, and nothing overtakes its answer. Once open, data takes the fast way.
 */
export class LinkWire implements SessionHandler {
  readonly lane: Lane;
  readonly counters: WireCounters = { frames: 0, malformed: 0, unknownKind: 0, copies: 0, early: 0 };
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #forwarder: Forwarder;
  readonly #seenUpdates: Pick<SeenUpdates, 'has'>;
  readonly #events: WireEvents;
  readonly #cutter = new FrameCutter();
  readonly #roundTrip: RoundTrip;
  readonly #held = new Ring<Frame>(4);
  #mode: 'waiting' | 'held' | 'open' = 'waiting';
  #peer: NodeId | undefined;
  #heardMs: number;

  constructor(session: Session, parts: WireParts) {
    this.#session = session;
    this.#clock = parts.clock;
    this.#roundTrip = new RoundTrip(parts.clock);
    this.#forwarder = parts.forwarder;
    this.#seenUpdates = parts.seenUpdates;
    this.#events = parts.events;
    this.#heardMs = parts.clock.monotonicMs();
    this.lane = new Lane(session, parts.turn);
  }

  get remote(): string {
    return this.#session.remote;
  }

  /** Milliseconds since anything was heard. */
  get silentMs(): number {
    return this.#clock.monotonicMs() - this.#heardMs;
  }

  /** Of the last probe that was answered, in milliseconds. */
  get roundTripMs(): number | undefined {
    return this.#roundTrip.lastMs;
  }

  /** Data passes from now on, in both directions. `peer` is who greeted. */
  open(peer: NodeId): void {
    this.#mode = 'open';
    this.#peer = peer;
    this.lane.open();
    for (let frame = this.#held.shift(); frame !== undefined; frame = this.#held.shift()) {
      this.#pass(frame.bytes, frame.start, frame.end, frame.hasPrefix);
    }
    this.#session.resume();
  }

  /** Sends a message that keeps the link itself alive; goes before the bound of ordinary packets. */
  sendUrgent(message: Uint8Array): void {
    const bytes = framed(message);
    this.lane.pushUrgent(bytes, FRAME_PREFIX_BYTES, bytes.length);
  }

  probe(): void {
    this.sendUrgent(this.#roundTrip.ask());
  }

  /** Sends what waits, then ends the session. */
  close(): void {
    this.lane.shut();
    this.lane.flushAll();
    this.#session.close();
  }

  bytes(chunk: Uint8Array): void {
    this.#heardMs = this.#clock.monotonicMs();
    if (this.#session.kind === 'stream') {
      this.#cutter.push(chunk, this.#take);
    } else if (chunk.length <= FRAME_BYTES_MAX) {
      this.#take(chunk, 0, chunk.length, false);
    } else {
      this.counters.malformed += 1;
    }
    if (this.#held.size > 0) {
      this.#session.pause();
    }
  }

  drained(): void {
    this.lane.drained();
  }

  /** A peer that sends no more is gone: there is no half-open link. */
  ended(): void {
    this.#session.close();
    this.#events.closed(undefined);
  }

  closed(fault: SessionFault | undefined): void {
    this.#events.closed(fault);
  }

  readonly #take = (bytes: Uint8Array, start: number, end: number, hasPrefix: boolean): void => {
    if (this.#mode === 'open') {
      this.#pass(bytes, start, end, hasPrefix);
    } else if (this.#mode === 'held') {
      this.#held.push({ bytes, start, end, hasPrefix });
    } else {
      this.#greet(bytes.subarray(start, end));
    }
  };

  /** Before the link is open only updates and rejections count (mesh-protocol 2.1). */
  #greet(message: Uint8Array): void {
    this.counters.frames += 1;
    const decoded = decodeMessage(message);
    if (!decoded.ok) {
      this.counters.malformed += 1;
    } else if (decoded.value.type === 'route-update') {
      this.#mode = 'held';
      this.#events.update(decoded.value.update);
    } else if (decoded.value.type === 'reject') {
      this.#mode = 'held';
      this.#events.rejected(decoded.value.reason);
    } else {
      this.counters.early += 1;
    }
  }

  #pass(bytes: Uint8Array, start: number, end: number, hasPrefix: boolean): void {
    this.counters.frames += 1;
    if (bytes[start] === MESSAGE_KIND.data.byte) {
      this.#forwarder.pass(bytes, start, end, hasPrefix);
      return;
    }
    if (this.#isCopy(bytes, start, end)) {
      this.counters.copies += 1;
      return;
    }
    const decoded = decodeMessage(bytes.subarray(start, end));
    if (!decoded.ok) {
      this.counters.malformed += 1;
      return;
    }
    switch (decoded.value.type) {
      case 'route-update':
        this.#events.update(decoded.value.update);
        break;
      case 'service-advert':
        this.#events.advert(decoded.value.advert);
        break;
      case 'reject':
        this.#events.rejected(decoded.value.reason);
        break;
      case 'unknown':
        this.#takeProbe(bytes.subarray(start, end));
        break;
      case 'data':
        break;
      default:
        decoded.value satisfies never;
    }
  }

  /** The neighbour's own updates are never copies: they say something of this link, whoever told them before. */
  #isCopy(bytes: Uint8Array, start: number, end: number): boolean {
    const peek = peekRouteUpdate(bytes, start, end);
    return peek !== undefined && peek.nodeId !== this.#peer && this.#seenUpdates.has(peek.updateId);
  }

  #takeProbe(message: Uint8Array): void {
    const taken = this.#roundTrip.take(message);
    if (taken === false) {
      this.counters.unknownKind += 1;
    } else if (taken !== true) {
      this.sendUrgent(taken);
    }
  }
}
