/** Answers pings (mesh-protocol 3.1). One per node; the answer is plain code on the packet's way. */
import { emit, setup } from 'xstate';
import { composeAnswer, sourceService } from '../../protocol/netceptor/datagram.js';
import { PING_SERVICE } from '../../protocol/netceptor/unreachable.js';
import { defineActor } from '../ports.js';
import { bindService } from './bound-service.js';

export type PingMessage = { readonly type: 'stop' };

type PingWish = { readonly type: 'bind' };

const machine = setup({
  types: { events: {} as PingMessage, emitted: {} as PingWish },
  actions: { bind: emit({ type: 'bind' }) },
}).createMachine({
  id: 'ping',
  initial: 'answering',
  states: {
    answering: { entry: 'bind', on: { stop: 'stopped' } },
    stopped: { type: 'final' },
  },
});

export const pingActor = defineActor({
  kind: 'ping',
  machine,
  messages: { stop: 'system' },
  needs: ['forwarder'],
  effects: ({ forwarder }, self) => ({
    bind: () => {
      bindService(forwarder, self, PING_SERVICE, {
        packet: (bytes, start) => {
          // Two ping services would answer each other for ever, and ours itself until the stack is full.
          if (sourceService(bytes, start) !== PING_SERVICE) {
            forwarder.sendComposed(composeAnswer(bytes, start));
          }
        },
      });
    },
  }),
});
