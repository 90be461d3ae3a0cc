import { RuntimeError } from '../errors.js';
import { type EngineExports, MORE, NUMBERS, RECORD, STATUS } from './abi.js';
import { requireCode } from './code.js';
import type { DatagramSlab } from './datagram-slab.js';
import type { ConnectionEvent, ConnectionStatistics } from './engine.js';
import { decodeEvent } from './event.js';
import type { EngineInstance } from './instance.js';
import { readChain, readStatistics, readText } from './records.js';
import { QuicStream } from './stream.js';

const NO_EVENTS: readonly ConnectionEvent[] = [];
/** Records that one call can return; a full table means that there may be more. */
const RECORDS_MAX = NUMBERS / RECORD;
/** Bytes of a reason: a close must fit one datagram beside its header. */
const REASON_MAX = 512;
/** Where a connection lives, and who must know when it is gone. */
export interface ConnectionPlace {
  readonly instance: EngineInstance;
  /** Id of the endpoint in the instance. */
  readonly endpoint: number;
  /** Bytes of the largest datagram that the connection can send. */
  readonly largestDatagram: number;
  gone(connection: QuicConnection): void;
}

/** `connected` and `open` differ by our approval; `closed` still drains; `gone` is forgotten by the engine. */
export type ConnectionPhase = 'handshaking' | 'connected' | 'open' | 'closed' | 'gone';

/** One QUIC connection. Comes from an endpoint; see `engine.ts` for how it is pumped. */
export class QuicConnection {
  /** Id in its engine instance; not used again there before 2^31 others. */
  readonly id: number;
  /** The number that the layer above knows the peer by. */
  readonly peer: number;
  readonly #place: ConnectionPlace;
  #phase: ConnectionPhase = 'handshaking';
  #approval: 'too-early' | 'possible' | 'given' | 'refused' = 'too-early';
  #isLossTold = false;
  #fault: string | undefined;

  constructor(place: ConnectionPlace, id: number, peer: number) {
    this.#place = place;
    this.id = id;
    this.peer = peer;
  }

  get phase(): ConnectionPhase {
    return this.#phase;
  }

  /** Everything that happened since the last call, in order. `drained` is the last event ever. */
  poll(): readonly ConnectionEvent[] {
    if (this.#phase === 'gone') {
      return NO_EVENTS;
    }
    const events: ConnectionEvent[] = [];
    let count = 0;
    do {
      count = this.#call((engine, endpoint) => engine.connection_poll(endpoint, this.id));
      this.#collect(count, events);
    } while (count === RECORDS_MAX);
    this.#collectFault(events);
    return events.length === 0 ? NO_EVENTS : events;
  }

  /** Certificates that the peer showed, as DER, leaf first; empty for none. From `connected` on. */
  peerChain(): readonly Uint8Array[] {
    const count = this.#call((engine, endpoint) => engine.connection_peer_chain(endpoint, this.id));
    return readChain(this.#place.instance, count);
  }

  /** The protocol that both ends settled on, from `connected` on; empty before. */
  get protocol(): string {
    return this.#text((engine, endpoint) => engine.connection_protocol(endpoint, this.id));
  }

  /**
   * Trusts the peer: from now on streams can be used. Also after a loss, to read what came before it.
   * Throws `invalid-use` before `connected` and after `reject` or `close`.
   */
  approve(): void {
    this.#requireApproval('possible');
    this.#approval = 'given';
    this.#call((engine, endpoint) => engine.connection_approve(endpoint, this.id));
    if (this.#phase === 'connected') {
      this.#phase = 'open';
    }
  }

  /**
   * Does not trust the peer: closes with a code of the application. Not one byte of a stream has passed, or will.
   * Throws `invalid-use` before `connected` and after `approve`.
   */
  reject(code: number, reason: string): void {
    this.#requireApproval('possible');
    this.close(code, reason);
  }

  /**
   * Closes with a code of the application (0 to 2^32 - 1). Bytes that were not acknowledged are lost: wait for
   * `finished` first. Transmit afterwards, and keep pumping until `drained`.
   */
  close(code: number, reason: string): void {
    requireCode(code);
    if (this.#phase === 'closed' || this.#phase === 'gone') {
      return;
    }
    this.#phase = 'closed';
    this.#approval = this.#approval === 'given' ? 'given' : 'refused';
    const { instance } = this.#place;
    const { written } = new TextEncoder().encodeInto(reason, instance.input.subarray(0, REASON_MAX));
    const now = instance.host.monotonicMicros();
    this.#call((engine, endpoint) => engine.connection_close(endpoint, this.id, now, code, written));
  }

  /** Forgets the connection at once, without a word to the peer and without further events. */
  abandon(): void {
    if (this.#phase !== 'gone') {
      this.#forget();
    }
  }

  /** Opens a stream; `undefined` until the peer allows one, and once the connection is closed. */
  openStream(): QuicStream | undefined {
    return this.#stream((engine, endpoint) => engine.stream_open(endpoint, this.id));
  }

  /** Takes the next stream that the peer opened; `undefined` where there is none. */
  acceptStream(): QuicStream | undefined {
    return this.#stream((engine, endpoint) => engine.stream_accept(endpoint, this.id));
  }

  /** When `handleTimeout` wants to be called, in the host's monotonic microseconds; `undefined` for never. */
  timeoutAt(): number | undefined {
    if (this.#phase === 'gone') {
      return undefined;
    }
    if (this.#fault !== undefined) {
      return 0;
    }
    const at = this.#place.instance.call((engine) => engine.connection_timeout(this.#place.endpoint, this.id), -1);
    return at < 0 ? undefined : at;
  }

  /** Does what is due. Poll and transmit afterwards. */
  handleTimeout(): void {
    const now = this.#place.instance.host.monotonicMicros();
    this.#call((engine, endpoint) => engine.connection_handle_timeout(endpoint, this.id, now));
  }

  /**
   * Adds to the slab what the connection has to send now. True where the slab was full before it was done: send the
   * slab, clear it, and call again. Throws `invalid-use` where the slab could never hold one datagram.
   */
  transmit(slab: DatagramSlab): boolean {
    const { instance, endpoint, largestDatagram } = this.#place;
    if (slab.bytes.length < slab.headroom + largestDatagram) {
      throw new RuntimeError('invalid-use', 'The slab is too small for one datagram', { data: { largestDatagram } });
    }
    const now = instance.host.monotonicMicros();
    const result = this.#call((engine) =>
      engine.connection_transmit(endpoint, this.id, now, slab.headroom, slab.room, slab.places),
    );
    if (result <= 0) {
      return false;
    }
    slab.append(instance.output, instance.numbers, result & ~MORE);
    return (result & MORE) !== 0;
  }

