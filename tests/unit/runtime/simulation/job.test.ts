import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DetachedPlan, ProcessSignal } from '../../../../runtime/process-port.js';
import { SimulatedDisk } from '../../../../runtime/simulation/disk.js';
import { type CommandScript, SimulatedJob } from '../../../../runtime/simulation/job.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { bytes, text } from './pretended-stage.js';

const PLAN: DetachedPlan = {
  command: 'x',
  args: ['one'],
  environment: { A: 'b' },
  inputPath: '/f/stdin',
  outputPath: '/f/stdout',
  records: { runner: '/f/runner', child: '/f/child', exit: '/f/exit' },
};
const RUNNER = { pid: 10, boot: 'b', birth: '1' };
const CHILD = { pid: 11, boot: 'b', birth: '2' };

class Stage {
  readonly clock = new VirtualClock();
  readonly disk = new SimulatedDisk(this.clock);
  readonly heard: string[] = [];
  readonly job: SimulatedJob;

  constructor() {
    this.disk.content.makeFolders('/f');
    this.disk.content.create('/f/stdin', bytes('in'));
    this.disk.content.create('/f/runner', bytes('record\n'));
    this.job = new SimulatedJob({
      clock: this.clock,
      disk: this.disk,
      plan: PLAN,
      runner: RUNNER,
      child: CHILD,
      runnerEnded: (code) => this.heard.push(`runner ${code}`),
      groupEnded: () => this.heard.push('group'),
    });
  }

  text(name: string): string | undefined {
    const file = this.disk.content.find(`/f/${name}`);
    return file === undefined ? undefined : text(file.bytes());
  }
}

describe('a job', () => {
  it('gives its script what the plan says, and does what the script does', () => {
    const stage = new Stage();
    stage.job.begin((process) => {
      process.write(`${process.pid} ${process.args} ${process.environment['A']} ${text(process.input)}`);
      process.exit(4);
      process.write('too late');
    });

    assert.equal(stage.text('stdout'), '11 one b in');
    assert.equal(stage.text('child'), '11 b 2\n');
    assert.equal(stage.text('exit'), '4\n');
    assert.deepEqual(stage.heard, ['runner 4', 'group']);
  });

  it('ends as a shell does where there is no such program, or no input', () => {
    const unknown = new Stage();
    assert.equal(unknown.job.begin(undefined), true);
    assert.equal(unknown.text('exit'), '127\n');

    const empty = new Stage();
    empty.disk.content.remove('/f/stdin');
    assert.equal(
      empty.job.begin(() => assert.fail()),
      false,
    );
    assert.equal(empty.text('exit'), '2\n');
  });

  it('runs what its script wants later, unless it has ended by then', () => {
    const stage = new Stage();
    stage.job.begin((process) => {
      process.after(10, () => process.write('a'));
      process.after(20, () => process.exit(0));
      process.after(30, () => assert.fail());
    });
    while (stage.clock.fireNext(100)) {
      assert.ok(stage.clock.monotonicMs() <= 100);
    }

    assert.equal(stage.text('stdout'), 'a');
  });

  const signalled = (script: CommandScript, signal: ProcessSignal): Stage => {
    const stage = new Stage();
    stage.job.begin(script);
    stage.job.signal(signal);
    return stage;
  };

  it('dies of a signal that its script does not hear', () => {
    assert.equal(signalled(() => undefined, 'SIGINT').text('exit'), '130\n');
    assert.equal(signalled(() => undefined, 'SIGTERM').text('exit'), '143\n');
  });

  it('lives on when its script hears a signal, but not SIGKILL', () => {
    const hearing: CommandScript = (process) => process.onSignal((signal) => process.write(signal));

    assert.equal(signalled(hearing, 'SIGTERM').text('stdout'), 'SIGTERM');
    const killed = signalled(hearing, 'SIGKILL');
    assert.equal(killed.text('stdout'), '');
    assert.equal(killed.text('exit'), undefined);
    assert.deepEqual(killed.heard, ['runner undefined', 'group']);
    assert.equal(killed.job.isAlive(RUNNER) || killed.job.isAlive(CHILD), false);
  });

  it('leaves no exit status when its folder is gone, or its runner', () => {
    const removed = new Stage();
    removed.job.begin(() => undefined);
    removed.disk.content.remove('/f');
    removed.job.signal('SIGINT');
    assert.equal(removed.text('exit'), undefined);

    const orphan = new Stage();
    let end: () => void = () => undefined;
    orphan.job.begin((process) => {
      end = () => process.exit(0);
    });
    orphan.job.loseRunner();
    assert.equal(orphan.job.isAlive(RUNNER), false);
    assert.equal(orphan.job.isAlive(CHILD), true);
    end();
    assert.equal(orphan.text('exit'), undefined);
    assert.deepEqual(orphan.heard, ['runner undefined', 'group']);
  });

  it('does not begin after its end', () => {
    const stage = new Stage();
    stage.job.vanish();

    assert.equal(
      stage.job.begin(() => assert.fail()),
      false,
    );
  });
});
