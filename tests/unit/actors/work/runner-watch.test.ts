import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunnerWatch } from '../../../../actors/work/runner-watch.js';
import type { FileFaultCode } from '../../../../runtime/file-port.js';
import type { ProcessIdentity, ProcessSignal } from '../../../../runtime/process-port.js';
import type { ScriptedProcess } from '../../../../runtime/simulation/job.js';
import { ManualHost } from '../../../support/manual-host.js';
import { pass, UNIT, WorkParts } from './work-parts.js';

const LOST_NEWS_MS = 2_100;

/** A command under the hands of the test, its runner, and a watch over both. */
class Watching {
  readonly host = new ManualHost();
  readonly parts = new WorkParts(this.host);
  /** What the watch has told, sizes of output left aside. */
  readonly told: string[] = [];
  readonly sizes: number[] = [];
  readonly watch: RunnerWatch;
  runnerPid = 0;
  #command: ScriptedProcess | undefined;

  constructor() {
    this.parts.put('stdin', '');
    this.parts.commands.commands.set('held', (process) => {
      this.#command = process;
    });
    this.watch = this.#newWatch();
  }

  /** The command, once it has begun. */
  get command(): ScriptedProcess {
    assert.ok(this.#command !== undefined, 'the command has not begun');
    return this.#command;
  }

  get size(): number | undefined {
    return this.sizes.at(-1);
  }

  /** Starts the runner, as our own child. */
  start(): void {
    this.#launch(
      () => this.watch.open(),
      (code) => this.watch.runnerEnded(code),
    );
  }

  /** Starts the runner as the child of a node that has died since. */
  async startBefore(): Promise<void> {
    const ignore = (): undefined => undefined;
    this.#launch(ignore, ignore);
    await pass(this.host);
  }

  /** Looks for the runner of an earlier life, and watches it if there is one. */
  async find(): Promise<ProcessIdentity | undefined> {
    const finding = this.watch.find();
    await pass(this.host, 300);
    const runner = await finding;
    if (runner !== undefined) {
      this.watch.open();
      await pass(this.host);
    }
    return runner;
  }

  faultAt(name: string, code: FileFaultCode): void {
    this.parts.disk.fault = (_act, path) => (path.endsWith(`/${name}`) ? code : undefined);
  }

  #launch(started: () => void, ended: (code: number | undefined) => void): void {
    const { stdin, stdout, runner, child, exit } = this.parts.workKit.pathsOf(UNIT);
    const records = { runner, child, exit };
    const plan = { command: 'held', args: [], environment: {}, inputPath: stdin, outputPath: stdout, records };
    this.parts.processes.start(plan, {
      started: (pid) => {
        this.runnerPid = pid;
        started();
      },
      failed: assert.fail,
      ended,
    });
  }

  #newWatch(): RunnerWatch {
    return new RunnerWatch(this.parts, this.parts.workKit.pathsOf(UNIT), {
      output: (size) => this.sizes.push(size),
      commandStarted: (pid) => this.told.push(`command ${pid}`),
      ended: (code) => this.told.push(`ended ${code}`),
      failed: (thrown) => this.told.push(`failed ${(thrown as Error).message}`),
    });
  }
}

async function started(): Promise<Watching> {
  const watching = new Watching();
  watching.start();
  await pass(watching.host);
  return watching;
}

async function found(): Promise<Watching> {
  const watching = new Watching();
  await watching.startBefore();
  await watching.find();
  return watching;
}

