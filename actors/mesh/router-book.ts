import type { NodeId } from '../../protocol/names.js';
import { encodeRouteUpdate, forwardedBy, type RouteUpdate } from '../../protocol/netceptor/route-update.js';
import { FRAME_PREFIX_BYTES } from '../../protocol/netceptor/stream-framing.js';
import { leastCostPaths } from '../../protocol/routing/paths.js';
import { Topology } from '../../protocol/routing/topology.js';
import type { Address } from '../../runtime/address.js';
import type { ReplyTo } from '../../runtime/message.js';
import type { Self } from '../../runtime/self.js';
import { FLOODER } from '../addresses.js';
import type { MeshPorts } from '../ports.js';
import { duplicateNode, duplicateSuspected, nodeAppeared, routerStarted, routesChanged } from '../topics.js';
import type { FlooderMessage } from './flooder.actor.js';
import { fitsFrame, framed } from './framed.js';
import type { ClaimVerdict, MeshView, RouterMessage } from './router-vocabulary.js';

type RouterPorts = Pick<MeshPorts, 'node' | 'clock' | 'names' | 'forwarder' | 'ownUpdates' | 'seenUpdates'>;

/**
 * What the router knows, and what it does with it. Plain code for one life of the router: a restart begins with an
 * empty book, and the links tell it of themselves again.
 */
export class RouterBook {
  readonly #ports: RouterPorts;
  readonly #self: Self<RouterMessage>;
  readonly #topology: Topology;
  /** Which link has been promised which neighbour. */
  readonly #claims = new Map<NodeId, Address>();
  /** The last update of each node as it is passed on: a new neighbour gets them all at once. */
  readonly #latest = new Map<NodeId, Uint8Array>();
  #routes: ReadonlyMap<NodeId, NodeId> = new Map();
  #change: 'computed' | 'told' = 'computed';

  constructor(ports: RouterPorts, self: Self<RouterMessage>) {
    this.#ports = ports;
    this.#self = self;
    this.#topology = new Topology(ports.node.id, ports.ownUpdates.epoch, ports.seenUpdates);
    ports.ownUpdates.setConnections(new Map());
    self.publish(routerStarted, {});
  }

  judgeClaim(peer: NodeId, link: Address, replyTo: ReplyTo): void {
    const holder = this.#claims.get(peer);
    const verdict: ClaimVerdict = holder === undefined || holder === link ? 'granted' : 'refused';
    if (verdict === 'granted') {
      this.#claims.set(peer, link);
    }
    this.#self.reply(replyTo, verdict);
  }

  addLink(peer: NodeId, cost: number, link: Address): void {
    this.#claims.set(peer, link);
    this.#ports.names.learn(peer);
    this.#topology.linkUp(peer, cost);
    this.#ownLinksChanged();
    this.#tellAll(peer);
  }

  dropLink(peer: NodeId, link: Address): void {
    if (this.#claims.get(peer) !== link) {
      return;
    }
    this.#claims.delete(peer);
    if (this.#topology.edgesOf(this.#topology.self).has(peer)) {
      this.#topology.linkDown(peer);
      this.#ownLinksChanged();
    }
  }

  consider(update: RouteUpdate): void {
    const verdict = this.#topology.consider(update, this.#ports.clock.monotonicMs());
    const node = update.nodeId;
    switch (verdict.verdict) {
      case 'ignored':
        break;
      case 'accepted':
        this.#forget(verdict.forgotten);
        this.#ports.names.learn(node);
        this.#keep(node, this.#passOn(update));
        if (verdict.changed) {
          this.#tellChanged();
        }
        if (verdict.newcomer) {
          this.#tellFlooder({ type: 'newcomer.seen' });
        }
        if (verdict.newcomer || verdict.restarted) {
          this.#self.publish(nodeAppeared, { node });
        }
        break;
      case 'duplicate-suspected':
        this.#passOn(update);
        this.#self.publish(duplicateSuspected, { node, updateId: update.updateId, restarted: verdict.restarted });
        break;
      case 'own-newer-epoch':
        this.#self.publish(duplicateNode, { node, via: update.forwardingNode, weHaveToGo: false });
        this.#tellFlooder({ type: 'duplicate.seen', epoch: verdict.epoch });
        break;
      case 'we-are-duplicate':
        this.#self.publish(duplicateNode, { node, via: update.forwardingNode, weHaveToGo: true });
        break;
      default:
        verdict satisfies never;
    }
  }

  /** Computes the routes, lets the data path follow them, and tells whoever cares if they differ. */
  compute(): void {
    this.#change = 'computed';
    const { nextHop } = leastCostPaths(this.#topology);
    this.#ports.forwarder.setRoutes(nextHop);
    if (!isSame(nextHop, this.#routes)) {
      this.#routes = nextHop;
      this.#self.publish(routesChanged, { routes: nextHop });
    }
  }

  tellView(replyTo: ReplyTo): void {
    const view: MeshView = {
      connections: new Map(this.#topology.edgesOf(this.#topology.self)),
      routes: this.#routes,
      knownCosts: this.#topology.knownCosts(),
    };
    this.#self.reply(replyTo, view);
  }

  #ownLinksChanged(): void {
    this.#ports.ownUpdates.setConnections(new Map(this.#topology.edgesOf(this.#topology.self)));
    this.#tellChanged();
    this.#tellFlooder({ type: 'flood.wanted' });
  }

  /** Once until the next computation: a burst of updates must not fill the reserved part of the mailbox. */
  #tellChanged(): void {
    if (this.#change === 'computed') {
      this.#change = 'told';
      this.#self.answer({ type: 'topology.changed' });
    }
  }

  #tellFlooder(message: FlooderMessage): void {
    this.#self.send(FLOODER, message);
  }

  #forget(node: NodeId | undefined): void {
    if (node !== undefined) {
      this.#latest.delete(node);
      this.#ports.names.forget(node);
    }
  }

  #keep(node: NodeId, frame: Uint8Array | undefined): void {
    if (frame === undefined) {
      this.#latest.delete(node);
    } else {
      this.#latest.set(node, frame);
    }
  }

  /**
   * Sends the update to all neighbours but the one that it came from; returns it as it was sent. Written as Go writes it
   * an update may be longer than it was (a `<` takes six bytes): one that fits into no frame any more ends here.
   */
  #passOn(update: RouteUpdate): Uint8Array | undefined {
    const message = encodeRouteUpdate(forwardedBy(update, this.#topology.self));
    if (!fitsFrame(message)) {
      return undefined;
    }
    const frame = framed(message);
    for (const [neighbour, lane] of this.#ports.forwarder.lanes) {
      // Also to the node that it is about: if that is not who sent it, two nodes have one id, and so they learn of it.
      if (neighbour !== update.forwardingNode) {
        lane.pushUrgent(frame, FRAME_PREFIX_BYTES, frame.length);
      }
    }
    return frame;
  }

  /** A new neighbour learns of everybody at once instead of waiting for ten seconds; what does not fit comes then. */
  #tellAll(neighbour: NodeId): void {
    const lane = this.#ports.forwarder.lanes.get(neighbour);
    for (const [node, frame] of this.#latest) {
      if (node !== neighbour && lane?.push(frame, FRAME_PREFIX_BYTES, frame.length) === false) {
        return;
      }
    }
  }
}

function isSame(a: ReadonlyMap<NodeId, NodeId>, b: ReadonlyMap<NodeId, NodeId>): boolean {
  if (a.size !== b.size) {
    return false;
  }
  for (const [destination, nextHop] of a) {
    if (b.get(destination) !== nextHop) {
      return false;
    }
  }
  return true;
}
