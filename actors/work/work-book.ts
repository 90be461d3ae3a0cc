import { WORK_REFUSAL } from '../../protocol/control/work-reply.js';
import { parseUnitId, RANDOM_NAME_BYTES, type UnitId, unitIdFor } from '../../protocol/names.js';
import { UNKNOWN_WORK_TYPE } from '../../protocol/work/extra-data.js';
import { isFinal } from '../../protocol/work/state.js';
import { decodeStatusFile, STATUS_FILE_BYTES_MAX, type UnitStatus } from '../../protocol/work/status.js';
import type { Address } from '../../runtime/address.js';
import { describe } from '../../runtime/errors.js';
import { FileError } from '../../runtime/file-port.js';
import type { ChildEnded, Self } from '../../runtime/self.js';
import type { WorkOutcome } from '../control/work-desk.js';
import type { MeshPorts } from '../ports.js';
import { unitStorageFailed } from '../topics.js';
import { failed } from './exit-text.js';
import type { NewUnit } from './submit-rules.js';
import { unitActor } from './unit.actor.js';
import { DETAIL } from './unit-details.js';
import type { Beginning, UnitPlan } from './unit-vocabulary.js';
import type { ManagerMessage, UnitPlace } from './work-vocabulary.js';

export type WorkBookPorts = Pick<MeshPorts, 'node' | 'random' | 'files' | 'workKit'>;

/** Units of one node. Each has a folder, and a restart reads them all. */
const UNITS_MAX = 100_000;
/** Units that are at work: each has actors and a process, or a session with another node. */
const LIVING_MAX = 20_000;
/** Units that are being received: each has a file open and a client at the other end. */
const RECEIVING_MAX = 1_000;
/** Folders that are read at the same time, at the start. */
const READ_AT_ONCE = 16;
/** How often a unit whose actor fails is raised again. */
const FAILURES_MAX = 3;

/** The manager's knowledge of its units: which have an actor, and which need one. */
export class WorkBook {
  readonly #ports: WorkBookPorts;
  readonly #self: Self<ManagerMessage>;
  readonly #actors = new Map<UnitId, Address>();
  readonly #units = new Map<Address, UnitId>();
  readonly #failures = new Map<UnitId, number>();

  constructor(ports: WorkBookPorts, self: Self<ManagerMessage>) {
    this.#ports = ports;
    this.#self = self;
  }

  /** Reads every folder that is there; what can still change is raised. Rejects when the folder cannot be used. */
  async recover(): Promise<void> {
    const { files, workKit } = this.#ports;
    if (workKit.types.size > 0) {
      await files.makeFolder(workKit.unitsFolder);
    }
    const names = await files.folders(workKit.unitsFolder);
    const unitIds = names.map(parseUnitId).flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
    const readNext = async (): Promise<void> => {
      for (let unitId = unitIds.pop(); unitId !== undefined && this.#self.isAlive; unitId = unitIds.pop()) {
        await this.find(unitId);
      }
    };
    await Promise.all(Array.from({ length: READ_AT_ONCE }, readNext));
  }

