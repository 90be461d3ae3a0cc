// What becomes of a data packet at this node (mesh-protocol 3.1): tables in, bytes in, verdict out. The same rules hold
// for packets that come in, that pass through and that start here.
import { datagramFault, destinationHi, destinationLo, hopsToLive } from './netceptor/datagram.js';
import type { WordTable } from './word-table.js';

/** What the decision needs to know; never changed once made, replaced as a whole between two packets. */
export interface ForwardingTables<Lane> {
  /** Hash of our own name. */
  readonly selfHi: number;
  readonly selfLo: number;
  /** The lane to the next hop, by the hash of the destination. */
  readonly lanes: WordTable<Lane>;
}

/**
 * - `deliver`: it is for a service of this node.
 * - `forward`: it goes on to the next hop, with one hop less.
 * - `expired`: it would go on, but has no hop left; its source is told.
 * - `no-route`: nobody knows the way; a source of our own is told, a foreign one is not (mesh-protocol 3.1).
 * - `malformed`: it is no packet.
 */
export type Verdict = 'deliver' | 'forward' | 'expired' | 'no-route' | 'malformed';

/** Decides about the packet `bytes[start, end)`. Reads only; allocates nothing. */
export function decide<Lane>(bytes: Uint8Array, start: number, end: number, tables: ForwardingTables<Lane>): Verdict {
  if (datagramFault(bytes, start, end) !== undefined) {
    return 'malformed';
  }
  const high = destinationHi(bytes, start);
  const low = destinationLo(bytes, start);
  if (high === tables.selfHi && low === tables.selfLo) {
    return 'deliver';
  }
  if (hopsToLive(bytes, start) === 0) {
    return 'expired';
  }
  return tables.lanes.get(high, low) === undefined ? 'no-route' : 'forward';
}
