import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/receptor.js', import.meta.url));

/** Far above what anything here takes, so that a slow machine fails no test. */
const PATIENCE_MS = 60_000;

export interface Finished {
  /** The exit status; `undefined` when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly out: string;
  readonly err: string;
}

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Another program than ours, and what stands before the arguments. */
  readonly command?: readonly [string, ...string[]];
}

/** One run of a program, ours unless told otherwise, as a real process. */
export class Program {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  out = '';
  err = '';
  #heard: () => void = () => undefined;

  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const { env, cwd, command = [process.execPath, PROGRAM] } = options;
    const [file, ...before] = command;
    this.process = spawn(file, [...before, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, RECEPTORCTL_SOCKET: undefined, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.process.stdout?.on('data', (chunk) => {
      this.out += chunk;
      this.#heard();
    });
    this.process.stderr?.on('data', (chunk) => {
      this.err += chunk;
      this.#heard();
    });
    this.process.stdin?.on('error', () => undefined);
    this.finished = new Promise((resolve) => {
      this.process.once('close', (code, signal) => {
        resolve({ code: code ?? undefined, signal: signal ?? undefined, out: this.out, err: this.err });
        this.#heard();
      });
    });
  }

  /** Settles when standard output matches; rejects when the process ends before that, or takes too long. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    const limit = AbortSignal.timeout(PATIENCE_MS);
    const isLate = new Promise<true>((resolve) => limit.addEventListener('abort', () => resolve(true), { once: true }));
    const isOver = this.finished.then(() => true);
    for (;;) {
      const found = pattern.exec(this.out);
      if (found !== null) {
        return found;
      }
      const ended = await Promise.race([
        isOver,
        new Promise<false>((resolve) => {
          this.#heard = () => resolve(false);
        }),
        isLate,
      ]);
      const last = pattern.exec(this.out);
      if (ended && last === null) {
        return assert.fail(`it never said ${pattern}:\n${this.out}${this.err}`);
      }
    }
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Bytes of memory that it has now. */
  rssBytes(): number {
    const kib = execFileSync('ps', ['-o', 'rss=', '-p', `${this.process.pid}`], { encoding: 'utf8' });
    return Number(kib) * 1_024;
  }

  /** Stops it for good, whatever it is doing. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.finished;
  }
}

/** Knows when something is over, as a `TestContext` does. */
export interface Ending {
  after(close: () => Promise<void>): void;
}

/** A folder of one test or suite, removed at its end, and the programs that run in it, ended at its end. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'cli-'));
  readonly #programs: Program[] = [];

  /** `t` says when it is over: a test, or whoever stands for several. */
  constructor(t: Ending) {
    t.after(async () => {
      await Promise.all(this.#programs.map((program) => program.kill()));
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Bytes of a file; 0 without it. Asks the disk, and so never blocks whoever waits in a loop. */
  async sizeOf(name: string): Promise<number> {
    const stats = await stat(this.path(name)).catch(() => undefined);
    return stats?.size ?? 0;
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  start(...args: readonly string[]): Program {
    return this.startIn({}, ...args);
  }

  /** The same with more in its environment. */
  startIn(env: NodeJS.ProcessEnv, ...args: readonly string[]): Program {
    return this.#keep(new Program(args, { cwd: this.folder, env }));
  }

  /** Starts a program that is not ours. */
  startOther(command: readonly [string, ...string[]], ...args: readonly string[]): Program {
    return this.#keep(new Program(args, { cwd: this.folder, command }));
  }

  /** Runs the program to its end. */
  async run(...args: readonly string[]): Promise<Finished> {
    return await this.start(...args).finished;
  }

  /** Starts a node called `id` with a control socket `id.sock`, and waits until it is ready. */
  async node(id: string, ...args: readonly string[]): Promise<Program> {
    return await this.nodeIn({}, id, ...args);
  }

  /** The same with more in its environment. */
  async nodeIn(env: NodeJS.ProcessEnv, id: string, ...args: readonly string[]): Promise<Program> {
    const node = this.startIn(
      env,
      ...['--node', `id=${id}`, `datadir=${this.path('data')}`, '--control-service', `filename=${id}.sock`],
      ...args,
    );
    await node.said(/ Initialization complete\n/);
    return node;
  }

  /** Asks the node called `id`. */
  async ask(id: string, ...args: readonly string[]): Promise<Finished> {
    return await this.run('--socket', this.path(`${id}.sock`), ...args);
  }

  #keep(program: Program): Program {
    this.#programs.push(program);
    return program;
  }
}

/** Where a node listens, by its log. */
export async function portOf(node: Program): Promise<string> {
  const [, port = ''] = await node.said(/ Listening on TCP 127\.0\.0\.1:(\d+)\n/);
  return port;
}

export const LISTEN = ['--tcp-listener', 'port=0', 'bindaddr=127.0.0.1'];

/** Asks until the answer is as wanted, as a user would who waits for a mesh to form. */
export async function until<T = Finished>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean = (answer) => answer === true,
): Promise<T> {
  const startMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) {
      return answer;
    }
    assert.ok(performance.now() - startMs < PATIENCE_MS, `it never came about: ${JSON.stringify(answer)}`);
    // An answer that is there at once must not keep everything else from happening.
    await new Promise(setImmediate);
  }
}
