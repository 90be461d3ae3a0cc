import { WORK_REFUSAL } from '../../protocol/control/work-reply.js';
import type { UnitId } from '../../protocol/names.js';
import { isFinal } from '../../protocol/work/state.js';
import { encodeStatusFile, type UnitStatus } from '../../protocol/work/status.js';
import type { Address } from '../../runtime/address.js';
import type { EffectTable } from '../../runtime/define-actor.js';
import { describe } from '../../runtime/errors.js';
import { type AppendFile, FileError, type FilePort } from '../../runtime/file-port.js';
import type { Owned } from '../../runtime/scope.js';
import type { Self } from '../../runtime/self.js';
import { MeshError } from '../errors.js';
import { unitChanged, unitReleased, unitStorageFailed } from '../topics.js';
import { commandActor } from './command.actor.js';
import { farUnitActor } from './far-unit.actor.js';
import { StatusKeeper } from './status-keeper.js';
import { DETAIL } from './unit-details.js';
import { UnitIntake } from './unit-intake.js';
import type { UnitMessage, UnitWish, WorkerOrder } from './unit-vocabulary.js';
import type { WorkKit } from './work-kit.js';

export interface UnitPorts {
  readonly workKit: WorkKit;
  readonly files: FilePort;
}

export function unitEffects(ports: UnitPorts, self: Self<UnitMessage>): EffectTable<UnitWish> {
  const { workKit } = ports;
  let worker: Address | undefined;
  return {
    ...folderEffects(ports, self),
    'raise-worker': ({ plan, ...input }) => {
      switch (plan.type) {
        case 'command':
          worker = self.raise(commandActor, 'command', { ...input, job: plan.job });
          break;
        case 'far':
          worker = self.raise(farUnitActor, 'far', input);
          break;
        case 'unknown':
          throw new MeshError('invalid-configuration', 'a unit of an unknown work type has no worker');
        default:
          plan satisfies never;
      }
    },
    'order-worker': ({ order, manner }) => {
      const told: WorkerOrder = order === 'cancel' ? { type: 'worker.cancel' } : { type: 'worker.release', manner };
      if (worker !== undefined) {
        self.send(worker, told);
      }
    },
    'forget-unit': ({ unitId }) => {
      workKit.board.drop(unitId);
      self.publish(unitReleased, { unitId });
    },
  };
}

type FolderWish = 'make-folder' | 'close-intake' | 'show-status' | 'settle-status' | 'promise' | 'remove-folder';

/** What a unit does with its files. */
function folderEffects(ports: UnitPorts, self: Self<UnitMessage>): Pick<EffectTable<UnitWish>, FolderWish> {
  const { workKit, files } = ports;
  let intake: Owned | undefined;
  const show = shower(ports, self);
  const { store, stored } = statusStore(ports, self);
  /** What was promised, and waits for the disk. */
  let promised: Promise<unknown> = Promise.resolve();
  return {
    'make-folder': ({ unitId, status }) => {
      self.attempt(
        makeFolder(ports, unitId, status),
        (file) => {
          intake = ownIntake(ports, self, unitId, file);
          return { type: 'folder.made' };
        },
        (error) => ({ type: 'folder.failed', text: folderFault(unitId, error) }),
      );
    },
    'close-intake': () => intake?.close(),
    'show-status': ({ unitId, status, weight }) => {
      const shown = grown(ports, { unitId, status });
      show(shown);
      if (weight === 'lasting') {
        store(unitId, shown.status);
      }
    },
    'settle-status': ({ unitId, status }) => {
      show({ unitId, status });
      // A unit whose last word is written is over, and can keep no promise any more.
      const kept = keepOutput(ports, self, unitId).then(() => store(unitId, status));
      self.attempt(
        kept.finally(() => promised),
        settled,
        unsettled,
      );
    },
    promise: ({ to, value }) => {
      const kept = stored().then(() => self.reply(to, value));
      promised = Promise.allSettled([promised, kept]);
      kept.catch((thrown: unknown) => self.fail(thrown));
    },
    'remove-folder': ({ unitId }) => {
      const removing = stored().then(() => files.remove(workKit.pathsOf(unitId).folder));
      self.attempt(removing, removed, stuck);
    },
  };
}

