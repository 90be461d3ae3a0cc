import type { NodeId } from '../../protocol/names.js';

/** How a node lets its units be watched: our own push, or the reference's requests. */
export type FarDialect = 'follow' | 'requests';

/** Nodes that are remembered; a mesh has fewer, and the oldest is forgotten first. */
const NODES_MAX = 4_096;

/** What was learned of other nodes' control services. A node that was lost may come back as another program. */
export class FarNodes {
  readonly #requestsOnly = new Set<NodeId>();

  dialectOf(node: NodeId): FarDialect {
    return this.#requestsOnly.has(node) ? 'requests' : 'follow';
  }

  /** It does not know our own way to watch a unit. */
  noteRequestsOnly(node: NodeId): void {
    this.#requestsOnly.add(node);
    const [oldest] = this.#requestsOnly;
    if (oldest !== undefined && this.#requestsOnly.size > NODES_MAX) {
      this.#requestsOnly.delete(oldest);
    }
  }

  forget(node: NodeId): void {
    this.#requestsOnly.delete(node);
  }
}
