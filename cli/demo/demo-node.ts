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

/** One daemon of the demo: a real process, started with the same words that a user would type. */
export class DemoNode {
  readonly id: string;
  readonly words: readonly string[];
  /** The port that it listens on; 0 where it does not listen. */
  portNumber = 0;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<void>;

  constructor(program: string, id: string, words: readonly string[]) {
    this.id = id;
    this.words = words;
    this.#process = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#ended = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    });
  }

  /** Settles when the node says that it is ready; rejects with its last lines when it ends before, or takes too long. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`${this.id} ${what}:\n${this.#lines.join('\n')}`));
      const timer = systemClock.setTimer(PATIENCE_MS, () => fail('does not become ready'));
      const output = this.#process.stdout;
      if (output === null) {
        return;
      }
      createInterface({ input: output }).on('line', (line) => {
        this.#lines.push(line);
        this.#lines.splice(0, Math.max(0, this.#lines.length - LAST_LINES));
        this.portNumber = Number(BOUND.exec(line)?.[1] ?? this.portNumber);
        if (line.includes(READY)) {
          timer.cancel();
          resolve();
        }
      });
      void this.#ended.then(() => {
        timer.cancel();
        fail('ended');
      });
    });
  }

  /** Asks it to stop and waits; one that does not is killed. */
  async stop(): Promise<void> {
    const timer = systemClock.setTimer(PATIENCE_MS, () => this.#process.kill('SIGKILL'));
    this.#process.kill('SIGTERM');
    await this.#ended;
    timer.cancel();
  }
}