interface StatusStore {
  store(unitId: UnitId, status: UnitStatus): Promise<void>;
  /** Settles when what was stored is on the disk. */
  stored(): Promise<void>;
}

function statusStore({ workKit, files }: UnitPorts, self: Self<UnitMessage>): StatusStore {
  let keeper: StatusKeeper | undefined;
  return {
    store: (unitId, status) => {
      keeper ??= new StatusKeeper(files, workKit.pathsOf(unitId).status);
      const writing = keeper.keep(status);
      writing.catch((error: unknown) => self.publish(unitStorageFailed, { unitId, text: describe(error) }));
      return writing;
    },
    stored: () => keeper?.idle() ?? Promise.resolve(),
  };
}

/**
 * The output is as lasting as the status that tells its size: after a power cut a unit that has succeeded would else
 * have no output, and who fetches it would wait for the rest for ever.
 */
function keepOutput({ workKit, files }: UnitPorts, self: Self<UnitMessage>, unitId: UnitId): Promise<void> {
  const synced = syncOutput(files, workKit.pathsOf(unitId).stdout);
  synced.catch((error: unknown) => self.publish(unitStorageFailed, { unitId, text: describe(error) }));
  return synced;
}

async function syncOutput(files: FilePort, path: string): Promise<void> {
  if ((await files.sizeOf(path)) === undefined) {
    return; // it never had one
  }
  const output = await files.openAppend(path);
  try {
    await output.sync();
  } finally {
    await output.close();
  }
}

interface Shown {
  readonly unitId: UnitId;
  readonly status: UnitStatus;
}

const settled = (): UnitMessage => ({ type: 'status.settled' });
const unsettled = (): UnitMessage => ({ type: 'status.unsettled' });
const removed = (): UnitMessage => ({ type: 'folder.removed' });
const stuck = (error: unknown): UnitMessage => ({ type: 'folder.stuck', text: describe(error) });

/** Output grows beside the machine: what the machine says later of the unit must not undo it. The last word knows best. */
function grown({ workKit }: UnitPorts, { unitId, status }: Shown): Shown {
  const seenSize = isFinal(status.state) ? 0 : (workKit.board.get(unitId)?.stdoutSize ?? 0);
  return { unitId, status: { ...status, stdoutSize: Math.max(seenSize, status.stdoutSize) } };
}

/** Puts a status on the board; the mesh of topics hears of it only where state or detail are other ones than before. */
function shower({ workKit }: UnitPorts, self: Self<UnitMessage>): (shown: Shown) => void {
  let told: UnitStatus | undefined;
  return ({ unitId, status }) => {
    const { workType, state, detail } = status;
    workKit.board.put(unitId, status);
    if (told?.state !== state || told.detail !== detail) {
      self.publish(unitChanged, { unitId, workType, state, detail });
    }
    told = status;
  };
}

/** Puts the open input where the desk finds it, for as long as the unit waits for it. */
function ownIntake({ workKit }: UnitPorts, self: Self<UnitMessage>, unitId: UnitId, file: AppendFile): Owned {
  const intake = new UnitIntake(file, (text) =>
    self.answer({ type: 'input.failed', reason: DETAIL.inputFailed(text) }),
  );
  workKit.intakes.set(unitId, intake);
  return self.own('input', (done) => {
    workKit.intakes.delete(unitId);
    // What was written is written; a file that cannot be closed is closed with the process.
    intake.close().then(done, done);
  });
}

function folderFault(unitId: UnitId, error: unknown): string {
  const isTaken = error instanceof FileError && error.code === 'exists';
  return isTaken ? WORK_REFUSAL.unitIdInUse(unitId) : describe(error);
}

/** The status is there before the client is told the unit's id: from then on the unit may be asked for. */
async function makeFolder({ workKit, files }: UnitPorts, unitId: UnitId, status: UnitStatus): Promise<AppendFile> {
  const paths = workKit.pathsOf(unitId);
  await files.makeFolder(workKit.unitsFolder);
  await files.makeNewFolder(paths.folder);
  try {
    await files.replace(paths.status, encodeStatusFile(status));
    return await files.openAppend(paths.stdin);
  } catch (error) {
    await files.remove(paths.folder);
    throw error;
  }
}
