// What this node knows of the mesh: who is connected to whom and at what cost, learned from updates and from its own
// links, by the receive algorithm of mesh-protocol 3.2.
//
// It is changed in place, unlike everything else in this folder: in a mesh of 1,000 nodes some 100 updates a second
// come in, and a copy of the map for each would cost more than all the rest. It has one owner, the router, which hands
// out snapshots. It is deterministic: the same calls give the same answers and the same order of nodes.
import type { NodeId } from '../names.js';
import type { RouteUpdate } from '../netceptor/route-update.js';
import { SeenUpdates } from './seen-updates.js';

/**
 * Nodes with a record. Ten times the largest mesh that we aim at; bounds what invented node ids can take. Then a newcomer
 * takes the place of the node that was silent for longest of those without links.
 */
export const NODES_MAX = 10_000;
/** Links of one update. Every node of the largest mesh at one hub. */
export const CONNECTIONS_MAX = 10_000;
/** Directed edges altogether. A mesh of 1,000 nodes with 250 links each; some 30 MB. */
export const EDGES_MAX = 250_000;
/** The reference does not check foreign costs. Lower and negative ones count as this, so that no path is free. */
export const COST_MIN = 1e-6;
/** Higher costs count as this, so that the cost of a path is always a finite number. */
export const COST_MAX = 1e12;

export type IgnoredReason =
  /** Our own update came back. */
  | 'own-update'
  /** A node with our id that started before us; it will hear our update. */
  | 'own-id-older-epoch'
  | 'already-seen'
  | 'older-epoch'
  | 'older-sequence'
  /** A limit of this table; nothing is learned and nothing passed on. */
  | 'too-many-nodes'
  | 'too-many-connections';

/** What an update means. All but `forward` ones are not passed on. */
export type UpdateVerdict =
  | { readonly verdict: 'ignored'; readonly reason: IgnoredReason }
  /** A node with our id started after us: flood an own update whose SuspectedDuplicate is this epoch. */
  | { readonly verdict: 'own-newer-epoch'; readonly epoch: bigint }
  /** Somebody has told the mesh that we are the duplicate: stop the node. */
  | { readonly verdict: 'we-are-duplicate' }
  /** The sender suspects a duplicate of itself. `restarted` if its record now follows the sender. */
  | { readonly verdict: 'duplicate-suspected'; readonly restarted: boolean; readonly forward: true }
  | {
      readonly verdict: 'accepted';
      /** Some edge changed: compute the routes anew. */
      readonly changed: boolean;
      /** The node's first update: flood our own, so that it learns of us. */
      readonly newcomer: boolean;
      /** Known before, with another epoch. */
      readonly restarted: boolean;
      /** A node that has no links any more, and whose record made room for the newcomer's. */
      readonly forgotten: NodeId | undefined;
      readonly forward: true;
    };

/** When a node started and how many updates it had made, by the last update that was accepted. */
export interface NodeRecord {
  readonly epoch: bigint;
  readonly sequence: bigint;
}

/** The directed edges of one node, by target. */
export type Edges = ReadonlyMap<NodeId, number>;

export class Topology {
  readonly self: NodeId;
  readonly #epoch: bigint;
  readonly #seen: SeenUpdates;
  /** Who was heard of last stands last. */
  readonly #records = new Map<NodeId, NodeRecord>();
  readonly #edges = new Map<NodeId, Map<NodeId, number>>();
  /** For each node those that list it, so that pruning does not look at the whole mesh. */
  readonly #listedBy = new Map<NodeId, Set<NodeId>>();
  #edgeCount = 0;
  /** How often a node may have been left without links: now, and when nobody was found. */
  #losses = 0;
  #lossesSearched = 0;

  /** `seen` may be shared with the links, which drop copies before they read them; only the topology adds to it. */
  constructor(self: NodeId, epoch: bigint, seen: SeenUpdates = new SeenUpdates()) {
    this.self = self;
    this.#epoch = epoch;
    this.#seen = seen;
  }

