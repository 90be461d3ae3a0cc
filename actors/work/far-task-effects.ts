import { parentOf } from '../../runtime/address.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import type { Owned } from '../../runtime/scope.js';
import type { Self } from '../../runtime/self.js';
import { NODE } from '../addresses.js';
import type { MeshPorts } from '../ports.js';
import { routesChanged, unitFarLost } from '../topics.js';
import { farFollowActor } from './far-follow.actor.js';
import { farOrderActor } from './far-order.actor.js';
import { farPollActor } from './far-poll.actor.js';
import { farStartActor } from './far-start.actor.js';
import type { FarTaskInput, FarTaskMessage, FarTaskWish } from './far-task-vocabulary.js';
import type { FarUnitMessage } from './far-unit-vocabulary.js';

export type FarTaskPorts = Pick<MeshPorts, 'names' | 'forwarder' | 'workKit'>;

/** What a task does for its machine. */
export function farTaskEffects(ports: FarTaskPorts, self: Self<FarTaskMessage>): EffectTable<FarTaskWish> {
  const { names, forwarder } = ports;
  const unit = parentOf(self.address) ?? NODE;
  let attempts = 0;
  let route: Owned | undefined;
  return {
    'raise-attempt': ({ type: _, ...input }) => {
      attempts += 1;
      raiseAttempt(ports, self, `attempt-${attempts}`, input);
    },
    'tell-lost': ({ task, unitId, node, text }) => {
      self.publish(unitFarLost, { unitId, node, task, text });
      const lost: FarUnitMessage = { type: 'task.lost', task, text };
      self.send(unit, lost);
    },
    // Where there is a way already, its appearance is no news: then only time helps.
    'await-route': ({ node }) => {
      if (forwarder.laneTo(names.hashOf(node)) === undefined) {
        route = self.hear(routesChanged, ({ routes }) => (routes.has(node) ? { type: 'route.found' } : undefined));
      }
    },
    'forget-route': () => {
      route?.close();
      route = undefined;
    },
  };
}

function raiseAttempt({ workKit }: FarTaskPorts, self: Self<FarTaskMessage>, name: string, input: FarTaskInput): void {
  const { task } = input;
  switch (task) {
    case 'start':
      self.raise(farStartActor, name, input);
      break;
    case 'watch':
      self.raise(workKit.farNodes.dialectOf(input.node) === 'follow' ? farFollowActor : farPollActor, name, input);
      break;
    case 'cancel':
    case 'release':
      self.raise(farOrderActor, name, { ...input, order: task });
      break;
    default:
      task satisfies never;
  }
}
