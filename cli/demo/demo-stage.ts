import { spawn } from 'node:child_process';
import process from 'node:process';
import { EXIT } from '../exit-code.js';
import { DemoNode } from './demo-node.js';

export interface DemoStageOptions {
  /** The program that this is: the demo's nodes and commands are more of the same. */
  readonly program: string;
  /** Where everything runs; names of files are seen from there. */
  readonly folder: string;
  /** Shows text to the user. */
  readonly write: (text: string) => void;
  /** Once it is aborted, nothing more is started, and the command that runs is ended. */
  readonly signal: AbortSignal;
}

/** The processes of the demo: nodes that stay, and commands that come and go. */
export class DemoStage {
  readonly #options: DemoStageOptions;
  readonly #nodes: DemoNode[] = [];

  constructor(options: DemoStageOptions) {
    this.#options = options;
  }

  /** Starts a node, shows how, and waits until it is ready. */
  async start(id: string, words: readonly string[]): Promise<DemoNode> {
    const { program, folder, write, signal } = this.#options;
    signal.throwIfAborted();
    write(`$ receptor ${shown(words)}\n`);
    const node = new DemoNode({ program, id, words, folder });
    this.#nodes.push(node);
    await node.ready();
    return node;
  }

  /** Shows a command and what it prints, as it comes; rejects when it fails. */
  async show(words: readonly string[]): Promise<void> {
    const { write, signal } = this.#options;
    signal.throwIfAborted();
    write(`$ receptor ${shown(words)}\n`);
    const status = await this.#run(words, write, signal);
    if (status !== EXIT.ok) {
      throw new Error(`receptor ${words.join(' ')} ended with status ${status}`);
    }
  }

  /** True when a command is done; nothing of it is shown. */
  async succeeds(words: readonly string[]): Promise<boolean> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    return (await this.#run(words, () => undefined, signal)) === EXIT.ok;
  }

  /** Runs a command although the demo is ending; what becomes of it is of no interest. */
  async tidy(words: readonly string[]): Promise<void> {
    await this.#run(words, () => undefined, undefined);
  }

  /** Stops all nodes. */
  async end(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()));
  }

  /** Ends all nodes at once. */
  kill(): void {
    for (const node of this.#nodes) {
      node.kill();
    }
  }

  #run(words: readonly string[], write: (text: string) => void, signal: AbortSignal | undefined): Promise<number> {
    const { program, folder } = this.#options;
    return new Promise((resolve, reject) => {
      const client = spawn(process.execPath, [program, ...words], {
        cwd: folder,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal === undefined ? {} : { signal }),
      });
      for (const output of [client.stdout, client.stderr]) {
        output.setEncoding('utf8').on('data', write);
      }
      client.once('error', reject);
      client.once('close', (status) => resolve(status ?? EXIT.failed));
    });
  }
}

/** Words as one would type them to a shell. */
function shown(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) {
    return word;
  }
  return word.includes("'") ? `"${word.replace(/["$`\\]/g, '\\$&')}"` : `'${word}'`;
}