  /** Takes in an update that the link has already checked (2.2). `nowMs` is any clock that does not go back. */
  consider(update: RouteUpdate, nowMs: number): UpdateVerdict {
    if (update.nodeId === this.self) return this.#considerOwn(update);
    if (!this.#seen.add(update.updateId, nowMs)) return ignored('already-seen');
    if (update.suspectedDuplicate !== 0n) return this.#considerSuspicion(update);
    const record = this.#records.get(update.nodeId);
    const isFull = record === undefined && this.#records.size >= NODES_MAX;
    const goner = isFull ? this.#longestGone() : undefined;
    const reason = isFull && goner === undefined ? 'too-many-nodes' : this.#refusal(update, record);
    if (reason !== undefined) return ignored(reason);

    if (goner !== undefined) {
      this.#records.delete(goner);
      this.#edges.delete(goner);
    }
    if (update.connections.size === 0) this.#losses++;
    this.#records.delete(update.nodeId);
    this.#records.set(update.nodeId, { epoch: update.updateEpoch, sequence: update.updateSequence });
    return {
      verdict: 'accepted',
      forgotten: goner,
      changed: this.#replaceEdges(update.nodeId, clampCosts(update.connections)),
      newcomer: record === undefined,
      restarted: record !== undefined && record.epoch !== update.updateEpoch,
      forward: true,
    };
  }

  /** A link is established: both directions count at once, before the peer's next update says so (2.1). */
  linkUp(peer: NodeId, cost: number): void {
    this.#setEdge(this.self, peer, clampCost(cost));
    this.#setEdge(peer, this.self, clampCost(cost));
  }

  /** A link is lost (2.5). The peer itself stays known. */
  linkDown(peer: NodeId): void {
    this.#deleteEdge(this.self, peer);
    this.#deleteEdge(peer, this.self);
  }

  /** The last accepted update of a node; undefined for a node that has sent none. */
  record(nodeId: NodeId): NodeRecord | undefined {
    return this.#records.get(nodeId);
  }

  /** How many nodes there are edges of. */
  get nodeCount(): number {
    return this.#edges.size;
  }

  get edgeCount(): number {
    return this.#edgeCount;
  }

  /** The nodes and their edges as they are now, in the order in which they became known. Not to be kept. */
  nodes(): IterableIterator<readonly [NodeId, Edges]> {
    return this.#edges.entries();
  }

  /** The links of one node. Not to be kept; empty for an unknown node. */
  edgesOf(nodeId: NodeId): Edges {
    return this.#edges.get(nodeId) ?? NO_EDGES;
  }

  /** A copy of all costs, for `status` (KnownConnectionCosts). */
  knownCosts(): ReadonlyMap<NodeId, Edges> {
    return new Map([...this.#edges].map(([nodeId, edges]) => [nodeId, new Map(edges)]));
  }

  #considerOwn(update: RouteUpdate): UpdateVerdict {
    if (update.updateEpoch === this.#epoch) return ignored('own-update');
    if (update.suspectedDuplicate === this.#epoch) return { verdict: 'we-are-duplicate' };
    if (update.updateEpoch > this.#epoch) return { verdict: 'own-newer-epoch', epoch: update.updateEpoch };
    return ignored('own-id-older-epoch');
  }

  #considerSuspicion(update: RouteUpdate): UpdateVerdict {
    const known = this.#records.get(update.nodeId);
    const restarted = known?.epoch === update.suspectedDuplicate;
    if (restarted) this.#records.set(update.nodeId, { epoch: update.updateEpoch, sequence: update.updateSequence });
    return { verdict: 'duplicate-suspected', restarted, forward: true };
  }

  #refusal(update: RouteUpdate, record: NodeRecord | undefined): IgnoredReason | undefined {
    if (record !== undefined && update.updateEpoch < record.epoch) return 'older-epoch';
    if (record !== undefined && update.updateEpoch === record.epoch && update.updateSequence <= record.sequence) {
      return 'older-sequence';
    }
    const added = update.connections.size - this.edgesOf(update.nodeId).size;
    if (update.connections.size > CONNECTIONS_MAX || this.#edgeCount + added > EDGES_MAX) return 'too-many-connections';
    return undefined;
  }

  /** Of the nodes that nobody has a link to, and that have none, the one that was silent for longest. */
  #longestGone(): NodeId | undefined {
    if (this.#losses === this.#lossesSearched) return undefined;
    for (const nodeId of this.#records.keys()) {
      if (this.edgesOf(nodeId).size === 0 && !this.#listedBy.has(nodeId)) return nodeId;
    }
    this.#lossesSearched = this.#losses;
    return undefined;
  }

  /**
   * Replaces the edges of a node. Every other node but ourselves that it no longer lists loses its edge to it: so a
   * link goes as soon as either end stops listing it (3.2, step 6).
   */
  #replaceEdges(nodeId: NodeId, next: Edges): boolean {
    const before = this.#edges.get(nodeId);
    if (before !== undefined && sameEdges(before, next)) return false;
    for (const target of [...(before?.keys() ?? [])]) {
      if (!next.has(target)) this.#deleteEdge(nodeId, target);
    }
    if (before === undefined) this.#edges.set(nodeId, new Map());
    for (const [target, cost] of next) this.#setEdge(nodeId, target, cost);
    for (const other of [...(this.#listedBy.get(nodeId) ?? [])]) {
      if (other !== this.self && !next.has(other)) this.#deleteEdge(other, nodeId);
    }
    return true;
  }

  #setEdge(from: NodeId, to: NodeId, cost: number): void {
    const edges = this.#edges.get(from) ?? new Map<NodeId, number>();
    if (!edges.has(to)) this.#edgeCount++;
    this.#edges.set(from, edges.set(to, cost));
    const listers = this.#listedBy.get(to) ?? new Set<NodeId>();
    this.#listedBy.set(to, listers.add(from));
  }

  #deleteEdge(from: NodeId, to: NodeId): void {
    if (!this.#edges.get(from)?.delete(to)) return;
    this.#edgeCount--;
    this.#losses++;
    const listers = this.#listedBy.get(to);
    listers?.delete(from);
    if (listers?.size === 0) this.#listedBy.delete(to);
  }
}

const NO_EDGES: Edges = new Map();

function ignored(reason: IgnoredReason): UpdateVerdict {
  return { verdict: 'ignored', reason };
}

function clampCosts(connections: Edges): Edges {
  return new Map([...connections].map(([nodeId, cost]) => [nodeId, clampCost(cost)]));
}

/** A cost that paths can be added up from. NaN, which no JSON can say, counts as the least too. */
export function clampCost(cost: number): number {
  return cost >= COST_MIN ? Math.min(cost, COST_MAX) : COST_MIN;
}

function sameEdges(a: Edges, b: Edges): boolean {
  if (a.size !== b.size) return false;
  for (const [nodeId, cost] of a) {
    if (b.get(nodeId) !== cost) return false;
  }
  return true;
}
