import type { NodeId } from '../../protocol/names.js';
import { HEADER_BYTES } from '../../protocol/netceptor/datagram.js';
import { FRAME_PREFIX_BYTES } from '../../protocol/netceptor/stream-framing.js';
import type { Clock } from '../../runtime/clock.js';
import { DatagramSlab } from '../../runtime/quic/datagram-slab.js';
import type { Identity } from '../../runtime/quic/engine.js';
import type { EnginePool } from '../../runtime/quic/pool.js';
import type { Random } from '../../runtime/random.js';
import type { Turn } from '../../runtime/turn.js';
import type { Forwarder } from '../mesh/forwarder.js';
import type { NameTable } from '../mesh/name-table.js';
import { SecurityProfiles } from '../security/security-profiles.js';
import { StreamNursery } from './stream-birth.js';

/** Room in front of each datagram for the frame's length and the packet's header. */
export const DATAGRAM_HEADROOM = FRAME_PREFIX_BYTES + HEADER_BYTES;

/**
 * The protocols of the TLS handshake, ours first: an acceptor of our kind takes it, a Go acceptor finds its own behind
 * it, and a Go dialler offers nothing else (mesh-protocol 2.8).
 */
export const KIN_PROTOCOL = 'receptor-mesh';
export const PROTOCOLS = [KIN_PROTOCOL, 'netceptor'] as const;

/** The largest datagram that goes to a node we know nothing of (mesh-protocol 6). */
const DATAGRAM_BYTES = 1_200;

/** What the outside has to offer for streams. */
export interface StreamCrypto {
  /** A fresh engine pool for this node. */
  pool(): EnginePool;
  /** The self-made certificate of a listener without a TLS profile. */
  identity(commonName: string): Identity;
  /** The common names of a certificate's subject; empty for what is no certificate. */
  commonNames(certificate: Uint8Array): readonly string[];
}

/** What streams are made of, from the node. */
export type StreamKitParts = Pick<StreamKit, 'self' | 'forwarder' | 'names' | 'clock' | 'random' | 'turn' | 'crypto'> &
  Partial<Pick<StreamKit, 'security'>>;

/** What all streams of a node share. */
export class StreamKit {
  readonly self: NodeId;
  readonly forwarder: Forwarder;
  readonly names: NameTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly turn: Turn;
  readonly crypto: StreamCrypto;
  readonly security: SecurityProfiles;
  readonly nursery = new StreamNursery();
  #pool: EnginePool | undefined;
  #slab: DatagramSlab | undefined;

  constructor(parts: StreamKitParts) {
    this.self = parts.self;
    this.forwarder = parts.forwarder;
    this.names = parts.names;
    this.clock = parts.clock;
    this.random = parts.random;
    this.turn = parts.turn;
    this.crypto = parts.crypto;
    this.security = parts.security ?? new SecurityProfiles();
  }

  /** Made at the first stream: the engine costs some milliseconds. */
  get pool(): EnginePool {
    this.#pool ??= this.crypto.pool();
    return this.#pool;
  }

  /** A slab with room for at least one datagram. What was written into it before may still be on its way. */
  slab(): DatagramSlab {
    const room = DATAGRAM_HEADROOM + DATAGRAM_BYTES;
    if (this.#slab === undefined || this.#slab.room < room || this.#slab.places === 0) {
      this.#slab = new DatagramSlab({ headroom: DATAGRAM_HEADROOM });
    }
    return this.#slab;
  }
}
