/**
 * The control service: takes clients in on a Unix socket, on TCP, and on the mesh, and raises a session for each
 * (control-and-work 1.1). Raised by the node, once for each configured control service. All its places are open before
 * the node is ready; if one of them is lost later, all are opened again.
 */
import { assign, emit, setup } from 'xstate';
import type { SessionAddress, SessionFault } from '../../runtime/ports.js';
import type { ChildEnded } from '../../runtime/self.js';
import { defineActor } from '../ports.js';
import { controlReady, partFailed, partReady, sessionRefused } from '../topics.js';
import { type ControlServerInput, placesOf } from './places.js';
import { sessionActor } from './session.actor.js';
import type { SessionInput } from './session-vocabulary.js';

/** Clients at once: each may hold a line of 8 MiB. */
const SESSIONS_MAX = 1_024;

/** How long places that could not be opened are left alone. */
const RETRY_MS = 5_000;

export type ControlServerMessage =
  | { readonly type: 'place.opened' }
  | { readonly type: 'place.failed'; readonly address: SessionAddress | undefined; readonly fault: SessionFault }
  | { readonly type: 'session.accepted'; readonly input: SessionInput }
  | ChildEnded
  | { readonly type: 'timer.retry' }
  | { readonly type: 'stop' };

type ControlServerWish =
  | { readonly type: 'open-places'; readonly input: ControlServerInput }
  | { readonly type: 'close-places' }
  | { readonly type: 'tell-ready'; readonly input: ControlServerInput }
  | { readonly type: 'tell-failed'; readonly address: SessionAddress | undefined; readonly fault: SessionFault }
  | { readonly type: 'raise-session'; readonly input: SessionInput }
  | { readonly type: 'turn-away'; readonly session: number }
  | { readonly type: 'arm-timer'; readonly name: 'retry'; readonly delayMs: number; readonly jitter: number };

interface ControlServerContext extends ControlServerInput {
  /** Places that are not open yet. */
  readonly closed: number;
  readonly sessions: number;
}

const machine = setup({
  types: {
    context: {} as ControlServerContext,
    events: {} as ControlServerMessage,
    emitted: {} as ControlServerWish,
    input: {} as ControlServerInput,
  },
  guards: {
    isLast: ({ context }) => context.closed === 1,
    hasRoom: ({ context }) => context.sessions < SESSIONS_MAX,
  },
  actions: {
    openPlaces: emit(({ context }) => ({ type: 'open-places', input: inputOf(context) })),
    closePlaces: emit({ type: 'close-places' }),
    countPlaces: assign({ closed: ({ context }) => placeCount(context) }),
    countOpened: assign({ closed: ({ context }) => context.closed - 1 }),
    tellReady: emit(({ context }) => ({ type: 'tell-ready', input: inputOf(context) })),
    tellFailed: emit((_, params: { address: SessionAddress | undefined; fault: SessionFault }) => ({
      type: 'tell-failed',
      ...params,
    })),
    armRetry: emit({ type: 'arm-timer', name: 'retry', delayMs: RETRY_MS, jitter: 0.3 }),
    raiseSession: emit((_, input: SessionInput) => ({ type: 'raise-session', input })),
    countSession: assign({ sessions: ({ context }) => context.sessions + 1 }),
    uncountSession: assign({ sessions: ({ context }) => context.sessions - 1 }),
    turnAway: emit((_, session: number) => ({ type: 'turn-away', session })),
  },
}).createMachine({
  id: 'control-server',
  context: ({ input }) => ({ ...input, closed: placeCount(input), sessions: 0 }),
  initial: 'opening',
  on: {
    'place.failed': {
      target: '.waiting',
      actions: { type: 'tellFailed', params: ({ event }) => ({ address: event.address, fault: event.fault }) },
    },
    'session.accepted': [
      {
        guard: 'hasRoom',
        actions: ['countSession', { type: 'raiseSession', params: ({ event }) => event.input }],
      },
      { actions: { type: 'turnAway', params: ({ event }) => event.input.session } },
    ],
    'child.ended': { actions: 'uncountSession' },
    stop: '.stopped',
  },
  states: {
    opening: {
      entry: ['countPlaces', 'openPlaces'],
      on: {
        'place.opened': [{ guard: 'isLast', target: 'open', actions: 'tellReady' }, { actions: 'countOpened' }],
      },
    },
    open: {},
    waiting: {
      entry: ['closePlaces', 'armRetry'],
      on: { 'timer.retry': 'opening' },
    },
    stopped: { type: 'final' },
  },
});

function placeCount({ service, sockets }: ControlServerInput): number {
  return sockets.length + (service === undefined ? 0 : 1);
}

function inputOf({ service, tls, sockets }: ControlServerContext): ControlServerInput {
  return { service, sockets, ...(tls === undefined ? {} : { tls }) };
}

export const controlServerActor = defineActor({
  kind: 'control-server',
  machine,
  messages: {
    'place.opened': 'answer',
    'place.failed': 'answer',
    'session.accepted': 'request',
    'child.ended': 'system',
    'timer.retry': 'timer',
    stop: 'system',
  },
  ignores: {
    // A place that opened while another one failed is closed with it.
    waiting: ['place.opened'],
    // Each place opens once; and the timer ends the wait before it.
    open: ['place.opened', 'timer.retry'],
    opening: ['timer.retry'],
  },
  needs: ['sessions', 'streams', 'security', 'handover'],
  effects: ({ sessions, streams, security, handover }, self) => {
    let closers: readonly { close(): void }[] = [];
    let raised = 0;
    return {
      'open-places': ({ input }) => {
        closers = placesOf(input).map((place) =>
          self.own(
            `place ${place.label}`,
            place.open(
              { sessions, streams, security },
              {
                opened: () => self.answer({ type: 'place.opened' }),
                refused: (address, remote, fault) => self.publish(sessionRefused, { address, remote, fault }),
                failed: (fault) => self.answer({ type: 'place.failed', address: place.address, fault }),
                accepted: (session) => {
                  const taken = { session: handover.put(self, session), origin: place.origin };
                  const accepted: ControlServerMessage = { type: 'session.accepted', input: taken };
                  if (self.send(self.address, accepted) !== 'taken') {
                    handover.take(taken.session)?.abort();
                  }
                },
              },
            ),
          ),
        );
      },
      'close-places': () => {
        for (const closer of closers) {
          closer.close();
        }
      },
      'tell-ready': ({ input }) => {
        self.publish(controlReady, { service: input.service, sockets: input.sockets.map(({ address }) => address) });
        self.publish(partReady, { part: self.address });
      },
      'tell-failed': ({ address, fault }) => self.publish(partFailed, { part: self.address, address, fault }),
      'raise-session': ({ input }) => {
        raised += 1;
        self.raise(sessionActor, `session-${raised}`, input);
      },
      'turn-away': ({ session }) => handover.take(session)?.abort(),
    };
  },
});
