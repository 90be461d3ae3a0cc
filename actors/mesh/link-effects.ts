import type { NodeId } from '../../protocol/names.js';
import { encodeReject } from '../../protocol/netceptor/reject.js';
import type { RouteUpdate } from '../../protocol/netceptor/route-update.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import { RuntimeError } from '../../runtime/errors.js';
import type { Self } from '../../runtime/self.js';
import { DIRECTORY, ROUTER } from '../addresses.js';
import type { MeshPorts } from '../ports.js';
import { linkClosed, linkEstablished, linkSuspect, routerStarted } from '../topics.js';
import type { DirectoryMessage } from './directory-vocabulary.js';
import { guardedHandler } from './guarded-handler.js';
import { CLAIM_WITHIN_MS } from './link-rules.js';
import type { LinkMessage, LinkWish } from './link-vocabulary.js';
import { LinkWire, type WireEvents } from './link-wire.js';
import type { ClaimVerdict, RouterMessage } from './router-vocabulary.js';

/** The ports of a link. */
export type LinkPorts = Pick<MeshPorts, 'handover' | 'turn' | 'clock' | 'forwarder' | 'ownUpdates' | 'seenUpdates'>;

/** One turn of the event loop. */
const AFTER_READING_MS = 1;

/** What a link does for its machine. */
export function linkEffects(ports: LinkPorts, self: Self<LinkMessage>): EffectTable<LinkWish> {
  const { forwarder, ownUpdates } = ports;
  let attached: LinkWire | undefined;
  let neighbour: NodeId | undefined;
  const wire = (): LinkWire => {
    if (attached === undefined) {
      throw new RuntimeError('invalid-use', 'a link has no session before it is attached');
    }
    return attached;
  };
  return {
    attach: ({ session }) => {
      attached = attach(ports, self, session, () => neighbour);
    },
    greet: () => attached?.sendUrgent(ownUpdates.next()),
    claim: ({ peer }) => claim(self, peer),
    open: ({ peer, cost }) => {
      neighbour = peer;
      self.own('lane', forwarder.addLane(peer, wire().lane));
      self.hear(routerStarted, () => ({ type: 'router.started' }));
      self.publish(linkEstablished, { peer, cost, remote: wire().remote });
      wire().open(peer);
    },
    announce: ({ peer, cost }) => {
      const established: RouterMessage = { type: 'link.established', peer, cost, link: self.address };
      self.send(ROUTER, established);
    },
    'pass-update': ({ update }) => {
      const received: RouterMessage = { type: 'update.received', update };
      self.send(ROUTER, received);
    },
    'measure-silence': () => measureSilence(ports, self, wire()),
    probe: () => wire().probe(),
    'tell-suspect': ({ peer, silentMs }) => self.publish(linkSuspect, { peer, silentMs: Math.round(silentMs) }),
    'send-reject': ({ reason }) => wire().sendUrgent(encodeReject(reason)),
    'tell-closed': ({ result }) => {
      self.publish(linkClosed, { ...result, remote: attached?.remote ?? '' });
    },
  };
}

function attach(
  ports: LinkPorts,
  self: Self<LinkMessage>,
  key: number,
  neighbour: () => NodeId | undefined,
): LinkWire | undefined {
  const { handover, turn, clock, forwarder, seenUpdates } = ports;
  const session = handover.take(key);
  if (session === undefined) {
    self.answer({ type: 'session.missing' });
    return undefined;
  }
  const wire = new LinkWire(session, { turn, clock, forwarder, seenUpdates, events: eventsFor(self, neighbour) });
  self.own('session', () => wire.close());
  session.attach(guardedHandler(self, wire));
  return wire;
}

/**
 * Looks only after the sockets had their turn: when this process itself was held up, what the neighbour has sent
 * meanwhile waits to be read, and the neighbour is not to blame.
 */
function measureSilence({ clock }: LinkPorts, self: Self<LinkMessage>, wire: LinkWire): void {
  const timer = clock.setTimer(AFTER_READING_MS, () => {
    looked.release();
    self.answer({ type: 'silence.measured', silentMs: wire.silentMs });
  });
  const looked = self.own('look', () => timer.cancel());
}

/** The router says whether nobody else is linked to this peer; it keeps the place for us until this life ends. */
function claim(self: Self<LinkMessage>, peer: NodeId): void {
  self.own('claim', () => {
    const lost: RouterMessage = { type: 'link.lost', peer, link: self.address };
    self.send(ROUTER, lost);
  });
  const verdict = self.ask<ClaimVerdict>(
    ROUTER,
    (replyTo): RouterMessage => ({ type: 'link.claim', peer, link: self.address, replyTo }),
    CLAIM_WITHIN_MS,
  );
  self.attempt(
    verdict,
    (granted) => ({ type: granted === 'granted' ? 'claim.granted' : 'claim.refused' }),
    () => ({ type: 'claim.refused' }),
  );
}

function eventsFor(self: Self<LinkMessage>, neighbour: () => NodeId | undefined): WireEvents {
  return {
    update: (update) => {
      const received: LinkMessage & RouterMessage = { type: 'update.received', update };
      self.send(isNews(update, neighbour()) ? ROUTER : self.address, received);
    },
    advert: (advert) => {
      const received: DirectoryMessage = { type: 'advert.received', advert, via: neighbour() };
      self.send(DIRECTORY, received);
    },
    rejected: (reason) => self.answer({ type: 'reject.received', reason }),
    closed: (fault) => self.answer({ type: 'session.closed', fault }),
  };
}

/**
 * True for an update about a node beyond the neighbour, over an open link: it says nothing of the link, and the link's
 * machine would only pass it on. In a large mesh nearly all updates are of this kind.
 */
function isNews(update: RouteUpdate, neighbour: NodeId | undefined): boolean {
  return update.forwardingNode === neighbour && update.nodeId !== neighbour;
}
