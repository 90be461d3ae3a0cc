import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { Place, Program } from './daemon-process.js';

/** One run of the demo, in a folder for temporary files of its own. */
class DemoRun {
  readonly place: Place;
  readonly program: Program;

  constructor(t: TestContext, ...words: readonly string[]) {
    this.place = new Place(t);
    mkdirSync(this.place.path('tmp'));
    this.program = new Program(['demo', ...words], { env: { TMPDIR: this.place.path('tmp') }, cwd: this.place.folder });
    t.after(() => this.program.kill());
  }

  /** What is left of it: files, and processes that run in its folder or were told of it. */
  get left(): readonly string[] {
    return [...readdirSync(this.place.path('tmp')), ...this.processes];
  }

  /** Processes that know its folder; only Linux tells. */
  get processes(): readonly string[] {
    const ids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
    return ids.filter((id) => Number(id) !== this.program.process.pid && this.#belongsToUs(id));
  }

  #belongsToUs(id: string): boolean {
    try {
      return readFileSync(`/proc/${id}/environ`, 'latin1').includes(`TMPDIR=${this.place.path('tmp')}\0`);
    } catch {
      return false; // it has ended, or is not ours to look at
    }
  }
}

describe('the demo', () => {
  it('shows a mesh of three nodes, the way across, and work two hops away, and leaves nothing', async (t) => {
    const demo = new DemoRun(t);
    await demo.program.said(/gamma is up/);
    const processes = demo.processes.length;

    const { code, out, err } = await demo.program.finished;

    assert.deepEqual([code, err], [0, '']);
    assert.ok(!existsSync('/proc') || processes >= 3, `${processes} processes were seen`);
    assert.match(out, /^\nReceptor links computers into a mesh\./);
    assert.match(
      out,
      / {2}alpha is up, at port \d+: .*\n(.*\n) {2}beta is up, at port \d+: .*\n(.*\n) {2}gamma is up: /,
    );
    assert.match(out, /LINK TO {2}COST\nbeta {5}1\n\n/);
    assert.match(out, /ROUTE TO {2}VIA\nbeta {6}beta\ngamma {5}beta\n/);
    assert.match(out, /WORK TYPES\ngamma {2}lines\n/);
    assert.match(out, /\$ receptor ping gamma .*\n(Reply from gamma in \S+\n){3}/);
    assert.match(out, /\$ receptor traceroute gamma .*\n0: alpha in \S+\n1: beta in \S+\n2: gamma in \S+\n/);
    assert.match(out, /\$ receptor work submit .*\n(line [1-5] from gamma\n){5}\n/);
    assert.match(out, /── All nodes are stopped; nothing is left behind\.\n$/);
    assert.deepEqual(demo.left, []);
  });

  it('shows the lines of the work as they come', async (t) => {
    const { program } = new DemoRun(t);
    await program.said(/line 1 from gamma\n/);

    assert.ok(!program.out.includes('line 5'), 'all lines came at once');
    await program.finished;
  });

  it('stays when it is asked to, takes commands from other terminals, and goes at Ctrl-C', async (t) => {
    const demo = new DemoRun(t, '--stay');
    const [, socket = ''] = await demo.program.said(/ status --socket (\/\S+)\n/);
    const status = await demo.place.run('status', '--socket', socket);
    demo.program.signal('SIGINT');
    const { code, err } = await demo.program.finished;

    assert.match(status.out, /ROUTE TO {2}VIA\nbeta {6}beta\ngamma {5}beta\n/);
    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(demo.left, []);
  });

  for (const [moment, pattern] of [
    ['while its nodes start', /alpha is up/],
    ['while the mesh is looked at', /\$ receptor ping gamma/],
    ['while the work runs', /line 2 from gamma/],
  ] as const) {
    it(`leaves nothing when it is interrupted ${moment}`, async (t) => {
      const demo = new DemoRun(t);
      await demo.program.said(pattern);

      demo.program.signal('SIGINT');
      const { code, out, err } = await demo.program.finished;

      assert.deepEqual([code, err], [130, '']);
      assert.match(out, /── Interrupted\n\n── All nodes are stopped; nothing is left behind\.\n$/);
      assert.ok(!out.includes('line 5'));
      assert.deepEqual(demo.left, []);
    });
  }

  it('leaves nothing when nobody reads what it says', async (t) => {
    const demo = new DemoRun(t);
    await demo.program.said(/beta is up/);
    demo.program.process.stdout?.destroy();

    const { code, err } = await demo.program.finished;

    assert.deepEqual([code, err], [141, '']);
    assert.deepEqual(demo.left, []);
  });

  it('says which word makes no sense, and starts nothing', async (t) => {
    const place = new Place(t);
    const [wrong, help] = [await place.run('demo', '--saty'), await place.run('demo', '--help')];

    assert.deepEqual([wrong.code, wrong.out], [2, '']);
    assert.match(wrong.err, /^Error: the demo does not know "--saty"\n\nreceptor demo: .*\n\nUsage:\n/);
    assert.deepEqual([help.code, help.err], [0, '']);
    assert.match(help.out, /^receptor demo: .*\n\nUsage:\n/);
  });
});
