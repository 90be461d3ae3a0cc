import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '../../../actors/mesh-node.js';
import '../../../cli/log/node-log.js';
import { VERSION } from '../../../actors/version.js';
import { type DaemonHost, runDaemon, type StopSignal } from '../../../cli/run.js';
import { World } from '../../../runtime/simulation/world.js';
import { FakeOutput } from './log/text-output.js';

/** A daemon on a pretended machine called `alpha`. */
class Stage {
  readonly output = new FakeOutput();
  readonly signals = new Map<string, () => void>();
  readonly ended: Promise<number>;
  readonly #world = new World({ seed: 'run' });
  #code: number | undefined;

  constructor(...args: readonly string[]) {
    let run: Promise<number> = Promise.resolve(-1);
    this.#world.host('alpha').start((ports) => {
      const host: DaemonHost = {
        outside: ports,
        output: this.output,
        onSignal: (name, heard) => void this.signals.set(name, heard),
      };
      run = runDaemon(args, host);
      return { stop: () => Promise.resolve() };
    });
    this.ended = run.then((code) => {
      this.#code = code;
      return code;
    });
    this.ended.catch(() => undefined);
  }

  signal(name: StopSignal | 'SIGHUP'): void {
    this.signals.get(name)?.();
  }

  /** Lets time pass until the log has such a line, or the daemon has ended. */
  async until(line: string): Promise<void> {
    for (let turn = 0; turn < 1_000 && this.#code === undefined && !this.output.text.includes(line); turn += 1) {
      await this.#world.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async end(): Promise<number> {
    await this.until('a line that never comes');
    assert.notEqual(this.#code, undefined, 'it did not end');
    return await this.ended;
  }
}

describe('a daemon', () => {
  it('tells its version and ends', async () => {
    const stage = new Stage('--version');

    assert.equal(await stage.end(), 0);
    assert.equal(stage.output.text, `${VERSION}\n`);
  });

  it('tells a fault of its configuration in one line and ends with 1', async () => {
    const stage = new Stage('--foo');

    assert.equal(await stage.end(), 1);
    assert.equal(
      stage.output.text,
      'Error: command error: unknown config type foo (at argument 1; receptor --help lists all)\n',
    );
  });

  it('makes certificates instead of running a node', async () => {
    const init = new Stage('--cert-init', 'commonname=mesh', 'bits=512', 'outcert=/ca.crt', 'outkey=/ca.key');
    const sign = new Stage('--cert-signreq', 'req=/a', 'cacert=/ca.crt', 'cakey=/ca.key', 'outcert=/a.crt');

    assert.equal(await init.end(), 1);
    assert.match(init.output.text, /^Error: rsa: key too small \(at argument 3, --cert-init, bits; /);
    assert.equal(await sign.end(), 1);
    assert.match(
      sign.output.text,
      /^Error: open \/ca\.crt: no such file or directory \(at argument 3, --cert-signreq, cac/,
    );
  });

  it('makes certificates alone', async () => {
    const stage = new Stage('--local-only', '--cert-makereq', 'commonname=a', 'outreq=/a.csr');

    assert.equal(await stage.end(), 1);
    assert.match(stage.output.text, /^Error: cannot specify any other options with cert-makereq /);
  });

  it('has nothing to do without links', async () => {
    const stage = new Stage('--control-service');

    assert.equal(await stage.end(), 1);
    assert.deepEqual(stage.output.lines, [
      'WARNING Nothing to do - no backends are running.',
      'WARNING Run receptor --help for command line instructions.',
    ]);
  });

  it('runs until it is told to stop', async () => {
    const stage = new Stage('--node', 'datadir=/data', '--tcp-listener', '7', 'bindaddr=alpha', '--trace');
    await stage.until('Initialization complete');

    stage.signal('SIGTERM');

    assert.equal(await stage.end(), 0);
    assert.deepEqual(stage.output.lines, [
      'WARNING trace has no effect (at argument 6)',
      'INFO Listening on TCP alpha:7',
      'INFO Initialization complete',
      'INFO SIGTERM: stopping; the same once more ends the node at once',
      'INFO Shutdown complete',
    ]);
  });

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    it(`does not wait for the rest after a second ${signal}`, async () => {
      const stage = new Stage('--node', 'datadir=/data', '--local-only');
      await stage.until('Initialization complete');

      stage.signal('SIGTERM');
      stage.signal(signal);

      assert.equal(await stage.end(), code);
      assert.ok(stage.output.lines.includes(`WARNING ${signal} again: ending at once`));
    });
  }

  it('goes on after SIGHUP', async () => {
    const stage = new Stage('--node', 'datadir=/data', '--local-only');
    await stage.until('Initialization complete');

    stage.signal('SIGHUP');
    stage.signal('SIGTERM');

    assert.equal(await stage.end(), 0);
    assert.match(stage.output.text, /SIGHUP: reloading is not built into this version yet; nothing was changed/);
  });

  it('tells which item cannot be started, and ends with 1', async () => {
    const stage = new Stage(
      ...['--node', 'datadir=/data', '--tcp-listener', '7', 'bindaddr=alpha', '--tcp-listener', '7', 'bindaddr=alpha'],
    );

    assert.equal(await stage.end(), 1);
    assert.match(
      stage.output.text,
      /\nError: listen tcp alpha:7: bind: address already in use \(at argument 6, --tcp-listener; another process listens there: .*\n$/,
    );
  });
});
