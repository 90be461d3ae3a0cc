import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { type DemoHost, runDemo } from '../../../../cli/demo/demo.js';
import { FakeProgram } from './fake-program.js';

/** A run of the demo with a fake program. */
class Run {
  out = '';
  err = '';
  readonly program: FakeProgram;
  readonly status: Promise<number>;
  readonly #signals = new Map<string, () => void>();
  #break: () => void = () => undefined;
  #heard: () => void = () => undefined;

  constructor(t: TestContext, words: readonly string[], ...modes: readonly string[]) {
    this.program = new FakeProgram(t, ...modes);
    const host: DemoHost = {
      program: this.program.file,
      calledAs: 'receptor',
      output: {
        write: (text) => {
          this.out += text;
          this.#heard();
        },
        on: (_, heard) => {
          this.#break = heard;
        },
      },
      errors: {
        write: (text) => {
          this.err += text;
        },
      },
      onSignal: (name, heard) => void this.#signals.set(name, heard),
    };
    this.status = runDemo(words, host);
  }

  signal(name: string): void {
    const heard = this.#signals.get(name) ?? assert.fail(`nobody hears ${name}`);
    heard();
  }

  /** Whoever reads its output is gone. */
  break(): void {
    this.#break();
  }

  async until(text: string): Promise<void> {
    while (!this.out.includes(text)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** The folder in which the commands ran. */
  get folder(): string {
    return /this is \w+ of (\S+)/.exec(this.out)?.[1] ?? assert.fail(this.out);
  }
}

describe('the demo', () => {
  it('shows everything, stops its nodes, and removes its folder', async (t) => {
    const run = new Run(t, []);

    assert.equal(await run.status, 0);
    assert.equal(run.err, '');
    assert.deepEqual(Array.from(run.program.ends).sort(), ['alpha', 'beta', 'gamma']);
    assert.equal(existsSync(run.folder), false);
    assert.match(run.out, /── How to go on\n(.*\n)+\n── All nodes are stopped; nothing is left behind\.\n$/);
  });

  it('leaves the nodes running when it is asked to, until it is told to stop', async (t) => {
    const run = new Run(t, ['--stay']);
    await run.until('until you press Ctrl-C');
    assert.deepEqual(run.program.ends, []);
    assert.equal(existsSync(run.folder), true);
    assert.ok(run.out.includes(`--socket ${run.folder}/alpha.sock\n`));
    run.signal('SIGINT');

    assert.equal(await run.status, 0);
    assert.equal(run.program.ends.length, 3);
    assert.equal(existsSync(run.folder), false);
  });

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const) {
    it(`ends in order at ${signal} in the middle of the work, which it cancels`, async (t) => {
      const run = new Run(t, [], 'stuck-work');
      await run.until('it begins');
      // The command that cancels the work would be stuck as well.
      run.program.unset('stuck-work');
      run.signal(signal);

      assert.equal(await run.status, status);
      assert.equal(run.program.calls.at(-1), 'work cancel --all --socket alpha.sock');
      assert.equal(run.program.ends.length, 3);
      assert.equal(existsSync(run.folder), false);
      assert.match(run.out, /── Interrupted\n\n── All nodes are stopped/);
    });
  }

  it('starts no further node once it is interrupted', async (t) => {
    const run = new Run(t, []);
    await run.until('id=alpha');
    run.signal('SIGINT');

    assert.equal(await run.status, 130);
    assert.ok(run.program.calls.length <= 1, `${run.program.calls}`);
  });

  it('ends its nodes at once when it is interrupted again', async (t) => {
    const run = new Run(t, ['--stay'], 'stubborn');
    await run.until('until you press Ctrl-C');
    run.signal('SIGINT');
    run.signal('SIGINT');

    assert.equal(await run.status, 0);
    assert.deepEqual(run.program.ends, []);
  });

  it('ends in order when nobody reads what it says', async (t) => {
    const run = new Run(t, [], 'stuck-status');
    await run.until('it begins');
    run.break();
    run.break();

    assert.equal(await run.status, 141);
    assert.equal(run.program.ends.length, 3);
  });

  it('says what has failed, and leaves nothing then either', async (t) => {
    const run = new Run(t, [], 'failing-beta');

    assert.equal(await run.status, 1);
    assert.match(run.err, /^Error: the demo failed: beta ended:\n(.*\n)*the reason\n/);
    assert.deepEqual(run.program.ends, ['alpha']);
  });

  it('says so when it has no place for its files', async (t) => {
    const { TMPDIR } = process.env;
    t.after(() => {
      process.env['TMPDIR'] = TMPDIR;
      if (TMPDIR === undefined) {
        delete process.env['TMPDIR'];
      }
    });
    const made = new FakeProgram(t);
    process.env['TMPDIR'] = `${made.folder}/none`;
    const told: string[] = [];
    const nothing = { write: () => true, on: () => undefined };
    const errors = { write: (text: string) => told.push(text) };
    const host: DemoHost = { program: made.file, calledAs: 'x', output: nothing, errors, onSignal: () => undefined };

    assert.equal(await runDemo([], host), 1);
    assert.match(told.join(''), /^Error: the demo failed: ENOENT/);
  });

  it('helps whoever asks, and tells which word makes no sense', async (t) => {
    const [help, wrong] = [new Run(t, ['--help']), new Run(t, ['--stay', '--saty', '-h'])];

    assert.deepEqual([await help.status, await wrong.status], [0, 2]);
    assert.match(help.out, /^receptor demo: .*\n\nUsage:\n/);
    assert.match(wrong.err, /^Error: the demo does not know "--saty"\n\nreceptor demo: /);
    assert.deepEqual([help.err, wrong.out, help.program.calls, wrong.program.calls], ['', '', [], []]);
  });
});
