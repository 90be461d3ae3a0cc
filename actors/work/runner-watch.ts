import type { Clock } from '../../runtime/clock.js';
import { FileError, type FilePort, type FolderWatch } from '../../runtime/file-port.js';
import {
  type ProcessGroup,
  type ProcessIdentity,
  type ProcessPort,
  type ProcessSignal,
  RECORD_BYTES_MAX,
  readExitRecord,
  readIdentityRecord,
} from '../../runtime/process-port.js';
import { PacedTask } from './paced-task.js';
import type { UnitPaths } from './unit-paths.js';

/** Looks are at least so far apart: a command may write thousands of lines a second. */
const LOOK_GAP_MS = 10;
/** A runner that is not our child is asked for a sign of life so often; its end usually shows at once, in its record. */
const LIVENESS_MS = 2_000;
/** A runner that has made its record and not yet filled it is starting at this very moment. */
const FRESH_RECORD_MS = 200;

/** What stands in the runner's record when no runner may start any more. */
const NO_RUNNER = new TextEncoder().encode('-\n');

export interface RunnerEvents {
  /** Bytes of output so far. */
  output(size: number): void;
  commandStarted(pid: number): void;
  /** The last event; `code` is undefined when the runner is gone without a word. */
  ended(code: number | undefined): void;
  /** The files cannot be read; nothing more will be seen. */
  failed(thrown: unknown): void;
}

export interface RunnerPorts {
  readonly files: FilePort;
  readonly processes: ProcessPort;
  readonly clock: Clock;
}

/** Follows one runner by the files of its unit, woken by their changes. Knows who runs, and signals them. */
export class RunnerWatch {
  readonly #ports: RunnerPorts;
  readonly #paths: UnitPaths;
  readonly #events: RunnerEvents;
  readonly #looking: PacedTask;
  #watch: FolderWatch | undefined;
  #runner: ProcessIdentity | undefined;
  #child: ProcessIdentity | undefined;
  /** `found`: a runner of an earlier life of this node, which is not our child. */
  #kinship: 'own' | 'found' = 'own';
  /** Set once our own child, the runner, has ended. */
  #ownEnd: { readonly code: number | undefined } | undefined;
  #wantedSignal: ProcessSignal | undefined;
  #livenessDueMs = 0;

  constructor(ports: RunnerPorts, paths: UnitPaths, events: RunnerEvents) {
    this.#ports = ports;
    this.#paths = paths;
    this.#events = events;
    this.#looking = new PacedTask(ports.clock, LOOK_GAP_MS, () => this.#look(), events.failed);
  }

  /** From now on the files are watched. */
  open(): void {
    this.#watch = this.#ports.files.watch(this.#paths.folder, () => this.#looking.soon());
    this.#looking.soon();
  }

  close(): void {
    this.#looking.close();
    this.#watch?.close();
  }

  /** The runner of an earlier life of this node; `undefined` when there was none, and then none can start any more. */
  async find(): Promise<ProcessIdentity | undefined> {
    this.#kinship = 'found';
    if (await this.#preventRunner()) {
      return undefined;
    }
    await this.#readRunner();
    if (this.#runner === undefined) {
      await new Promise<void>((resolve) => {
        this.#ports.clock.setTimer(FRESH_RECORD_MS, resolve);
      });
      await this.#readRunner();
    }
    return this.#runner;
  }

  /** Our own child, the runner, has ended. */
  runnerEnded(code: number | undefined): void {
    this.#ownEnd = { code };
    this.#looking.now();
  }

  /** Looks now, and asks for a sign of life. */
  look(): void {
    this.#livenessDueMs = 0;
    this.#looking.now();
  }

  /** Signals the group, as soon as the command is there to hear it. SIGKILL waits for nobody. */
  signal(signal: ProcessSignal): void {
    this.#wantedSignal = signal;
    this.#looking.now();
  }

  async #look(): Promise<void> {
    const size = await this.#ports.files.sizeOf(this.#paths.stdout);
    this.#events.output(size ?? 0);
    await this.#readRunner();
    await this.#readChild();
    await this.#sendSignal();
    const end = await this.#findEnd();
    if (end !== undefined) {
      this.close();
      this.#events.ended(end.code);
    }
  }

  async #findEnd(): Promise<{ readonly code: number | undefined } | undefined> {
    if (this.#ownEnd !== undefined) {
      const recorded = await this.#readExit();
      // The record may be missing because the disk is full; the runner's own exit status says the same.
      return this.#gone(recorded ?? (this.#child === undefined ? undefined : this.#ownEnd.code));
    }
    if (this.#kinship === 'own') {
      return undefined;
    }
    const code = await this.#readExit();
    if (code !== undefined) {
      return { code };
    }
    if (this.#ports.clock.monotonicMs() < this.#livenessDueMs || (await this.#isRunnerAlive())) {
      return undefined;
    }
    // It may have left its record between the two looks.
    return this.#gone(await this.#readExit());
  }

  /** Without the runner nobody will know how the command ends, so it must not go on. */
  async #gone(code: number | undefined): Promise<{ readonly code: number | undefined }> {
    if (code === undefined && this.#runner !== undefined) {
      await this.#ports.processes.signal(this.#groupOf(this.#runner), 'SIGKILL');
    }
    return { code };
  }

  async #isRunnerAlive(): Promise<boolean> {
    this.#livenessDueMs = this.#ports.clock.monotonicMs() + LIVENESS_MS;
    return this.#runner !== undefined && (await this.#ports.processes.isAlive(this.#runner));
  }

  async #sendSignal(): Promise<void> {
    const signal = this.#wantedSignal;
    const isHeard = this.#child !== undefined || signal === 'SIGKILL';
    if (signal !== undefined && this.#runner !== undefined && isHeard) {
      this.#wantedSignal = undefined;
      await this.#ports.processes.signal(this.#groupOf(this.#runner), signal);
    }
  }

  #groupOf(leader: ProcessIdentity): ProcessGroup {
    return { leader, members: this.#child === undefined ? [] : [this.#child] };
  }

  /** True when it was not too late. */
  async #preventRunner(): Promise<boolean> {
    try {
      await this.#ports.files.create(this.#paths.runner, NO_RUNNER);
      return true;
    } catch (error) {
      if (error instanceof FileError && error.code === 'exists') {
        return false;
      }
      throw error;
    }
  }

  async #readRunner(): Promise<void> {
    this.#runner ??= readIdentityRecord(await this.#read(this.#paths.runner));
  }

  async #readChild(): Promise<void> {
    if (this.#child === undefined) {
      this.#child = readIdentityRecord(await this.#read(this.#paths.child));
      if (this.#child !== undefined) {
        this.#events.commandStarted(this.#child.pid);
      }
    }
  }

  async #readExit(): Promise<number | undefined> {
    return readExitRecord(await this.#read(this.#paths.exit));
  }

  /** The text of a record; empty for one that is not there. */
  async #read(path: string): Promise<string> {
    try {
      return new TextDecoder().decode(await this.#ports.files.read(path, RECORD_BYTES_MAX));
    } catch (error) {
      if (error instanceof FileError && (error.code === 'not-found' || error.code === 'too-large')) {
        return '';
      }
      throw error;
    }
  }
}
