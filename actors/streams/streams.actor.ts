/**
 * Raises a stream for each dial and a listener for each service that takes streams in. One per node. A stream that
 * fails takes no other with it, and tells its user itself: nobody hears of its end here.
 */
import { emit, setup } from 'xstate';
import { defineActor } from '../ports.js';
import { streamActor } from './stream.actor.js';
import { streamListenerActor } from './stream-listener.actor.js';

export type StreamsMessage =
  /** The key of a birth in the nursery. */
  | { readonly type: 'dial.wanted'; readonly key: number }
  /** The key of a listen that is planned. */
  | { readonly type: 'listen.wanted'; readonly key: number }
  | { readonly type: 'stop' };

type StreamsWish =
  | { readonly type: 'raise-stream'; readonly key: number }
  | { readonly type: 'raise-listener'; readonly key: number };

const machine = setup({
  types: { events: {} as StreamsMessage, emitted: {} as StreamsWish },
  actions: {
    raiseStream: emit((_, key: number) => ({ type: 'raise-stream', key })),
    raiseListener: emit((_, key: number) => ({ type: 'raise-listener', key })),
  },
}).createMachine({
  id: 'streams',
  initial: 'serving',
  states: {
    serving: {
      on: {
        'dial.wanted': { actions: { type: 'raiseStream', params: ({ event }) => event.key } },
        'listen.wanted': { actions: { type: 'raiseListener', params: ({ event }) => event.key } },
        stop: 'stopped',
      },
    },
    stopped: { type: 'final' },
  },
});

export const streamsActor = defineActor({
  kind: 'streams',
  machine,
  messages: { 'dial.wanted': 'request', 'listen.wanted': 'request', stop: 'system' },
  mailbox: { capacity: 8_192 },
  needs: [],
  effects: (_, self) => ({
    'raise-stream': ({ key }) => {
      self.raise(streamActor, `dial-${key}`, { role: 'dialler', key });
    },
    'raise-listener': ({ key }) => {
      self.raise(streamListenerActor, `listener-${key}`, { key });
    },
  }),
});