describe('the watch over a runner of our own', () => {
  it('tells of the command, of its output as it grows, and of its end', async () => {
    const watching = await started();
    assert.deepEqual(watching.told, [`command ${watching.command.pid}`]);
    watching.command.write('hello');
    await pass(watching.host);
    assert.equal(watching.size, 5);
    watching.command.exit(3);
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended 3']);
    assert.deepEqual(watching.parts.leftOpen(), [], 'the files are watched no more');
  });

  it('looks a hundred times a second at most, however often the command writes', async () => {
    const watching = await started();
    const before = watching.sizes.length;
    for (let line = 0; line < 1_000; line += 1) {
      watching.command.write('x');
      watching.host.advance(1);
      await watching.host.settle();
    }
    await pass(watching.host);

    const looks = watching.sizes.length - before;
    assert.ok(looks > 50 && looks <= 101, `${looks} looks`);
    assert.equal(watching.size, 1_000);
  });

  it('sees all of it at the slow poll when the news of changes is lost', async () => {
    const watching = new Watching();
    watching.parts.disk.losesNews = true;
    watching.start();
    await pass(watching.host, LOST_NEWS_MS);
    assert.deepEqual(watching.told, [`command ${watching.command.pid}`]);
    watching.command.write('hello');
    await pass(watching.host, LOST_NEWS_MS);
    assert.equal(watching.size, 5);
    watching.command.exit(0);
    await pass(watching.host);
    assert.deepEqual(watching.told.slice(1), ['ended 0'], 'our own child need not be looked for');
  });

  it('ends without a code, and lets nothing go on, when the runner was killed alone', async () => {
    const watching = await started();
    watching.parts.commands.killRunner(watching.runnerPid);
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended undefined']);
    assert.deepEqual(watching.parts.commands.living, []);
  });

  it("takes the runner's own exit status when its record could not be written", async () => {
    const watching = await started();
    watching.faultAt('exit', 'not-found');
    watching.command.exit(7);
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended 7']);
  });

  it('says that the files cannot be read, once, and then no more', async () => {
    const watching = await started();
    watching.faultAt('stdout', 'denied');
    watching.command.write('x');
    await pass(watching.host);
    watching.parts.disk.fault = () => undefined;
    watching.command.exit(0);
    await pass(watching.host, LOST_NEWS_MS);

    assert.deepEqual(watching.told.slice(1), [`failed denied: read '/data/here/${UNIT}/stdout'`]);
  });

  it('tells nothing once it is closed', async () => {
    const watching = await started();
    watching.watch.close();
    watching.command.write('x');
    watching.command.exit(0);
    watching.watch.look();
    await pass(watching.host, LOST_NEWS_MS);

    assert.deepEqual(watching.told.slice(1), []);
    assert.deepEqual(watching.parts.leftOpen(), []);
  });
});

