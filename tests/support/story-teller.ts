import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Short-lived objects die young in a simulation, and more cheaply the more room they have. In a process of its own a
 * story is also free of the hooks by which `node:test` follows each promise.
 */
const NODE_FLAGS = ['--max-semi-space-size=64', '--max-old-space-size=16384'];

/** What a process says of one story: one line of JSON. `Told` is what its script tells of a story that went well. */
export type Line<Told> = { readonly key: string } & ({ readonly told: Told } | { readonly error: string });

/** A process that tells stories, each known by a key of its command line. `end` it when nobody asks any more. */
export class StoryTeller<Told> {
  readonly #lines = new Map<string, Line<Told>>();
  readonly #waiting = new Map<string, () => void>();
  readonly #end: () => void;
  #isOver = false;

  constructor(script: URL, args: readonly string[]) {
    const child = spawn(process.execPath, [...NODE_FLAGS, fileURLToPath(script), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#end = () => child.kill();
    createInterface(child.stdout).on('line', (text) => {
      const line: Line<Told> = JSON.parse(text); // written by `tellLine`
      this.#lines.set(line.key, line);
      this.#waiting.get(line.key)?.();
    });
    child.on('close', () => {
      this.#isOver = true;
      for (const wake of this.#waiting.values()) {
        wake();
      }
    });
  }

  /** What came of the story with this key; rejects with what it threw. */
  async told(key: string): Promise<Told> {
    if (!this.#lines.has(key) && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#waiting.set(key, resolve);
      });
    }
    const line = this.#lines.get(key) ?? { error: `the process ended before it told the story ${key}` };
    if ('error' in line) {
      throw new Error(line.error);
    }
    return line.told;
  }

  end(): void {
    this.#end();
  }
}

/** For such a script: tells one story and prints its line. */
export async function tellLine<Told>(key: string, story: () => Promise<Told>): Promise<void> {
  let line: Line<Told>;
  try {
    line = { key, told: await story() };
  } catch (thrown) {
    line = { key, error: thrown instanceof Error ? `${thrown.stack}` : `${thrown}` };
  }
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
