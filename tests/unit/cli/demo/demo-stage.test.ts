import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DemoStage } from '../../../../cli/demo/demo-stage.js';
import { FakeProgram } from './fake-program.js';

/** A stage for a fake program, and what was shown on it. */
class Seen {
  text = '';
  readonly program: FakeProgram;
  readonly stage: DemoStage;
  readonly interruption = new AbortController();
  #heard: () => void = () => undefined;

  constructor(t: TestContext, ...modes: readonly string[]) {
    this.program = new FakeProgram(t, ...modes);
    this.stage = new DemoStage({
      program: this.program.file,
      folder: this.program.folder,
      signal: this.interruption.signal,
      write: (text) => {
        this.text += text;
        this.#heard();
      },
    });
    t.after(() => this.stage.kill());
  }

  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

describe('the stage of the demo', () => {
  it('shows how a node is started, and waits until it is ready', async (t) => {
    const seen = new Seen(t);
    const { stage, program } = seen;
    const node = await stage.start('alpha', ['--node', 'id=alpha']);
    await stage.end();

    assert.equal(node.portNumber, 45);
    assert.equal(seen.text, '$ receptor --node id=alpha\n');
    assert.deepEqual([program.calls, program.ends], [['--node id=alpha'], ['alpha']]);
  });

  it('shows a command and all that it prints', async (t) => {
    const seen = new Seen(t);
    await seen.stage.show(['status', '--socket', 'alpha.sock']);

    assert.match(seen.text, /^\$ receptor status --socket alpha\.sock\n/);
    assert.ok(seen.text.includes(`this is status of ${seen.program.folder}\n`));
    assert.ok(seen.text.includes('and a hint\n'));
  });

  it('shows words as a shell takes them', async (t) => {
    const seen = new Seen(t);
    await seen.stage.show(['work', 'a b', '$HOME', 'it\'s $x and "y"', 'params=-c x', '']);

    assert.equal(seen.text.split('\n')[0], `$ receptor work 'a b' '$HOME' "it's \\$x and \\"y\\"" 'params=-c x' ''`);
  });

  it('shows what a command prints while it runs', async (t) => {
    const seen = new Seen(t, 'stuck-work');
    const shown = seen.stage.show(['work']);
    await seen.until('it begins');
    seen.interruption.abort();

    await assert.rejects(shown, { name: 'AbortError' });
  });

  it('says which command has failed', async (t) => {
    const seen = new Seen(t, 'failing-ping');

    await assert.rejects(seen.stage.show(['ping', 'gamma']), /^Error: receptor ping gamma ended with status 7$/);
    assert.equal(await seen.stage.succeeds(['ping', 'gamma']), false);
    assert.equal(await seen.stage.succeeds(['status']), true);
    await seen.stage.tidy(['ping']);
  });

  it('starts nothing more once it is interrupted, save what tidies up', async (t) => {
    const { stage, program, interruption } = new Seen(t);
    interruption.abort();

    for (const start of [() => stage.start('a', ['--node']), () => stage.show(['x']), () => stage.succeeds(['x'])]) {
      await assert.rejects(start(), { name: 'AbortError' });
    }
    await stage.tidy(['work', 'cancel']);
    assert.deepEqual(program.calls, ['work cancel']);
  });

  it('stops all its nodes, also one that does not become ready', async (t) => {
    const { stage, program } = new Seen(t, 'failing-beta');
    await stage.start('alpha', ['--node', 'id=alpha']);
    await stage.start('gamma', ['--node', 'id=gamma']);
    await assert.rejects(stage.start('beta', ['--node', 'id=beta']), /beta ended/);

    await stage.end();

    assert.deepEqual(Array.from(program.ends).sort(), ['alpha', 'gamma']);
  });

  it('ends its nodes at once when it must', async (t) => {
    const { stage, program } = new Seen(t, 'stubborn');
    await stage.start('alpha', ['--node', 'id=alpha']);

    const end = stage.end();
    stage.kill();
    await end;

    assert.deepEqual(program.ends, []);
  });
});
