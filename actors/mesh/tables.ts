import type { ForwardingTables } from '../../protocol/forwarding.js';
import type { NodeId } from '../../protocol/names.js';
import { WordTable } from '../../protocol/word-table.js';
import type { Lane } from '../../runtime/lane.js';
import type { NameTable } from './name-table.js';

/** What the data path reads. A new snapshot replaces the old one whole, between two packets. */
export type Tables = ForwardingTables<Lane>;

/** Tables that know only ourselves. */
export function emptyTables(self: NodeId, names: NameTable): Tables {
  const { hi, lo } = names.learn(self);
  return { selfHi: hi, selfLo: lo, lanes: new WordTable() };
}

/** Tables for these routes over these neighbours' lanes. A route over a neighbour without a lane is left out. */
export function tablesFor(
  self: NodeId,
  names: NameTable,
  routes: ReadonlyMap<NodeId, NodeId>,
  lanes: ReadonlyMap<NodeId, Lane>,
): Tables {
  const tables = emptyTables(self, names);
  for (const [destination, nextHop] of routes) {
    const lane = lanes.get(nextHop);
    if (lane !== undefined) {
      const { hi, lo } = names.hashOf(destination);
      tables.lanes.set(hi, lo, lane);
    }
  }
  return tables;
}
