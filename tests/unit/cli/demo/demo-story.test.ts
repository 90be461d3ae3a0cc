import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DemoStage } from '../../../../cli/demo/demo-stage.js';
import { DemoStory } from '../../../../cli/demo/demo-story.js';
import { FakeProgram } from './fake-program.js';

/** The pause between two looks whether the mesh is complete. */
const LOOK_EVERY_MS = 100;

function storyOf(t: TestContext, ...modes: readonly string[]) {
  const program = new FakeProgram(t, ...modes);
  const seen = { text: '' };
  const interruption = new AbortController();
  const write = (text: string): void => {
    seen.text += text;
  };
  const stage = new DemoStage({ program: program.file, folder: program.folder, signal: interruption.signal, write });
  t.after(() => stage.kill());
  return { program, stage, seen, interruption, story: new DemoStory({ stage, write, calledAs: 'npx receptor-mesh' }) };
}

describe('the story of the demo', () => {
  it('starts three nodes in a line, each linked to the one before it', async (t) => {
    const { story, program } = storyOf(t);
    await story.tell();
    const nodes = program.calls.filter((words) => words.startsWith('--node'));

    assert.deepEqual(
      nodes.map((words) => [/id=(\w+)/.exec(words)?.[1], /--tcp-peer (\S+)/.exec(words)?.[1]]),
      [
        ['alpha', undefined],
        ['beta', '127.0.0.1:45'],
        ['gamma', '127.0.0.1:44'],
      ],
    );
    assert.match(`${nodes[2]}`, / --work-command worktype=lines command=sh params=-c '.*'$/);
  });

  it('then asks alpha: for its status, for gamma, for the way, and for work two hops away', async (t) => {
    const { story, program } = storyOf(t);
    await story.tell();
    const asked = program.calls.filter((words) => !words.startsWith('--node'));

    assert.deepEqual(
      asked.map((words) => words.split(' ').slice(0, 2).join(' ')),
      ['ping gamma', 'status --socket', 'ping gamma', 'traceroute gamma', 'work submit'],
    );
    assert.ok(asked.every((words) => words.endsWith('--socket alpha.sock')));
    assert.match(program.call('work'), /^work submit lines --node gamma --no-payload --follow --rm /);
  });

  it('says what it is about before it shows anything, and how the program is called', async (t) => {
    const { story, seen } = storyOf(t);
    await story.tell();
    const [introduction = ''] = seen.text.split('$ receptor');

    assert.match(introduction, /^\nReceptor links computers into a mesh\./);
    assert.match(introduction, /alpha ─── beta ─── gamma/);
    assert.match(introduction, /"npx receptor-mesh"/);
    assert.ok(seen.text.split('\n').every((line) => line.startsWith('$') || line.length <= 120));
  });

  it('cancels the work that still runs when it is tidied up, and only that', async (t) => {
    const { story, program } = storyOf(t, 'failing-work');
    await story.tidy();
    await assert.rejects(story.tell(), /work submit .* ended with status 7/);
    await story.tidy();
    const done = storyOf(t);
    await done.story.tell();
    await done.story.tidy();

    assert.equal(program.calls.at(-1), 'work cancel --all --socket alpha.sock');
    assert.equal(program.calls.filter((words) => words.startsWith('work')).length, 2);
    assert.match(done.program.call('work'), /^work submit/);
  });

  it('gives up when gamma is not found', async (t) => {
    const { story, program } = storyOf(t, 'failing-ping');
    const { setTimeout: real } = globalThis;
    t.mock.method(globalThis, 'setTimeout', (fire: () => void, delayMs: number) =>
      delayMs === LOOK_EVERY_MS ? setImmediate(fire) : real(fire, delayMs),
    );

    await assert.rejects(story.tell(), /^Error: alpha did not find the way to gamma$/);
    assert.equal(program.calls.filter((words) => words.startsWith('ping')).length, 30);
  });

  it('says how to go on, with commands that can be typed as they are', (t) => {
    const { story, seen } = storyOf(t);
    story.tellHowToGoOn();
    story.tellThatNodesStay('/tmp/x/alpha.sock');

    assert.match(seen.text, /\n {2}npx receptor-mesh demo --stay /);
    assert.match(seen.text, /\n {2}npx receptor-mesh status --socket \/tmp\/x\/alpha\.sock\n/);
    assert.match(seen.text, /until you press Ctrl-C/);
  });
});
