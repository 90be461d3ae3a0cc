import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { systemClock } from '../../runtime/clock.js';

/** How long a node of the demo may take to start or to stop. */
const PATIENCE_MS = 15_000;

/** Lines that are shown when a node does not come up. */
const LAST_LINES = 10;

const BOUND = /Listening on TCP 127\.0\.0\.1:(\d+)/;
const READY = 'Initialization complete';

export interface DemoNodeOptions {
  /** The program that a user would start. */
  readonly program: string;
  readonly id: string;
  readonly words: readonly string[];
  /** Where it runs. */
  readonly folder: string;
}

/** One daemon of the demo: a real process, started with the same words that a user would type. */
export class DemoNode {
  readonly id: string;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<void>;
  readonly #ready: Promise<void>;
  #portNumber = 0;

  constructor({ program, id, words, folder }: DemoNodeOptions) {
    this.id = id;
    const child = spawn(process.execPath, [program, ...words], {
      cwd: folder,
      // In a group of its own: a Ctrl-C is for the demo, which stops its nodes in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.#ended = new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    this.#ready = new Promise((resolve) => {
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on('line', (line) => this.#read(line, resolve));
      }
    });
  }

  /** The port that it listens on; 0 where it does not listen. */
  get portNumber(): number {
    return this.#portNumber;
  }

  /** Settles when the node says that it is ready; rejects with its last lines when it ends before, or takes too long. */
  async ready(): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<string>((resolve) => {
      const timer = systemClock.setTimer(PATIENCE_MS, () => resolve('does not become ready'));
      cancel = () => timer.cancel();
    });
    const fault = await Promise.race([this.#ready, late, this.#ended.then(() => 'ended')]);
    cancel();
    if (fault !== undefined) {
      throw new Error([`${this.id} ${fault}:`, ...this.#lines].join('\n'));
    }
  }

  /** Asks it to stop and waits; one that does not is killed. */
  async stop(): Promise<void> {
    const timer = systemClock.setTimer(PATIENCE_MS, () => this.kill());
    this.#process.kill('SIGTERM');
    await this.#ended;
    timer.cancel();
  }

  /** Ends it at once. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #read(line: string, ready: () => void): void {
    this.#lines.push(line);
    this.#lines.splice(0, Math.max(0, this.#lines.length - LAST_LINES));
    this.#portNumber = Number(BOUND.exec(line)?.[1] ?? this.#portNumber);
    if (line.includes(READY)) {
      ready();
    }
  }
}
