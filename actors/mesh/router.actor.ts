/**
 * The route computation: gathers what the links and the updates tell, settles for a moment, computes the least-cost
 * paths, publishes them. One per node, raised first. Owns the topology; passes accepted updates on to the other
 * neighbours (mesh-protocol 3.2, 4). The first change is computed at once, what follows within 100 ms is gathered.
 */
import { emit, setup } from 'xstate';
import type { NodeId } from '../../protocol/names.js';
import type { RouteUpdate } from '../../protocol/netceptor/route-update.js';
import type { Address } from '../../runtime/address.js';
import type { ReplyTo } from '../../runtime/message.js';
import { defineActor } from '../ports.js';
import { RouterBook } from './router-book.js';
import type { RouterMessage } from './router-vocabulary.js';

/** Changes within this time are computed together: the same as the reference's debounce. */
const GATHER_MS = 100;

type RouterWish =
  | { readonly type: 'judge-claim'; readonly peer: NodeId; readonly link: Address; readonly replyTo: ReplyTo }
  | { readonly type: 'add-link'; readonly peer: NodeId; readonly cost: number; readonly link: Address }
  | { readonly type: 'drop-link'; readonly peer: NodeId; readonly link: Address }
  | { readonly type: 'consider'; readonly update: RouteUpdate }
  | { readonly type: 'compute' }
  | { readonly type: 'tell-view'; readonly replyTo: ReplyTo }
  | { readonly type: 'arm-timer'; readonly name: 'gather'; readonly delayMs: number };

const machine = setup({
  types: { events: {} as RouterMessage, emitted: {} as RouterWish },
  actions: {
    judgeClaim: emit((_, claim: { peer: NodeId; link: Address; replyTo: ReplyTo }) => ({
      type: 'judge-claim',
      ...claim,
    })),
    addLink: emit((_, link: { peer: NodeId; cost: number; link: Address }) => ({ type: 'add-link', ...link })),
    dropLink: emit((_, link: { peer: NodeId; link: Address }) => ({ type: 'drop-link', ...link })),
    consider: emit((_, update: RouteUpdate) => ({ type: 'consider', update })),
    compute: emit({ type: 'compute' }),
    armGather: emit({ type: 'arm-timer', name: 'gather', delayMs: GATHER_MS }),
    tellView: emit((_, replyTo: ReplyTo) => ({ type: 'tell-view', replyTo })),
  },
}).createMachine({
  id: 'router',
  initial: 'current',
  on: {
    'link.claim': {
      actions: {
        type: 'judgeClaim',
        params: ({ event }) => ({ peer: event.peer, link: event.link, replyTo: event.replyTo }),
      },
    },
    'link.established': {
      actions: { type: 'addLink', params: ({ event }) => ({ peer: event.peer, cost: event.cost, link: event.link }) },
    },
    'link.lost': { actions: { type: 'dropLink', params: ({ event }) => ({ peer: event.peer, link: event.link }) } },
    'update.received': { actions: { type: 'consider', params: ({ event }) => event.update } },
    'view.read': { actions: { type: 'tellView', params: ({ event }) => event.replyTo } },
    stop: '.stopped',
  },
  states: {
    /** The published routes are those of the topology. */
    current: {
      on: { 'topology.changed': { target: 'resting', actions: 'compute' } },
    },
    /** Computed a moment ago; what changes now is gathered. */
    resting: {
      entry: 'armGather',
      on: { 'topology.changed': 'stale', 'timer.gather': 'current' },
    },
    /** The topology has changed since the routes were published. */
    stale: {
      on: { 'timer.gather': { target: 'resting', actions: 'compute' } },
    },
    stopped: { type: 'final' },
  },
});

export const routerActor = defineActor({
  kind: 'router',
  machine,
  messages: {
    'link.claim': 'request',
    'link.established': 'answer',
    'link.lost': 'answer',
    'update.received': 'request',
    'topology.changed': 'answer',
    'view.read': 'request',
    'timer.gather': 'timer',
    stop: 'system',
  },
  ignores: {
    stale: ['topology.changed'],
    // Armed on entering the rest, which ends with it.
    current: ['timer.gather'],
  },
  mailbox: { capacity: 8_192 },
  needs: ['node', 'clock', 'names', 'forwarder', 'ownUpdates', 'seenUpdates'],
  effects: (ports, self) => {
    const book = new RouterBook(ports, self);
    return {
      'judge-claim': ({ peer, link, replyTo }) => book.judgeClaim(peer, link, replyTo),
      'add-link': ({ peer, cost, link }) => book.addLink(peer, cost, link),
      'drop-link': ({ peer, link }) => book.dropLink(peer, link),
      consider: ({ update }) => book.consider(update),
      compute: () => book.compute(),
      'tell-view': ({ replyTo }) => book.tellView(replyTo),
    };
  },
});
