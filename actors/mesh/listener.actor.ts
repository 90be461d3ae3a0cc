/**
 * Takes sessions in at one place and raises a link for each. Raised by the node, once for each configured listener.
 * A place that cannot be opened, or that breaks, is tried again for ever; the node ends a start that meets one.
 */
import { assign, emit, setup } from 'xstate';
import type { SessionAddress, SessionFault } from '../../runtime/ports.js';
import type { Owned } from '../../runtime/scope.js';
import type { ChildEnded } from '../../runtime/self.js';
import { defineActor } from '../ports.js';
import { listening, partFailed, partReady, sessionRefused } from '../topics.js';
import { linkActor } from './link.actor.js';
import type { LinkPolicy } from './link-rules.js';

/** Links at one listener: each may hold a megabyte for a slow neighbour. */
const LINKS_MAX = 4_096;

/** How long a place that could not be opened is left alone. */
const RETRY_MS = 5_000;

export type ListenerMessage =
  | { readonly type: 'listen.opened'; readonly address: SessionAddress }
  | { readonly type: 'listen.failed'; readonly fault: SessionFault }
  | { readonly type: 'session.accepted'; readonly session: number }
  | ChildEnded
  | { readonly type: 'timer.retry' }
  | { readonly type: 'stop' };

type ListenerWish =
  | { readonly type: 'listen'; readonly address: SessionAddress; readonly tls: string | undefined }
  | { readonly type: 'tell-ready'; readonly address: SessionAddress }
  | { readonly type: 'raise-link'; readonly session: number; readonly policy: LinkPolicy }
  | { readonly type: 'turn-away'; readonly session: number }
  | { readonly type: 'give-up-place' }
  | { readonly type: 'tell-failed'; readonly address: SessionAddress; readonly fault: SessionFault }
  | { readonly type: 'arm-timer'; readonly name: 'retry'; readonly delayMs: number; readonly jitter: number };

export interface ListenerInput {
  readonly address: SessionAddress;
  /** The `tls-server` to listen with. */
  readonly tls?: string;
  readonly link: LinkPolicy;
}

interface ListenerContext extends ListenerInput {
  readonly links: number;
}

const machine = setup({
  types: {
    context: {} as ListenerContext,
    events: {} as ListenerMessage,
    emitted: {} as ListenerWish,
    input: {} as ListenerInput,
  },
  guards: {
    hasRoom: ({ context }) => context.links < LINKS_MAX,
  },
  actions: {
    listen: emit(({ context }) => ({ type: 'listen', address: context.address, tls: context.tls })),
    tellReady: emit((_, address: SessionAddress) => ({ type: 'tell-ready', address })),
    raiseLink: emit(({ context }, session: number) => ({ type: 'raise-link', session, policy: context.link })),
    countLink: assign({ links: ({ context }) => context.links + 1 }),
    uncountLink: assign({ links: ({ context }) => context.links - 1 }),
    turnAway: emit((_, session: number) => ({ type: 'turn-away', session })),
    giveUpPlace: emit({ type: 'give-up-place' }),
    tellFailed: emit(({ context }, fault: SessionFault) => ({ type: 'tell-failed', address: context.address, fault })),
    armRetry: emit({ type: 'arm-timer', name: 'retry', delayMs: RETRY_MS, jitter: 0.3 }),
  },
}).createMachine({
  id: 'listener',
  context: ({ input }) => ({ ...input, links: 0 }),
  initial: 'opening',
  on: {
    'listen.failed': { target: '.waiting', actions: { type: 'tellFailed', params: ({ event }) => event.fault } },
    'child.ended': { actions: 'uncountLink' },
    stop: '.stopped',
  },
  states: {
    opening: {
      entry: 'listen',
      on: {
        'session.accepted': { actions: { type: 'turnAway', params: ({ event }) => event.session } },
        'listen.opened': { target: 'open', actions: { type: 'tellReady', params: ({ event }) => event.address } },
      },
    },
    open: {
      on: {
        'session.accepted': [
          {
            guard: 'hasRoom',
            actions: ['countLink', { type: 'raiseLink', params: ({ event }) => event.session }],
          },
          { actions: { type: 'turnAway', params: ({ event }) => event.session } },
        ],
      },
    },
    waiting: {
      entry: ['giveUpPlace', 'armRetry'],
      on: {
        'session.accepted': { actions: { type: 'turnAway', params: ({ event }) => event.session } },
        'timer.retry': 'opening',
      },
    },
    stopped: { type: 'final' },
  },
});

export const listenerActor = defineActor({
  kind: 'listener',
  machine,
  messages: {
    'listen.opened': 'answer',
    'listen.failed': 'answer',
    'session.accepted': 'request',
    'child.ended': 'system',
    'timer.retry': 'timer',
    stop: 'system',
  },
  ignores: {
    // A place that opened and broke at once.
    waiting: ['listen.opened'],
    // A place opens once; and the timer ends the wait before it.
    open: ['listen.opened', 'timer.retry'],
    opening: ['timer.retry'],
  },
  needs: ['sessions', 'security', 'handover', 'node'],
  effects: ({ sessions, security, handover, node }, self) => {
    let links = 0;
    let place: Owned | undefined;
    return {
      listen: ({ address, tls }) => {
        let bound = address;
        const close = sessions.listen(address, tls === undefined ? {} : { secure: () => security.server(tls) }, {
          opened: (listener) => {
            bound = listener.address;
            self.answer({ type: 'listen.opened', address: bound });
          },
          failed: (fault) => self.answer({ type: 'listen.failed', fault }),
          refused: (remote, fault) => self.publish(sessionRefused, { address: bound, remote, fault }),
          accepted: (session) => {
            const key = handover.put(self, session);
            const accepted: ListenerMessage = { type: 'session.accepted', session: key };
            if (self.send(self.address, accepted) !== 'taken') {
              handover.take(key)?.abort();
            }
          },
        });
        place = self.own('place', close);
      },
      'tell-ready': ({ address }) => {
        self.publish(listening, { address });
        self.publish(partReady, { part: self.address });
      },
      'raise-link': ({ session, policy }) => {
        links += 1;
        const { id, idleLimitMs } = node;
        self.raise(linkActor, `link-${links}`, { session, self: id, policy, idleLimitMs });
      },
      'turn-away': ({ session }) => handover.take(session)?.abort(),
      'give-up-place': () => place?.close(),
      'tell-failed': ({ address, fault }) => self.publish(partFailed, { part: self.address, address, fault }),
    };
  },
});
