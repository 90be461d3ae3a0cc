import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/**
 * A program as the demo starts it, as a script of ours: a node says where it listens, is ready, and stays until SIGTERM;
 * a command says its first word. Each writes down its words in `calls`, and each node its end in `ends`.
 */
const SCRIPT = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
const words = process.argv.slice(2);
const folder = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const path = (name) => folder + '/' + name;
appendFileSync(path('calls'), words.join(' ') + '\\n');
const has = (mode) => existsSync(path('mode-' + mode));
const stay = () => setInterval(() => undefined, 1_000);
if (words[0] === '--node') {
  const id = words[1].replace('id=', '');
  const stopped = () => { appendFileSync(path('ends'), id + '\\n'); process.exit(0); };
  process.on('SIGTERM', has('stubborn') ? () => undefined : stopped);
  stay();
  if (has('silent')) {
    console.log('starting');
  } else if (has('failing') || has('failing-' + id)) {
    for (let at = 0; at < 15; at += 1) console.log('line ' + at);
    console.error('the reason');
    process.exit(1);
  } else {
    console.log('INFO Listening on TCP 127.0.0.1:4' + id.length);
    console.log('INFO Initialization complete');
  }
} else if (has('stuck-' + words[0])) {
  console.log('it begins');
  stay();
} else {
  console.log('this is ' + words[0] + ' of ' + process.cwd());
  console.error('and a hint');
  process.exitCode = has('failing-' + words[0]) ? 7 : 0;
}
`;

export class FakeProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'fake-program-'));
  readonly file = join(this.folder, 'receptor.mjs');

  /** `modes`: `silent`, `stubborn`, `failing`, `failing-NODE`, `failing-COMMAND`, `stuck-COMMAND`. */
  constructor(t: TestContext, ...modes: readonly string[]) {
    t.after(() => rmSync(this.folder, { recursive: true, force: true }));
    writeFileSync(this.file, SCRIPT);
    for (const mode of modes) {
      writeFileSync(join(this.folder, `mode-${mode}`), '');
    }
  }

  /** The words of each process, in the order of starting. */
  get calls(): readonly string[] {
    return this.#lines('calls');
  }

  /** The nodes that have stopped in order. */
  get ends(): readonly string[] {
    return this.#lines('ends');
  }

  /** The words of the only process that was started with this first word. */
  call(first: string): string {
    const calls = this.calls.filter((words) => words.startsWith(`${first} `));
    assert.equal(calls.length, 1, `${this.calls}`);
    return `${calls[0]}`;
  }

  /** What is started from here on does not behave so. */
  unset(mode: string): void {
    rmSync(join(this.folder, `mode-${mode}`));
  }

  #lines(name: string): readonly string[] {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }
}
