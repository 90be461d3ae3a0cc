import type { UnitId } from '../../protocol/names.js';
import { type Address, parentOf } from '../../runtime/address.js';
import type { Timer } from '../../runtime/clock.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import type { Self } from '../../runtime/self.js';
import { NODE } from '../addresses.js';
import type { MeshPorts } from '../ports.js';
import { farTaskActor } from './far-task.actor.js';
import type { FarTask, FarTaskMessage } from './far-task-vocabulary.js';
import type { FarUnitMessage, FarUnitWish } from './far-unit-vocabulary.js';
import { OutputStore } from './output-store.js';
import type { UnitMessage } from './unit-vocabulary.js';

export type FarUnitPorts = Pick<MeshPorts, 'workKit' | 'files' | 'clock'>;

/** What work on another node does for its machine. */
export function farUnitEffects(ports: FarUnitPorts, self: Self<FarUnitMessage>): EffectTable<FarUnitWish> {
  const { clock } = ports;
  const tasks = new Map<FarTask, Address>();
  let raised = 0;
  const tellUnit = (message: UnitMessage): void => {
    self.send(parentOf(self.address) ?? NODE, message);
  };
  return {
    'raise-task': ({ type: _, ...input }) => {
      if (input.task === 'watch') {
        openStore(ports, self, input.unitId);
      }
      raised += 1;
      tasks.set(input.task, self.raise(farTaskActor, `${input.task}-${raised}`, input));
    },
    'lower-task': ({ task }) => {
      const address = tasks.get(task);
      if (address !== undefined) {
        tasks.delete(task);
        self.lower(address);
      }
    },
    'hurry-task': ({ task }) => {
      const address = tasks.get(task);
      const hurry: FarTaskMessage = { type: 'task.hurry' };
      if (address !== undefined) {
        self.send(address, hurry);
      }
    },
    'await-expiry': ({ expiresAtMs }) => {
      const timer: Timer = clock.setTimer(expiresAtMs - clock.wallMs(), () => self.answer({ type: 'expiry.came' }));
      self.own('expiry', () => timer.cancel());
    },
    'tell-started': ({ outcome }) => tellUnit({ type: 'work.started', outcome }),
    'tell-changed': ({ status, weight }) => tellUnit({ type: 'work.changed', status, weight }),
    'tell-ordered': ({ orders, news }) => tellUnit({ type: 'work.ordered', orders, news }),
  };
}

/** Puts the unit's output where the attempts at the watch find it, for as long as this life lasts. */
function openStore({ workKit, files }: FarUnitPorts, self: Self<FarUnitMessage>, unitId: UnitId): void {
  if (workKit.outputs.has(unitId)) {
    return;
  }
  const store = new OutputStore(files, workKit.pathsOf(unitId).stdout, (size) => workKit.board.stored(unitId, size));
  workKit.outputs.set(unitId, store);
  self.own('output', (done) => {
    workKit.outputs.delete(unitId);
    store.close().then(done, done);
  });
}
