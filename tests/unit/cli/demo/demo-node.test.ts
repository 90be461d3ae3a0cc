import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DemoNode } from '../../../../cli/demo/demo-node.js';
import { FakeProgram } from './fake-program.js';

/** Longer than a node of the demo may take to start or to stop. */
const PATIENCE_MS = 15_000;

function nodeOf(t: TestContext, program: FakeProgram): DemoNode {
  const node = new DemoNode({
    program: program.file,
    id: 'alpha',
    words: ['--node', 'id=alpha'],
    folder: program.folder,
  });
  t.after(() => node.kill());
  return node;
}

describe('a node of the demo', () => {
  it('is ready when it says so, and is known with its port by then', async (t) => {
    const node = nodeOf(t, new FakeProgram(t));
    assert.equal(node.portNumber, 0);

    await node.ready();

    assert.deepEqual([node.id, node.portNumber], ['alpha', 45]);
  });

  it('is stopped in order', async (t) => {
    const program = new FakeProgram(t);
    const node = nodeOf(t, program);
    await node.ready();

    await node.stop();
    await node.stop();

    assert.deepEqual(program.ends, ['alpha']);
  });

  it('that ends before it is ready is told with its last lines', async (t) => {
    const node = nodeOf(t, new FakeProgram(t, 'failing'));

    await assert.rejects(node.ready(), (error: Error) => {
      const [first, ...lines] = error.message.split('\n');
      assert.equal(first, 'alpha ended:');
      assert.equal(lines.length, 10);
      assert.ok(lines.includes('line 14') && lines.includes('the reason') && !lines.includes('line 4'));
      return true;
    });
  });

  it('that does not become ready in time is told', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const ready = nodeOf(t, new FakeProgram(t, 'silent')).ready();

    t.mock.timers.tick(PATIENCE_MS);

    await assert.rejects(ready, /^Error: alpha does not become ready:/);
  });

  it('that does not stop in time is killed', async (t) => {
    const program = new FakeProgram(t, 'stubborn');
    const node = nodeOf(t, program);
    await node.ready();
    t.mock.timers.enable({ apis: ['setTimeout'] });

    const stopped = node.stop();
    t.mock.timers.tick(PATIENCE_MS);
    await stopped;

    assert.deepEqual(program.ends, []);
  });

  it('that cannot be started at all is told, and needs no stop', async (t) => {
    const { file } = new FakeProgram(t);
    const node = new DemoNode({ program: file, id: 'alpha', words: [], folder: '/nowhere/at/all' });

    await assert.rejects(node.ready(), /alpha ended/);
    await node.stop();
  });
});
