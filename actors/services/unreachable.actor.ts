/**
 * Receives notices that a packet of ours did not arrive, and tells the service that sent it (mesh-protocol 3.1).
 * One per node.
 */
import { emit, setup } from 'xstate';
import { payloadStart, sourceHi, sourceLo } from '../../protocol/netceptor/datagram.js';
import { decodeUnreachable, UNREACHABLE_SERVICE } from '../../protocol/netceptor/unreachable.js';
import { defineActor } from '../ports.js';
import { unreachableReceived } from '../topics.js';
import { bindService } from './bound-service.js';

export type UnreachableMessage = { readonly type: 'stop' };

type UnreachableWish = { readonly type: 'bind' };

const machine = setup({
  types: { events: {} as UnreachableMessage, emitted: {} as UnreachableWish },
  actions: { bind: emit({ type: 'bind' }) },
}).createMachine({
  id: 'unreachable',
  initial: 'listening',
  states: {
    listening: { entry: 'bind', on: { stop: 'stopped' } },
    stopped: { type: 'final' },
  },
});

export const unreachableActor = defineActor({
  kind: 'unreachable',
  machine,
  messages: { stop: 'system' },
  needs: ['forwarder', 'names'],
  effects: ({ forwarder, names }, self) => ({
    bind: () => {
      bindService(forwarder, self, UNREACHABLE_SERVICE, {
        packet: (bytes, start, end) => {
          const notice = decodeUnreachable(bytes.subarray(payloadStart(start), end));
          const from = names.nameOf(sourceHi(bytes, start), sourceLo(bytes, start));
          if (!notice.ok || from === undefined) {
            return;
          }
          self.publish(unreachableReceived, { from, notice: notice.value });
          if (notice.value.fromNode === forwarder.self) {
            forwarder.services.tellUnreachable(notice.value, from);
          }
        },
      });
    },
  }),
});