  /** Figures as of now; all zero for a connection that is gone. */
  statistics(): ConnectionStatistics {
    const status = this.#call((engine, endpoint) => engine.connection_statistics(endpoint, this.id));
    return readStatistics(this.#place.instance, status);
  }

  /** The instance broke. For the endpoint; the next `poll` tells it. */
  instanceFailed(reason: string): void {
    this.#fault = reason;
  }

  #collect(count: number, events: ConnectionEvent[]): void {
    for (let index = 0; index < count; index += 1) {
      const event = decodeEvent(this.#place.instance.numbers, index, () => this.#lossText());
      // A handshake that ended after we had closed interests nobody any more.
      if (event !== undefined && (event.type !== 'connected' || this.#phase === 'handshaking')) {
        this.#note(event);
        events.push(event);
      }
    }
  }

  #note(event: ConnectionEvent): void {
    if (event.type === 'connected') {
      this.#phase = 'connected';
      this.#approval = 'possible';
    }
    if (event.type === 'lost') {
      this.#isLossTold = true;
      this.#phase = 'closed';
    }
    if (event.type === 'drained') {
      this.#forget();
    }
  }

  // What we closed, or what was lost before, is not lost once more.
  #collectFault(events: ConnectionEvent[]): void {
    if (this.#fault === undefined || this.#phase === 'gone') {
      return;
    }
    if (!this.#isLossTold && this.#phase !== 'closed') {
      events.push({ type: 'lost', loss: { kind: 'engine-fault', reason: this.#fault } });
    }
    events.push({ type: 'drained' });
    this.#forget();
  }

  #forget(): void {
    this.#phase = 'gone';
    this.#call((engine, endpoint) => engine.connection_free(endpoint, this.id));
    this.#place.gone(this);
  }

  #lossText(): string {
    return this.#text((engine, endpoint) => engine.connection_loss_text(endpoint, this.id));
  }

  #text(read: (engine: EngineExports, endpoint: number) => number): string {
    return readText(this.#place.instance, Math.max(0, this.#call(read)));
  }

  #stream(take: (engine: EngineExports, endpoint: number) => number): QuicStream | undefined {
    this.#requireApproval('given');
    const stream = this.#call(take);
    return stream < 0 ? undefined : new QuicStream({ ...this.#place, connection: this.id, stream });
  }

  #requireApproval(approval: 'possible' | 'given'): void {
    if (this.#approval !== approval) {
      const data = { approval: this.#approval, phase: this.#phase };
      throw new RuntimeError('invalid-use', `Approval of the peer must be ${approval} for this`, { data });
    }
  }

  #call(work: (engine: EngineExports, endpoint: number) => number): number {
    const { instance, endpoint } = this.#place;
    return instance.call((engine) => work(engine, endpoint), STATUS.notFound);
  }
}
