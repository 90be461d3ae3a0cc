import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '../../runtime/errors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { DemoStage } from './demo-stage.js';
import { DemoStory } from './demo-story.js';

const HELP = `receptor demo: three real nodes in a line on this machine, and a command that runs two hops away.

Usage:
  receptor demo           show it, then stop everything
  receptor demo --stay    leave the nodes running until Ctrl-C, to try more commands
`;

export type DemoSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const INTERRUPTED: Readonly<Record<DemoSignal, ExitCode>> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.terminated,
};

/** Where text goes; `process.stdout` is one. */
export interface DemoOutput {
  write(text: string): unknown;
  on(event: 'error', heard: () => void): unknown;
}

/** What the demo needs of its process. */
export interface DemoHost {
  /** The file of the program that this is. */
  readonly program: string;
  /** How the user has called it, such as `npx receptor-mesh`. */
  readonly calledAs: string;
  readonly output: DemoOutput;
  readonly errors: Pick<DemoOutput, 'write'>;
  /** Hears signals until the process ends. */
  onSignal(name: DemoSignal, heard: () => void): void;
}

/** Runs the demo. Whatever happens, no process and no file of it is left. */
export async function runDemo(words: readonly string[], host: DemoHost): Promise<ExitCode> {
  const unknown = words.find((word) => !['--stay', '--help', '-h'].includes(word));
  if (unknown !== undefined) {
    host.errors.write(`Error: the demo does not know "${unknown}"\n\n${HELP}`);
    return EXIT.usage;
  }
  if (words.includes('--help') || words.includes('-h')) {
    host.output.write(HELP);
    return EXIT.ok;
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'receptor-demo-'));
    try {
      return await new Demo(host, folder).run(words.includes('--stay'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (thrown) {
    host.errors.write(`Error: the demo failed: ${describe(thrown)}\n`);
    return EXIT.failed;
  }
}

/** One run of the demo, in a folder of its own. */
class Demo {
  readonly #folder: string;
  readonly #stage: DemoStage;
  readonly #story: DemoStory;
  readonly #interruption = new AbortController();
  /** How it ends when it is interrupted. */
  #code: ExitCode = EXIT.interrupted;

  constructor(host: DemoHost, folder: string) {
    const { program, calledAs, output } = host;
    const write = (text: string): void => void output.write(text);
    this.#folder = folder;
    this.#stage = new DemoStage({ program, folder, write, signal: this.#interruption.signal });
    this.#story = new DemoStory({ stage: this.#stage, write, calledAs });
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      host.onSignal(name, () => this.#interrupt(INTERRUPTED[name]));
    }
    // `receptor demo | head -5` must not leave its nodes running.
    output.on('error', () => this.#interrupt(EXIT.brokenPipe));
  }

  async run(stays: boolean): Promise<ExitCode> {
    const { signal } = this.#interruption;
    const story = this.#story;
    try {
      await story.tell();
      if (stays) {
        story.tellThatNodesStay(join(this.#folder, 'alpha.sock'));
        await interruptionOf(signal);
      } else {
        story.tellHowToGoOn();
      }
      return EXIT.ok;
    } catch (thrown) {
      if (!signal.aborted) {
        throw thrown;
      }
      story.say('Interrupted');
      return this.#code;
    } finally {
      await story.tidy();
      await this.#stage.end();
      story.say('All nodes are stopped; nothing is left behind.');
    }
  }

  /** The first time ends it in order, the second time at once. A reader that is gone says so again and again. */
  #interrupt(code: ExitCode): void {
    if (!this.#interruption.signal.aborted) {
      this.#code = code;
      this.#interruption.abort();
    } else if (code !== EXIT.brokenPipe) {
      this.#stage.kill();
    }
  }
}

function interruptionOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
