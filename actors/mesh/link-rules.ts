import type { NodeId } from '../../protocol/names.js';
import { KIN_FIELD } from '../../protocol/netceptor/link-probe.js';
import type { RouteUpdate } from '../../protocol/netceptor/route-update.js';
import type { LinkEndCode } from '../topics.js';

/** The rules of a session between two neighbours, as decisions (mesh-protocol 2). */

/** How a neighbour is treated; from the listener's or the peer's configuration (mesh-protocol 1.5). */
export interface LinkPolicy {
  /** Of this link; both ends must come to the same number. More than 0. */
  readonly cost: number;
  /** Instead of `cost`, by the neighbour's id; listeners only. */
  readonly nodeCosts: Readonly<Record<string, number>>;
  /** Who may be at the other end; `undefined` is everybody. */
  readonly allowedPeers: readonly string[] | undefined;
}

/** A greeting is repeated until one is heard: a message session may lose it. */
export const GREET_EVERY_MS = 1_000;
/** Ten greetings; then there is nobody who understands us. */
export const GREETING_WITHIN_MS = 10_000;
/** The router answers in the same turn; this bound is only there so that nothing waits for ever. */
export const CLAIM_WITHIN_MS = 5_000;

/** How often a neighbour that only floods every ten seconds is looked after. */
export const PULSE_MS = 5_000;
/**
 * A neighbour of our own kind is looked after more often: asked for a sign of life when it was silent for a second,
 * suspect when it does not answer, gone after `KIN_SILENT_MS`; so it is found within six seconds.
 */
export const PULSE_KIN_MS = 1_250;
export const PROBE_AFTER_MS = 1_000;
export const SUSPECT_AFTER_MS = 2_600;
export const KIN_SILENT_MS = 4_500;

/** What a silence of a neighbour means. */
export type Silence = 'none' | 'quiet' | 'suspect' | 'dead';

export function silenceOf(
  link: { readonly peerKind: PeerKind; readonly idleLimitMs: number },
  silentMs: number,
): Silence {
  if (link.peerKind !== 'kin') {
    return silentMs > link.idleLimitMs ? 'dead' : 'none';
  }
  if (silentMs > KIN_SILENT_MS) {
    return 'dead';
  }
  if (silentMs > SUSPECT_AFTER_MS) {
    return 'suspect';
  }
  return silentMs > PROBE_AFTER_MS ? 'quiet' : 'none';
}

/** `kin` answers probes; a Go node does not know them. */
export type PeerKind = 'unknown' | 'kin' | 'foreign';

/** What must be known of a link to judge a message of its neighbour. */
export interface LinkKnowledge {
  readonly self: NodeId;
  readonly policy: LinkPolicy;
  readonly peer: NodeId | undefined;
  readonly cost: number;
  /** The latest of the neighbour's own updates that was heard. */
  readonly latest: UpdateNumber | undefined;
}

/** Which of a node's updates: a life of the node, and a count in it. */
export interface UpdateNumber {
  readonly epoch: bigint;
  readonly sequence: bigint;
}

/** What a greeting tells: who it is, and how we deal with them. The greeting itself is no routing information. */
export interface Greeted {
  readonly peer: NodeId;
  readonly cost: number;
  readonly peerKind: PeerKind;
  readonly latest: UpdateNumber;
}

export function greeted({ policy }: LinkKnowledge, update: RouteUpdate): Greeted {
  const peer = update.forwardingNode;
  return {
    peer,
    cost: costOf(policy, peer),
    peerKind: update.extensions.has(KIN_FIELD) ? 'kin' : 'foreign',
    latest: numberOf(update),
  };
}

/** The neighbour chose its id: it may be called as what every object of the language has, such as `constructor`. */
function costOf({ cost, nodeCosts }: LinkPolicy, peer: NodeId): number {
  const own = Object.hasOwn(nodeCosts, peer) ? nodeCosts[peer] : undefined;
  return own ?? cost;
}

/** What is remembered of an update over an established link: of the neighbour's own ones the number. */
export function withUpdate(knowledge: LinkKnowledge, update: RouteUpdate): Pick<LinkKnowledge, 'latest'> {
  return { latest: update.nodeId === knowledge.peer ? numberOf(update) : knowledge.latest };
}

function numberOf(update: RouteUpdate): UpdateNumber {
  return { epoch: update.updateEpoch, sequence: update.updateSequence };
}

/** Why a greeting is refused; `undefined` when it may go on (mesh-protocol 2.1, step 2, a and b). */
export function greetingRefusal(knowledge: LinkKnowledge, update: RouteUpdate): LinkEndCode | undefined {
  const { allowedPeers } = knowledge.policy;
  if (update.forwardingNode === knowledge.self) {
    return 'refused-own-id';
  }
  const isAllowed = allowedPeers === undefined || allowedPeers.includes(update.forwardingNode);
  return isAllowed ? undefined : 'refused-not-allowed';
}

/**
 * What an update over an established link means for the link itself (mesh-protocol 2.2).
 * - `news`: about another node; goes to the router.
 * - `lists-us`: the neighbour's own, and it counts us among its links; goes to the router.
 * - `omits-us`: the neighbour's own, without us.
 * - `outdated`: the neighbour's own, but older than one that was heard: a message session has changed their order.
 */
export type UpdateMeaning = 'news' | 'lists-us' | 'omits-us' | 'outdated' | 'id-changed' | 'cost-differs';

export function meaningOf(knowledge: LinkKnowledge, update: RouteUpdate): UpdateMeaning {
  if (update.forwardingNode !== knowledge.peer) {
    return 'id-changed';
  }
  if (update.nodeId !== knowledge.peer) {
    return 'news';
  }
  if (isOutdated(knowledge.latest, update)) {
    return 'outdated';
  }
  const cost = update.connections.get(knowledge.self);
  if (cost === undefined) {
    return 'omits-us';
  }
  return cost === knowledge.cost ? 'lists-us' : 'cost-differs';
}

function isOutdated(latest: UpdateNumber | undefined, update: RouteUpdate): boolean {
  return latest !== undefined && latest.epoch === update.updateEpoch && update.updateSequence < latest.sequence;
}

/** The reason in words: for the log of this end, and for whoever asks what became of the link. */
export function endText(code: LinkEndCode, knowledge: LinkKnowledge, detail?: string): string {
  const peer = knowledge.peer ?? 'the other node';
  switch (code) {
    case 'lost':
      return detail === undefined ? `connection to ${peer} was closed` : `connection to ${peer} was lost: ${detail}`;
    case 'silent':
      return `nothing was heard from ${peer} for too long`;
    case 'no-greeting':
      return 'the other end did not greet within 10 s';
    case 'refused-own-id':
      return `${peer} tried to connect using our own node ID`;
    case 'refused-not-allowed':
      return `${peer} is not in the allowed peers list`;
    case 'refused-connected-already':
      return `${peer} connected using a node ID we are already connected to`;
    case 'refused-id-changed':
      return `remote node ID of ${peer} changed unexpectedly`;
    case 'refused-not-listed':
      return `remote node ${peer} no longer lists us as a connection`;
    case 'refused-cost':
      return `we disagree with ${peer} about the connection cost (${knowledge.cost} here, ${detail ?? 'another'} there)`;
    case 'rejected-by-peer':
      return detail === undefined ? `${peer} rejected the connection` : `${peer} rejected the connection: ${detail}`;
    case 'stopped':
      return `connection to ${peer} was closed by us`;
    default:
      return code satisfies never;
  }
}