describe('the watch over a runner of an earlier life', () => {
  it('finds it by its record, and follows it to its end', async () => {
    const watching = new Watching();
    await watching.startBefore();
    watching.command.write('before');
    const runner = await watching.find();
    assert.equal(runner?.pid, watching.runnerPid);
    assert.deepEqual(watching.told, [`command ${watching.command.pid}`]);
    assert.equal(watching.size, 6);
    watching.command.write(' after');
    await pass(watching.host);
    assert.equal(watching.size, 12);
    watching.command.exit(0);
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended 0']);
    assert.equal(watching.parts.commands.runs.length, 1);
    assert.deepEqual(watching.parts.leftOpen(), []);
  });

  it('finds the result of one that ended meanwhile, even after the machine was restarted', async () => {
    for (const isRestarted of [false, true]) {
      const watching = new Watching();
      await watching.startBefore();
      watching.command.exit(4);
      if (isRestarted) {
        watching.parts.commands.powerLost();
      }
      await watching.find();

      assert.deepEqual(watching.told.slice(1), ['ended 4']);
    }
  });

  it('notices within its poll that the runner is gone without a word, and ends what is left', async () => {
    const watching = await found();
    watching.parts.commands.killRunner(watching.runnerPid);
    await pass(watching.host, 2 * LOST_NEWS_MS);

    assert.deepEqual(watching.told.slice(1), ['ended undefined']);
    assert.deepEqual(watching.parts.commands.living, []);
  });

  it('notices within its poll that the machine was restarted under it', async () => {
    const watching = await found();
    watching.parts.commands.powerLost();
    await pass(watching.host, 2 * LOST_NEWS_MS);

    assert.deepEqual(watching.told.slice(1), ['ended undefined']);
  });

  it('looks for a sign of life at once when it is asked to', async () => {
    const watching = await found();
    watching.parts.commands.killRunner(watching.runnerPid);
    watching.watch.look();
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended undefined']);
  });

  it('waits for a record of the end that is only half written', async () => {
    const watching = new Watching();
    await watching.startBefore();
    watching.parts.put('exit', '1');
    await watching.find();
    assert.deepEqual(watching.told.slice(1), []);
    const { content } = watching.parts.disk;
    const path = watching.parts.workKit.pathsOf(UNIT).exit;
    content.append(path, content.get(path), new TextEncoder().encode('7\n'));
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended 17']);
  });

  it('prevents a runner that has not come so far, and says that there is none', async () => {
    const watching = new Watching();
    assert.equal(await watching.find(), undefined);
    assert.equal(watching.parts.text('runner'), '-\n');
    watching.start();
    await pass(watching.host);
    assert.deepEqual(watching.parts.commands.runs, [], 'a late runner must find the door shut');

    const again = new Watching();
    again.parts.put('runner', '-\n');
    assert.equal(await again.find(), undefined);
  });

  it('gives a runner a moment to fill the record that it has just made', async () => {
    const watching = new Watching();
    watching.parts.put('runner', '');
    const finding = watching.watch.find();
    await pass(watching.host, 100);
    const { content } = watching.parts.disk;
    const path = watching.parts.workKit.pathsOf(UNIT).runner;
    content.append(path, content.get(path), new TextEncoder().encode('1234 boot-1 77\n'));
    await pass(watching.host, 200);

    assert.deepEqual(await finding, { pid: 1_234, boot: 'boot-1', birth: '77' });
  });

  it('takes a record that is cut short, or far too long, for none', async () => {
    for (const record of ['1234 boot-1', '1234 boot-1 77', `1234 boot-1 ${'7'.repeat(600)}\n`]) {
      const watching = new Watching();
      watching.parts.put('runner', record);

      assert.equal(await watching.find(), undefined, record);
    }
  });

  it('rejects when the disk does not let it look', async () => {
    const watching = new Watching();
    watching.faultAt('runner', 'denied');
    const finding = assert.rejects(watching.watch.find(), { code: 'denied' });
    await pass(watching.host, 300);

    await finding;
  });
});

describe('a signal to a runner', () => {
  it('waits until the command is there to hear it', async () => {
    const watching = new Watching();
    watching.start();
    watching.host.advance(1);
    watching.watch.signal('SIGINT');
    await pass(watching.host);

    assert.deepEqual(watching.told, [`command ${watching.command.pid}`, 'ended 130']);
  });

  it('that nothing resists waits for nobody', async () => {
    const watching = new Watching();
    watching.start();
    watching.host.advance(1);
    watching.watch.signal('SIGKILL');
    await pass(watching.host, 0.9);

    assert.deepEqual(watching.told, ['ended undefined']);
    assert.deepEqual([watching.parts.commands.runs, watching.parts.commands.living], [[], []]);
  });

  it('reaches the command once, and goes on to a firmer one', async () => {
    const watching = await started();
    const heard: ProcessSignal[] = [];
    watching.command.onSignal((signal) => heard.push(signal));
    watching.watch.signal('SIGINT');
    await pass(watching.host, LOST_NEWS_MS);
    assert.deepEqual(heard, ['SIGINT']);
    watching.watch.signal('SIGTERM');
    await pass(watching.host);
    assert.deepEqual(heard, ['SIGINT', 'SIGTERM']);
    watching.watch.signal('SIGKILL');
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended undefined']);
    assert.deepEqual(watching.parts.commands.living, []);
  });

  it('reaches a runner that was found again', async () => {
    const watching = await found();
    watching.watch.signal('SIGTERM');
    await pass(watching.host);

    assert.deepEqual(watching.told.slice(1), ['ended 143']);
  });
});
