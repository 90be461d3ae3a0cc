import type { NodeId } from '../../protocol/names.js';
import type { RouteUpdate } from '../../protocol/netceptor/route-update.js';
import type { Address } from '../../runtime/address.js';
import type { ReplyTo } from '../../runtime/message.js';

export type RouterMessage =
  /** May this link be the one to `peer`? Answered with a `ClaimVerdict`. */
  | { readonly type: 'link.claim'; readonly peer: NodeId; readonly link: Address; readonly replyTo: ReplyTo }
  | { readonly type: 'link.established'; readonly peer: NodeId; readonly cost: number; readonly link: Address }
  | { readonly type: 'link.lost'; readonly peer: NodeId; readonly link: Address }
  | { readonly type: 'update.received'; readonly update: RouteUpdate }
  | { readonly type: 'topology.changed' }
  /** What is known of the mesh, for `status`. Answered with a `MeshView`. */
  | { readonly type: 'view.read'; readonly replyTo: ReplyTo }
  | { readonly type: 'timer.gather' }
  | { readonly type: 'stop' };

export type ClaimVerdict = 'granted' | 'refused';

/** What a node knows of the mesh at one moment. */
export interface MeshView {
  readonly connections: ReadonlyMap<NodeId, number>;
  /** Next hop by destination. */
  readonly routes: ReadonlyMap<NodeId, NodeId>;
  readonly knownCosts: ReadonlyMap<NodeId, ReadonlyMap<NodeId, number>>;
}
