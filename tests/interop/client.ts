import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, writeFileSync } from 'node:fs';
import type { Finished, Program } from '../e2e/daemon-process.js';
import type { Line, Name } from './line.js';
import { RECEPTORCTL } from './tools.js';

/** Gives a program a terminal, without which receptorctl does not connect. */
const ON_A_TERMINAL = 'import pty, sys; pty.spawn(sys.argv[1:])';

/** A command-line client; the two that there are take the same words. */
export interface Client {
  readonly name: string;
  /** For the options of a test that needs it. */
  readonly test: { readonly skip: string } | Record<string, never>;
  ask(line: Line, at: Name, ...words: readonly string[]): Promise<Finished>;
  /** Asks, and writes what is answered on standard output to a file. */
  askInto(file: string, line: Line, at: Name, ...words: readonly string[]): Promise<Finished>;
  /** A session with a service, typed by hand: ends when the service does, or at the end of what is typed. */
  connect(line: Line, at: Name, ...words: readonly string[]): Program;
  /** What `work cancel` and `work release` say of a unit. */
  said(word: 'cancelled' | 'released', unit: string): string;
  /** The exit status of following a unit that failed. */
  readonly failedCode: number;
}

export const OURS: Client = {
  name: 'our client',
  test: {},
  ask: (line, at, ...words) => line.place.ask(at, ...words),
  askInto: (file, line, at, ...words) => line.place.ask(at, ...words, '-O', file),
  connect: (line, at, ...words) => line.place.start('--socket', line.socket(at), 'connect', ...words),
  said: (word, unit) => `${unit}: ${word}\n`,
  failedCode: 20,
};

export const CTL: Client = {
  name: RECEPTORCTL.name,
  test: RECEPTORCTL.test,
  ask: (line, at, ...words) =>
    line.place.startOther([RECEPTORCTL.file], '--socket', line.socket(at), ...words).finished,
  askInto: (file, line, at, ...words) =>
    line.place.startOther(
      ['sh', '-c', 'file=$1; shift; exec "$@" >"$file"', 'sh', file, RECEPTORCTL.file],
      ...['--socket', line.socket(at), ...words],
    ).finished,
  connect: (line, at, ...words) =>
    line.place.startOther(
      ['python3', '-c', ON_A_TERMINAL, RECEPTORCTL.file],
      ...['--socket', line.socket(at), 'connect', ...words],
    ),
  said: (word, unit) => `${word === 'cancelled' ? 'Cancelled' : 'Released'}:\n(${unit}, ${word})\n`,
  failedCode: 1,
};

/** Starts a unit, and gives its id. */
export async function submit(client: Client, line: Line, at: Name, ...words: readonly string[]): Promise<string> {
  const { code, out, err } = await client.ask(line, at, 'work', 'submit', ...words);
  const [, unit] = /^Result: Job Started\nUnit ID: (\w+)\n$/.exec(out) ?? [];
  assert.ok(code === 0 && unit !== undefined, `${words.join(' ')}: ${out}${err}`);
  return unit;
}

const BIG_BYTES = 50_000_000;

/** A file of 50 MB of chance; gives its digest. */
export async function bigFile(path: string): Promise<string> {
  writeFileSync(path, randomBytes(BIG_BYTES));
  return await digestOf(path);
}

export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer); // a stream without an encoding gives buffers
  }
  return hash.digest('hex');
}

/** What a client says on standard error beside its errors: of its version, and of nothing at the end. */
export function errorsOf({ err }: Finished): string {
  return err
    .replace('Warning: receptorctl and receptor are different versions, they may not be compatible\n', '')
    .trimEnd();
}
