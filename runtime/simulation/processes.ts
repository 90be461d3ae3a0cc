import type { Clock } from '../clock.js';
import {
  type CommandCheck,
  type DetachedHandler,
  type DetachedPlan,
  identityRecord,
  type ProcessGroup,
  type ProcessIdentity,
  type ProcessPort,
  type ProcessSignal,
} from '../process-port.js';
import type { SimulatedDisk } from './disk.js';
import { type CommandScript, SimulatedJob } from './job.js';
import type { Station } from './station.js';

/** What a fork and the start of a shell take. */
const START_MS = 1;

/** The exit status of a runner whose record was there already. */
const SECOND_RUNNER = 125;

const FIRST_PID = 1_000;

/** What was run on a host, for the question whether it ran once, and on what. */
export interface RunRecord {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly inputBytes: number;
}

/**
 * The processes of a pretended computer. They outlive the program that started them and end with the machine. What a
 * command does is told by a script; scripts run on virtual time.
 */
export class SimulatedProcesses {
  /** By name: what is found on the search path. */
  readonly commands = new Map<string, CommandScript>();
  readonly runs: RunRecord[] = [];
  readonly #clock: Clock;
  readonly #disk: SimulatedDisk;
  readonly #jobs = new Map<number, SimulatedJob>();
  #boots = 1;
  #lastPid = FIRST_PID;

  constructor(clock: Clock, disk: SimulatedDisk) {
    this.#clock = clock;
    this.#disk = disk;
  }

  /** Runners that live. */
  get living(): readonly ProcessIdentity[] {
    return Array.from(this.#jobs.values(), (job) => job.runner);
  }

  /** Everything that ran is gone, and left no word. */
  powerLost(): void {
    this.#boots += 1;
    for (const job of this.#jobs.values()) {
      job.vanish();
    }
    this.#jobs.clear();
  }

  /** Kills a runner alone, as an operator's `kill -9` would; its program lives on. */
  killRunner(pid: number): void {
    this.#jobs.get(pid)?.loseRunner();
  }

  portFor(station: Station): ProcessPort {
    // A program that has died asks for nothing any more, and its promises never settle.
    const perform = <T>(act: () => T): Promise<T> =>
      new Promise((resolve) => {
        station.deliver(() => resolve(act()));
      });
    return {
      check: (command) => perform(() => this.#check(command)),
      start: (plan, handler) => {
        if (station.isAlive) {
          this.#start(station, plan, handler);
        }
      },
      isAlive: (identity) => perform(() => this.#isAlive(identity)),
      hasLife: (group) => perform(() => this.#groupOf(group) !== undefined),
      signal: (group, signal) => perform(() => this.#signal(group, signal)),
    };
  }

  #check(command: string): CommandCheck {
    if (this.commands.has(command)) {
      return 'runnable';
    }
    return command.includes('/') ? 'missing' : 'not-in-path';
  }

  #start(station: Station, plan: DetachedPlan, handler: DetachedHandler): void {
    const runner = this.#newProcess();
    const told: DetachedHandler = {
      started: (pid) => station.deliver(() => handler.started(pid)),
      failed: (text) => station.deliver(() => handler.failed(text)),
      ended: (code) => station.deliver(() => handler.ended(code)),
    };
    this.#clock.setTimer(START_MS, () => this.#beginRunner(runner, plan, told));
  }

  #beginRunner(runner: ProcessIdentity, plan: DetachedPlan, handler: DetachedHandler): void {
    const { content } = this.#disk;
    handler.started(runner.pid);
    if (runner.boot !== this.#boot() || content.find(plan.records.runner) !== undefined) {
      handler.ended(SECOND_RUNNER);
      return;
    }
    content.create(plan.records.runner, textBytes(identityRecord(runner)));
    const job = new SimulatedJob({
      clock: this.#clock,
      disk: this.#disk,
      plan,
      runner,
      child: this.#newProcess(),
      runnerEnded: handler.ended,
      groupEnded: () => this.#jobs.delete(runner.pid),
    });
    this.#jobs.set(runner.pid, job);
    this.#clock.setTimer(START_MS, () => this.#beginChild(job, plan));
  }

  #beginChild(job: SimulatedJob, plan: DetachedPlan): void {
    const { command, args, environment, inputPath } = plan;
    const inputBytes = this.#disk.content.find(inputPath)?.size ?? 0;
    if (job.begin(this.commands.get(command))) {
      this.runs.push({ command, args, environment, inputBytes });
    }
  }

  #isAlive(identity: ProcessIdentity): boolean {
    return Array.from(this.#jobs.values()).some((job) => job.isAlive(identity));
  }

  #groupOf({ leader, members }: ProcessGroup): SimulatedJob | undefined {
    const job = this.#jobs.get(leader.pid);
    return [leader, ...members].some((identity) => job?.isAlive(identity)) ? job : undefined;
  }

  #signal(group: ProcessGroup, signal: ProcessSignal): boolean {
    const job = this.#groupOf(group);
    job?.signal(signal);
    return job !== undefined;
  }

  #newProcess(): ProcessIdentity {
    this.#lastPid += 1;
    return { pid: this.#lastPid, boot: this.#boot(), birth: `${Math.floor(this.#clock.monotonicMs() * 100)}` };
  }

  #boot(): string {
    return `boot-${this.#boots}`;
  }
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