  /** Looks for a unit that is not known; true when it is known now. Never rejects. */
  async find(unitId: UnitId): Promise<boolean> {
    const { board } = this.#ports.workKit;
    try {
      const status = board.get(unitId) ?? (await this.#read(unitId));
      if (status === undefined || !this.#self.isAlive) {
        return false;
      }
      // One that has an actor is being made at this moment, and is known when its actor says so.
      if (board.get(unitId) === undefined && !this.#actors.has(unitId)) {
        await this.#takeUp(unitId, status);
      }
      return board.get(unitId) !== undefined;
    } catch (error) {
      this.#self.publish(unitStorageFailed, { unitId, text: describe(error) });
      return false;
    }
  }

  /** Raises a new unit, under the id that was asked for or one of our own. */
  create({ plan, status }: NewUnit, wanted: UnitId | undefined): WorkOutcome<UnitPlace> {
    const { workKit, node, random } = this.#ports;
    if (workKit.board.size >= UNITS_MAX || this.#actors.size >= LIVING_MAX || workKit.intakes.size >= RECEIVING_MAX) {
      return { ok: false, refusal: 'this node has too many work units now; try again later' };
    }
    const unitId = wanted ?? unitIdFor(node.id, random.fill(new Uint8Array(RANDOM_NAME_BYTES)));
    if (workKit.board.get(unitId) !== undefined || this.#actors.has(unitId)) {
      return { ok: false, refusal: WORK_REFUSAL.unitIdInUse(unitId) };
    }
    return { ok: true, value: { unitId, address: this.#raise(unitId, plan, 'new', status) } };
  }

  /** Where the unit lives; it is raised if it has no actor now. Undefined for a unit that is not known. */
  addressOf(unitId: UnitId): Address | undefined {
    const address = this.#actors.get(unitId);
    const status = this.#ports.workKit.board.get(unitId);
    if (address !== undefined || status === undefined) {
      return address;
    }
    return this.#raise(unitId, this.#planFor(status), 'found', status);
  }

  /** A unit's actor is over. One that failed is raised again and finds what it had begun. */
  ended({ child, outcome }: ChildEnded): void {
    const unitId = this.#units.get(child);
    if (unitId === undefined) {
      return;
    }
    this.#units.delete(child);
    this.#actors.delete(unitId);
    if (outcome.type === 'failed') {
      this.#raiseAgain(unitId, outcome.text);
    } else {
      this.#failures.delete(unitId);
    }
  }

  #raiseAgain(unitId: UnitId, text: string): void {
    const { board } = this.#ports.workKit;
    const status = board.get(unitId);
    const failures = (this.#failures.get(unitId) ?? 0) + 1;
    this.#failures.set(unitId, failures);
    if (status === undefined || isFinal(status.state)) {
      return;
    }
    if (failures > FAILURES_MAX) {
      board.put(unitId, { ...status, ...failed(DETAIL.workerFailed(text)) });
      return;
    }
    this.#raise(unitId, this.#planFor(status), 'found', status);
  }

  #raise(unitId: UnitId, plan: UnitPlan, beginning: Beginning, status: UnitStatus): Address {
    const address = this.#self.raise(unitActor, unitId, { unitId, plan, beginning, status });
    this.#actors.set(unitId, address);
    this.#units.set(address, unitId);
    return address;
  }

  /** A unit whose folder was found. */
  async #takeUp(unitId: UnitId, status: UnitStatus): Promise<void> {
    const { board } = this.#ports.workKit;
    const plan = this.#planFor(status);
    if (plan.type === 'unknown') {
      board.put(unitId, { ...status, extraData: UNKNOWN_WORK_TYPE });
      return;
    }
    const canChange = await this.#canChange(unitId, status);
    if (board.get(unitId) === undefined && !this.#actors.has(unitId) && this.#self.isAlive) {
      board.put(unitId, status);
      if (canChange) {
        this.#raise(unitId, plan, 'found', status);
      }
    }
  }

  /** A finished unit of another node may still lack output, or wait for its release. */
  async #canChange(unitId: UnitId, { state, extraData, stdoutSize }: UnitStatus): Promise<boolean> {
    if (!isFinal(state) || extraData.type !== 'remote' || !extraData.remoteStarted) {
      return !isFinal(state);
    }
    const { files, workKit } = this.#ports;
    const storedSize = stdoutSize === 0 ? 0 : await files.sizeOf(workKit.pathsOf(unitId).stdout);
    return extraData.localReleased || (storedSize ?? 0) < stdoutSize;
  }

  #planFor({ workType, extraData }: UnitStatus): UnitPlan {
    if (extraData.type === 'remote') {
      return { type: 'far' };
    }
    if (!this.#ports.workKit.types.has(workType)) {
      return { type: 'unknown' };
    }
    // Only its parameters are shown; a command that was begun is never begun again.
    const params = extraData.type === 'command' ? extraData.params : '';
    return { type: 'command', job: { command: '', params } };
  }

  /** Undefined for a folder without a status: it was being made when the node died. */
  async #read(unitId: UnitId): Promise<UnitStatus | undefined> {
    const { files, workKit } = this.#ports;
    try {
      const bytes = await files.read(workKit.pathsOf(unitId).status, STATUS_FILE_BYTES_MAX);
      const status = decodeStatusFile(bytes);
      if (!status.ok) {
        throw new FileError('failed', workKit.pathsOf(unitId).status, `unreadable status: ${status.fault.detail}`);
      }
      return status.value;
    } catch (error) {
      if (error instanceof FileError && error.code === 'not-found') {
        return undefined;
      }
      throw error;
    }
  }
}
