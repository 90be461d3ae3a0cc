import type { Clock } from '../clock.js';
import { type DetachedPlan, identityRecord, type ProcessIdentity, type ProcessSignal } from '../process-port.js';
import type { SimulatedDisk } from './disk.js';
import type { FileContent } from './disk-content.js';

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGKILL: 9 } as const;
/** As a shell counts: the status of who was ended by a signal. */
const SIGNALLED = 128;
/** The status of a shell that does not find the program, or the input. */
const NOT_FOUND = 127;
const NO_INPUT = 2;

/** A program as its script sees it. */
export interface ScriptedProcess {
  readonly pid: number;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** All of the standard input. */
  readonly input: Uint8Array;
  /** Appends to the output. */
  write(output: string | Uint8Array): void;
  /** Ends the program. What the script still does has no effect. */
  exit(code: number): void;
  /** Runs `task` later, if the program lives then. */
  after(delayMs: number, task: () => void): void;
  /** Called instead of dying of SIGINT and SIGTERM. */
  onSignal(heard: (signal: ProcessSignal) => void): void;
}

/** What a command does. */
export type CommandScript = (process: ScriptedProcess) => void;

export interface JobOptions {
  readonly clock: Clock;
  readonly disk: SimulatedDisk;
  readonly plan: DetachedPlan;
  readonly runner: ProcessIdentity;
  readonly child: ProcessIdentity;
  /** The runner is gone; `code` is undefined when it was killed. */
  readonly runnerEnded: (code: number | undefined) => void;
  /** Nobody of the group is left. */
  readonly groupEnded: () => void;
}

/** A runner and its program: one process group. */
export class SimulatedJob {
  readonly runner: ProcessIdentity;
  readonly #options: JobOptions;
  #runnerState: 'living' | 'killed' = 'living';
  #childState: 'unborn' | 'living' | 'ended' = 'unborn';
  #output: FileContent | undefined;
  #onSignal: ((signal: ProcessSignal) => void) | undefined;

  constructor(options: JobOptions) {
    this.#options = options;
    this.runner = options.runner;
  }

  /** False when it was ended before its program began. */
  begin(script: CommandScript | undefined): boolean {
    const { disk, plan, child } = this.#options;
    const input = disk.content.find(plan.inputPath);
    if (this.#childState !== 'unborn' || input === undefined) {
      this.#exit(NO_INPUT);
      return false;
    }
    this.#childState = 'living';
    this.#output = disk.content.opened(plan.outputPath);
    disk.content.append(plan.records.child, disk.content.opened(plan.records.child), bytesOf(identityRecord(child)));
    const process = this.#faceOf(input.bytes().slice());
    if (script === undefined) {
      process.exit(NOT_FOUND);
    } else {
      script(process);
    }
    return true;
  }

  isAlive({ pid, boot, birth }: ProcessIdentity): boolean {
    const { runner, child } = this.#options;
    const isRunner = this.#runnerState === 'living' && runner.pid === pid && runner.birth === birth;
    const isChild = this.#childState === 'living' && child.pid === pid && child.birth === birth;
    return runner.boot === boot && (isRunner || isChild);
  }

  signal(signal: ProcessSignal): void {
    if (signal === 'SIGKILL') {
      this.vanish();
      this.#options.runnerEnded(undefined);
      this.#options.groupEnded();
    } else if (this.#onSignal !== undefined && this.#childState === 'living') {
      this.#onSignal(signal);
    } else {
      this.#exit(SIGNALLED + SIGNAL_NUMBERS[signal]);
    }
  }

  /** The runner dies alone. */
  loseRunner(): void {
    this.#runnerState = 'killed';
    this.#options.runnerEnded(undefined);
    if (this.#childState === 'ended') {
      this.#options.groupEnded();
    }
  }

  /** Both die without a word. */
  vanish(): void {
    this.#runnerState = 'killed';
    this.#childState = 'ended';
  }

  #faceOf(input: Uint8Array): ScriptedProcess {
    const { disk, plan, child, clock } = this.#options;
    return {
      pid: child.pid,
      args: plan.args,
      environment: plan.environment,
      input,
      write: (output) => {
        const bytes = typeof output === 'string' ? bytesOf(output) : output;
        if (this.#childState === 'living' && this.#output !== undefined && bytes.length > 0) {
          disk.content.append(plan.outputPath, this.#output, bytes);
        }
      },
      exit: (code) => this.#exit(code),
      after: (delayMs, task) => {
        clock.setTimer(delayMs, () => {
          if (this.#childState === 'living') {
            task();
          }
        });
      },
      onSignal: (heard) => {
        this.#onSignal = heard;
      },
    };
  }

  #exit(code: number): void {
    if (this.#childState === 'ended') {
      return;
    }
    this.#childState = 'ended';
    if (this.#runnerState === 'living') {
      this.#leaveExitRecord(code);
      this.#options.runnerEnded(code);
    }
    this.#options.groupEnded();
  }

  /** The folder may have been removed meanwhile: then nobody wants to know. */
  #leaveExitRecord(code: number): void {
    const { disk, plan } = this.#options;
    if (disk.content.find(plan.records.runner) !== undefined) {
      disk.content.replace(plan.records.exit, bytesOf(`${code}\n`));
    }
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
