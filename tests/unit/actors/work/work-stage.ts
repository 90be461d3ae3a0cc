import { WORK } from '../../../../actors/addresses.js';
import { managerActor } from '../../../../actors/work/manager.actor.js';
import { NodeWork } from '../../../../actors/work/node-work.js';
import type { ManagerMessage } from '../../../../actors/work/work-vocabulary.js';
import type { UnitId } from '../../../../protocol/names.js';
import type { UnitStatus } from '../../../../protocol/work/status.js';
import { type Address, childAddress } from '../../../../runtime/address.js';
import type { Message, ReplyTo } from '../../../../runtime/message.js';
import type { ScriptedProcess } from '../../../../runtime/simulation/job.js';
import type { ManualHost } from '../../../support/manual-host.js';
import { ActorStage } from '../actor-stage.js';
import { HERE } from '../node-parts.js';
import { pass, UNIT, WorkParts } from './work-parts.js';

const ASK_WITHIN_MS = 5_000;

/** A stage with a pretended disk and pretended processes, for the work of one node. */
export class WorkStage extends ActorStage {
  readonly work: WorkParts;
  /** The programs that run, by the order of their start: the test is what they do. */
  readonly programs: ScriptedProcess[] = [];

  /** The ports of a stage, for a test that changes one of them. */
  static partsOver(host: ManualHost): WorkParts {
    return new WorkParts(host);
  }

  constructor(partsOver: (host: ManualHost) => WorkParts = WorkStage.partsOver) {
    const made: WorkParts[] = [];
    super((host) => {
      const parts = partsOver(host);
      made.push(parts);
      return parts;
    });
    const [work] = made;
    if (work === undefined) {
      throw new Error('the stage has no ports');
    }
    this.work = work;
    work.commands.commands.set('sleep', (process) => void this.programs.push(process));
  }

  /** Raises the manager where a node has it, and lets it read what is there. */
  async manage(): Promise<void> {
    this.raise(managerActor, undefined);
    await this.pass();
  }

  /** The face that clients of the node see. */
  desk(): NodeWork {
    return new NodeWork({
      kit: this.work.workKit,
      files: this.work.files,
      clock: this.host.clock,
      self: HERE,
      ask: (to, message, withinMs) => this.system.ask(to, message, withinMs),
      send: (to, message) => this.system.send(to, message),
    });
  }

  /** Asks an actor, as a client would, and lets time pass until it has answered. */
  ask<T>(to: Address, message: (replyTo: ReplyTo) => Message): Promise<T> {
    return this.wait(this.system.ask<T>(to, message, ASK_WITHIN_MS));
  }

  /** The same for the manager. */
  askManager<T>(message: (replyTo: ReplyTo) => ManagerMessage): Promise<T> {
    return this.ask<T>(WORK, message);
  }

  /** Lets time pass, promises included. */
  pass(ms?: number): Promise<void> {
    return pass(this.host, ms);
  }

  /** Lets time pass until a promise has settled. */
  async wait<T>(promise: Promise<T>, withinMs = 2 * ASK_WITHIN_MS): Promise<T> {
    let state: 'waiting' | 'settled' = 'waiting';
    const settled = (): void => {
      state = 'settled';
    };
    promise.then(settled, settled);
    const limitMs = this.host.clock.monotonicMs() + withinMs;
    await this.host.settle();
    while (state === 'waiting' && this.host.clock.monotonicMs() < limitMs) {
      this.host.advance(1);
      await this.host.settle();
    }
    if (state === 'waiting') {
      throw new Error(`nothing came of it within ${withinMs} ms`);
    }
    return promise;
  }

  status(unitId: UnitId = UNIT): UnitStatus | undefined {
    return this.work.workKit.board.get(unitId);
  }

  /** `state detail size` of a unit, as clients see it. */
  shown(unitId: UnitId = UNIT): string {
    const status = this.status(unitId);
    return status === undefined ? 'unknown' : `${status.state} ${status.detail} ${status.stdoutSize}`;
  }
}

export const UNIT_ADDRESS: Address = childAddress(WORK, UNIT);
