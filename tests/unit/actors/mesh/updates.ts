import type { NodeId } from '../../../../protocol/names.js';
import { NO_EXTENSIONS } from '../../../../protocol/netceptor/extensions.js';
import type { RouteUpdate } from '../../../../protocol/netceptor/route-update.js';

let made = 0;

/** An update of a node as it sends it itself; what the test has nothing to say about is as of a fresh one. */
export function updateOf(node: NodeId, said: Partial<RouteUpdate> = {}): RouteUpdate {
  made += 1;
  return {
    nodeId: node,
    updateId: `update${made}`,
    updateEpoch: 2n ** 54n,
    updateSequence: 1n,
    connections: new Map(),
    forwardingNode: node,
    suspectedDuplicate: 0n,
    extensions: NO_EXTENSIONS,
    ...said,
  };
}
