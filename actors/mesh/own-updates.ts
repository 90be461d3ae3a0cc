import { writeNumber, writeString } from '../../protocol/json/writer.js';
import { type NodeId, newName, RANDOM_NAME_BYTES } from '../../protocol/names.js';
import { extensionFields, NO_EXTENSIONS } from '../../protocol/netceptor/extensions.js';
import { KIN_FIELD } from '../../protocol/netceptor/link-probe.js';
import { encodeRouteUpdate } from '../../protocol/netceptor/route-update.js';
import { textByteLength } from '../../protocol/text.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';

/** Shows a neighbour that we are of its kind; Go ignores it (mesh-protocol 2.8). */
const KIN = extensionFields([[KIN_FIELD, { Probe: true }]]);

const EPOCH_RANDOM_BITS = 24;

/**
 * Bytes of the connections in one update: with the rest of it they must fit into a frame of 65,535. Neighbours choose
 * their ids; a few hundred with long ones must not make us send what no frame can hold.
 */
const CONNECTIONS_BYTES_MAX = 60_000;
/** A colon and a comma. */
const SEPARATORS_BYTES = 2;

/**
 * Makes this node's own routing updates: each with the next sequence number and an id of its own. One per node: the
 * router tells it the links; it and the links that greet take updates from here.
 */
export class OwnUpdates {
  readonly self: NodeId;
  /** Unix seconds times 2^24 plus chance, fixed for the life of the process (mesh-protocol 3.2). */
  readonly epoch: bigint;
  readonly #random: Random;
  #connections: ReadonlyMap<NodeId, number> = new Map();
  #sequence = 0n;

  constructor(self: NodeId, clock: Clock, random: Random) {
    this.self = self;
    this.#random = random;
    const seconds = BigInt(Math.floor(clock.wallMs() / 1_000));
    this.epoch = (seconds << BigInt(EPOCH_RANDOM_BITS)) + BigInt(random.below(2 ** EPOCH_RANDOM_BITS));
  }

  /** Our links and their costs, as the next update will tell them; of too many the newest are left out. */
  setConnections(connections: ReadonlyMap<NodeId, number>): void {
    this.#connections = fitting(connections);
  }

  /** The next update, as a message. `suspectedDuplicate` is the epoch of another node that claims our id. */
  next(suspectedDuplicate = 0n): Uint8Array {
    this.#sequence += 1n;
    return encodeRouteUpdate({
      nodeId: this.self,
      updateId: newName(this.#random.fill(new Uint8Array(RANDOM_NAME_BYTES))),
      updateEpoch: this.epoch,
      updateSequence: this.#sequence,
      connections: this.#connections,
      forwardingNode: this.self,
      suspectedDuplicate,
      extensions: KIN.ok ? KIN.value : NO_EXTENSIONS,
    });
  }
}

/** The first ones that fit: whoever comes late and finds no room is never listed, and so never confirmed. */
function fitting(connections: ReadonlyMap<NodeId, number>): ReadonlyMap<NodeId, number> {
  let bytes = 0;
  const told = new Map<NodeId, number>();
  for (const [node, cost] of connections) {
    bytes += textByteLength(writeString(node)) + writeNumber(cost).length + SEPARATORS_BYTES;
    if (bytes > CONNECTIONS_BYTES_MAX) {
      return told;
    }
    told.set(node, cost);
  }
  return connections;
}
