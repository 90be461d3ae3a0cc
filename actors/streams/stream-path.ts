import type { U64 } from '../../protocol/bytes.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import { composeHeader, HEADER_BYTES, HOPS_DEFAULT } from '../../protocol/netceptor/datagram.js';
import { FRAME_PREFIX_BYTES, putFramePrefix } from '../../protocol/netceptor/stream-framing.js';
import type { Clock, Timer } from '../../runtime/clock.js';
import type { QuicConnection } from '../../runtime/quic/connection.js';
import type { DatagramSlab } from '../../runtime/quic/datagram-slab.js';
import type { ConnectionEvent } from '../../runtime/quic/engine.js';
import type { Turn, TurnTask } from '../../runtime/turn.js';
import type { Forwarder } from '../mesh/forwarder.js';
import type { NameTable } from '../mesh/name-table.js';

const MICROS_PER_MS = 1_000;

/** What the paths of a node share. */
export interface PathKit {
  readonly self: NodeId;
  readonly forwarder: Forwarder;
  readonly names: NameTable;
  readonly clock: Clock;
  readonly turn: Turn;
  /** Room for at least one datagram with its prefix and header. */
  slab(): DatagramSlab;
}

/** The two ends of a stream's packets. `destination` is the other node's hash. */
export interface StreamEnds {
  readonly destination: U64;
  readonly destinationService: ServiceName;
  readonly sourceService: ServiceName;
}

/** What happens on the connection, for whoever looks after the stream. Called in the packet's way. */
export interface PathEvents {
  event(event: ConnectionEvent): void;
  /** After the events of a pump: time to read and write, before what that yields is sent. */
  pumped(): void;
}

/**
 * The packets of one stream: takes what came, lets the engine work once a turn, writes what it yields into the lane
 * towards the other node, and keeps its one timer. Without a route, or with a full lane, nothing is taken out of the
 * engine: it waits, and no packet is lost here. A route that comes back wakes it: the engine's own timers have grown
 * to many seconds by then.
 */
export class StreamPath implements TurnTask {
  readonly connection: QuicConnection;
  readonly #kit: PathKit;
  readonly #ends: StreamEnds;
  readonly #header = new Uint8Array(HEADER_BYTES);
  readonly #events: PathEvents;
  readonly #wake = (): void => this.mark();
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(kit: PathKit, connection: QuicConnection, ends: StreamEnds, events: PathEvents) {
    this.#kit = kit;
    this.connection = connection;
    this.#ends = ends;
    this.#events = events;
    composeHeader(this.#header, 0, {
      hops: HOPS_DEFAULT - 1, // the first hop is counted off before a packet leaves
      source: kit.names.hashOf(kit.self),
      destination: ends.destination,
      sourceService: ends.sourceService,
      destinationService: ends.destinationService,
    });
  }

  /** True when this stream's packets go to that service of that node. */
  leadsTo(destination: U64, service: string): boolean {
    const ends = this.#ends;
    return (
      ends.destination.hi === destination.hi &&
      ends.destination.lo === destination.lo &&
      ends.destinationService === service
    );
  }

  /** There is something to do: pumped once at the end of this turn. */
  mark(): void {
    if (!this.#isOver) {
      this.#kit.turn.mark('pump', this);
    }
  }

  endTurn(): void {
    if (this.#isOver) {
      return;
    }
    for (const event of this.connection.poll()) {
      this.#events.event(event);
    }
    this.#events.pumped();
    this.#transmit();
    this.#arm();
  }

  /** Forgets the connection without a word. */
  abandon(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#timer?.cancel();
      this.#kit.turn.forget(this);
      this.#kit.forwarder.laneTo(this.#ends.destination)?.forget(this);
      this.#kit.forwarder.forgetRouted(this.#wake);
      this.connection.abandon();
    }
  }

  #transmit(): void {
    const { forwarder } = this.#kit;
    const lane = forwarder.laneTo(this.#ends.destination);
    const isOwn = lane === undefined && this.#isOwnNode();
    // A lane that was shut stays in the tables until the routes are computed anew.
    if (!isOwn && lane?.isOpen !== true) {
      forwarder.whenRouted(this.#wake);
      return;
    }
    const mayPass = forwarder.admits(this.#header, 0);
    for (let hasMore = true; hasMore; ) {
      if (lane !== undefined && !lane.hasRoom) {
        lane.whenRoom(this);
        return;
      }
      const slab = this.#kit.slab();
      const first = slab.count;
      hasMore = this.connection.transmit(slab);
      for (let index = first; index < slab.count; index += 1) {
        const start = (slab.starts[index] ?? 0) - HEADER_BYTES;
        const end = this.#compose(slab, index, start);
        if (!mayPass) {
          continue; // lost on the way, as far as the engine can tell
        }
        if (lane === undefined) {
          forwarder.deliverOwn(slab.bytes, start, end);
        } else {
          lane.pushGranted(slab.bytes, start, end);
        }
      }
    }
  }

  /** Writes prefix and header into the room before a datagram; returns where the packet ends. */
  #compose(slab: DatagramSlab, index: number, start: number): number {
    const length = HEADER_BYTES + (slab.lengths[index] ?? 0);
    putFramePrefix(slab.bytes, start - FRAME_PREFIX_BYTES, length);
    slab.bytes.set(this.#header, start);
    return start + length;
  }

  #isOwnNode(): boolean {
    const own = this.#kit.names.hashOf(this.#kit.self);
    const { destination } = this.#ends;
    return own.hi === destination.hi && own.lo === destination.lo;
  }

  /** One timer: armed anew only when the engine wants to be woken earlier than it would be. */
  #arm(): void {
    const atMicros = this.connection.timeoutAt();
    if (atMicros === undefined) {
      this.#timer?.cancel();
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      return;
    }
    const atMs = atMicros / MICROS_PER_MS;
    if (atMs >= this.#timerAtMs) {
      return;
    }
    this.#timer?.cancel();
    this.#timerAtMs = atMs;
    this.#timer = this.#kit.clock.setTimer(Math.max(0, atMs - this.#kit.clock.monotonicMs()), () => this.#due());
  }

  #due(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const atMicros = this.connection.timeoutAt();
    if (this.#isOver || atMicros === undefined) {
      return;
    }
    if (atMicros <= Math.round(this.#kit.clock.monotonicMs() * MICROS_PER_MS)) {
      this.connection.handleTimeout();
      this.mark();
    } else {
      this.#arm();
    }
  }
}
