import type { Session } from './ports.js';
import type { Turn, TurnTask } from './turn.js';

/** What may wait in a lane while the session takes nothing. */
export interface LaneLimits {
  /** Packets of ordinary traffic: once so much waits, the newest is refused (the last one taken may reach beyond). */
  readonly bytes: number;
  readonly packets: number;
  /** Packets that keep the link itself alive, counted apart so that a flood of data cannot starve them. */
  readonly urgentBytes: number;
}

/** About 10 ms of a gigabit link, and as much as one relay may hold for one slow neighbour. */
export const LANE_LIMITS: LaneLimits = { bytes: 1_048_576, packets: 8_192, urgentBytes: 262_144 };

/** What passed, for `status`, metrics and tests. */
export interface LaneCounters {
  packets: number;
  bytes: number;
  /** Refused because the lane was full. */
  refused: number;
  /** Refused because the lane was shut. */
  shut: number;
  /** Calls of the session's `send`: how well a turn gathers. */
  writes: number;
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

/**
 * The fast door beside an actor's mailbox: packets go through plain code to a session, gathered and written once a turn.
 * A machine opens and shuts it. Packets that lie one behind the other in the same buffer leave as one part, uncopied.
 */
export class Lane implements TurnTask {
  readonly counters: LaneCounters = { packets: 0, bytes: 0, refused: 0, shut: 0, writes: 0 };
  readonly #session: Session;
  readonly #turn: Turn;
  readonly #limits: LaneLimits;
  readonly #isFramed: boolean;
  readonly #waiters = new Set<TurnTask>();
  #parts: Uint8Array[] = [];
  #queuedBytes = 0;
  #queuedPackets = 0;
  #urgentBytes = 0;
  #run = NO_BYTES;
  #runStart = 0;
  #runEnd = 0;
  #isOpen = false;
  #isBlocked = false;

  constructor(session: Session, turn: Turn, limits: LaneLimits = LANE_LIMITS) {
    this.#session = session;
    this.#turn = turn;
    this.#limits = limits;
    this.#isFramed = session.kind === 'stream';
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** True when a packet of full size would be taken now. */
  get hasRoom(): boolean {
    return this.#isOpen && this.#queuedBytes < this.#limits.bytes && this.#queuedPackets < this.#limits.packets;
  }

  /** Bytes that wait here (not in the session below). */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Takes no more ordinary packets; those who wait for room are woken, to find that there is none. */
  shut(): void {
    this.#isOpen = false;
    this.#wake();
  }

  /**
   * Takes the packet `buffer[start, end)`. In a framed lane the two bytes before `start` must be its length prefix.
   * False: full or shut, the packet was not taken. The bytes must not be changed afterwards.
   */
  push(buffer: Uint8Array, start: number, end: number): boolean {
    if (!this.hasRoom) {
      this.counters[this.#isOpen ? 'refused' : 'shut'] += 1;
      return false;
    }
    const from = this.#isFramed ? start - 2 : start;
    this.#queuedBytes += end - from;
    this.#queuedPackets += 1;
    this.#add(buffer, from, end);
    return true;
  }

  /** As `push`, for a sender that saw `hasRoom` and now has a few packets more than that: they are taken. */
  pushGranted(buffer: Uint8Array, start: number, end: number): void {
    if (!this.#isOpen) {
      this.counters.shut += 1;
      return;
    }
    const from = this.#isFramed ? start - 2 : start;
    this.#queuedBytes += end - from;
    this.#queuedPackets += 1;
    this.#add(buffer, from, end);
  }

  /** As `push`, for what keeps the link alive; taken also while the lane is shut. */
  pushUrgent(buffer: Uint8Array, start: number, end: number): boolean {
    const from = this.#isFramed ? start - 2 : start;
    if (this.#urgentBytes + end - from > this.#limits.urgentBytes) {
      this.counters.refused += 1;
      return false;
    }
    this.#urgentBytes += end - from;
    this.#add(buffer, from, end);
    return true;
  }

  /** Marks `waiter` for the pump phase as soon as there is room again (or the lane is shut). */
  whenRoom(waiter: TurnTask): void {
    this.#waiters.add(waiter);
  }

  /** `waiter` is gone. */
  forget(waiter: TurnTask): void {
    this.#waiters.delete(waiter);
  }

  /** The session's backlog has room again. What waited is written; if that left room, those who wait are woken. */
  drained(): void {
    this.#isBlocked = false;
    this.#flush();
    if (!this.#isBlocked) {
      this.#wake();
    }
  }

  endTurn(): void {
    this.#flush();
  }

  /** Writes what waits even if the session is blocked: before a session is closed in order. */
  flushAll(): void {
    this.#isBlocked = false;
    this.#flush();
  }

  #add(buffer: Uint8Array, from: number, end: number): void {
    this.counters.packets += 1;
    this.counters.bytes += end - from;
    if (this.#isFramed && buffer === this.#run && from === this.#runEnd) {
      this.#runEnd = end;
    } else {
      this.#endRun();
      this.#run = buffer;
      this.#runStart = from;
      this.#runEnd = end;
      if (!this.#isFramed) {
        this.#endRun();
      }
    }
    if (!this.#isBlocked) {
      this.#turn.mark('write', this);
    }
  }

  #endRun(): void {
    if (this.#runEnd > this.#runStart) {
      this.#parts.push(this.#run.subarray(this.#runStart, this.#runEnd));
    }
    this.#run = NO_BYTES;
    this.#runStart = 0;
    this.#runEnd = 0;
  }

  #flush(): void {
    this.#endRun();
    if (this.#isBlocked || this.#parts.length === 0) {
      return;
    }
    const parts = this.#parts;
    this.#parts = [];
    this.#queuedBytes = 0;
    this.#queuedPackets = 0;
    this.#urgentBytes = 0;
    this.counters.writes += 1;
    this.#isBlocked = !this.#session.send(parts);
    if (!this.#isBlocked) {
      this.#wake();
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      this.#turn.mark('pump', waiter);
    }
  }
}
