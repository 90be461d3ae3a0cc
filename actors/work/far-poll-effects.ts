import type { UnitId } from '../../protocol/names.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { Address } from '../../runtime/address.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import { describe } from '../../runtime/errors.js';
import type { Self } from '../../runtime/self.js';
import { MeshError } from '../errors.js';
import type { MeshPorts } from '../ports.js';
import { attemptOf } from './far-attempt.js';
import { farFetchActor } from './far-fetch.actor.js';
import { isAllHere } from './far-watch-rules.js';
import type { FarFetchMessage, FarPollMessage, FarPollWish } from './far-watch-vocabulary.js';

export type FarPollPorts = Pick<MeshPorts, 'streams' | 'clock' | 'workKit'>;

/** What a poller does for its machine. */
export function farPollEffects(ports: FarPollPorts, self: Self<FarPollMessage>): EffectTable<FarPollWish> {
  const { workKit } = ports;
  const { effects } = attemptOf(ports, self, {
    reply: (reply) => {
      if (reply.type === 'reply.status') {
        self.answer(reply);
      }
    },
  });
  let fetch: Address | undefined;
  let known: UnitStatus | undefined;
  const storedSize = (unitId: UnitId): number => workKit.outputs.get(unitId)?.storedSize ?? 0;
  let watched: UnitId | undefined;
  const open = (unitId: UnitId): void => self.attempt(openOutput(ports, unitId), weighed, unreadable);
  return {
    ...effects,
    'open-output': ({ unitId }) => {
      watched = unitId;
      open(unitId);
      // The last bytes have come: no need to wait for the next question.
      const stop = workKit.board.hear(unitId, () => {
        const size = storedSize(unitId);
        if (known !== undefined && isAllHere(known, size)) {
          self.answer(weighed(size));
        }
      });
      self.own('unit news', stop);
    },
    'settle-output': ({ unitId }) => open(unitId),
    'raise-fetch': ({ type: _, ...input }) => {
      fetch = self.raise(farFetchActor, 'fetch', input);
    },
    'order-fetch': () => {
      const wanted: FarFetchMessage = { type: 'fetch.wanted' };
      if (fetch !== undefined) {
        self.send(fetch, wanted);
      }
    },
    'weigh-output': ({ status }) => {
      known = status;
      if (watched !== undefined) {
        self.answer(weighed(storedSize(watched)));
      }
    },
    'forget-dialect': ({ node }) => workKit.farNodes.forget(node),
  };
}

function weighed(storedSize: number): FarPollMessage {
  return { type: 'output.weighed', storedSize };
}

function unreadable(error: unknown): FarPollMessage {
  return { type: 'output.unreadable', text: describe(error) };
}

async function openOutput({ workKit }: FarPollPorts, unitId: UnitId): Promise<number> {
  const store = workKit.outputs.get(unitId);
  if (store === undefined) {
    throw new MeshError('unit-gone', 'nobody watches the unit any more');
  }
  return store.open();
}
