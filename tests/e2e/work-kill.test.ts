import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { Place, type Program, until } from './daemon-process.js';
import { Line, type LineNode, submitted } from './line.js';
import { differenceOf, numberedBytes } from './numbered-bytes.js';
import { Tap } from './tap.js';

const WHOLE = numberedBytes(50_000_000);
const HALF = WHOLE.length / 2;
/** So many bytes are on their way when a node is killed. */
const CUT_BYTES = 10_000_000;
/** Surely more than headers, and less than what has passed the gate. */
const SOME_BYTES = 1_000_000;

/** A transfer that stands still would never end by itself. */
const LIMIT = { timeout: 120_000 };

const ROLES: Readonly<Record<LineNode, string>> = { alpha: 'submitter', beta: 'relay', gamma: 'executor' };

/** Counts its runs, writes what comes out of the tap, and ends with a status of its own. */
const pouring = (place: Place, code: number): readonly string[] => [
  ...['--work-command', 'worktype=pour', 'command=sh'],
  `params=-c 'echo run >> ${place.path('runs')}; cat ${place.path('tap')}; exit ${code}'`,
];

/** Leaves a copy of its input under the name of its process: there are as many as there were runs. */
const keeping = (place: Place): readonly string[] => [
  ...['--work-command', 'worktype=keep', 'command=sh'],
  `params=-c 'cat > ${place.path('input')}.$$; echo kept'`,
];

/** How the input of each run of a keeping job differs from all of it. */
function inputsOf(place: Place): readonly string[] {
  const names = readdirSync(place.folder).filter((name) => name.startsWith('input.'));
  return names.map((name) => differenceOf(readFileSync(place.path(name)), WHOLE));
}

function runsOf(place: Place): string {
  return readFileSync(place.path('runs'), 'utf8');
}

interface Status {
  readonly StateName: string;
  readonly Detail: string;
  readonly StdoutSize: number;
}

/** What the node says of a unit. */
async function statusOf(place: Place, id: string, unit: string): Promise<Status> {
  const { out, err } = await place.ask(id, 'work', 'status', unit, '-o', 'json');
  assert.equal(err, '');
  return JSON.parse(out);
}

/** The only unit of a node, or undefined. */
function unitOf(place: Place, id: string): string | undefined {
  return place.has(`data/${id}`) ? readdirSync(place.path(`data/${id}`))[0] : undefined;
}

describe('50 MB of output through three nodes', () => {
  for (const victim of ['alpha', 'beta', 'gamma'] as const) {
    it(`are complete, with no byte twice, when the ${ROLES[victim]} is killed in the middle`, LIMIT, async (t) => {
      const line = await Line.start(t, (place) => pouring(place, 0));
      const { place } = line;
      const tap = new Tap(t, place.path('tap'));
      const held = line.gate.holdAfter(CUT_BYTES, 'to-dialer');
      const unit = await submitted(place, 'pour', '-n', '--node', 'gamma');
      const socket = place.path('alpha.sock');
      const results = place.start('work', 'results', unit, '-O', 'out', '--socket', socket);

      await tap.pour(WHOLE.subarray(0, HALF));
      await held;
      await until(
        () => place.sizeOf('out'),
        (size) => size > SOME_BYTES,
      );
      await line.kill(victim);
      line.gate.release();
      await line.startNode(victim);
      await tap.pour(WHOLE.subarray(HALF));
      tap.shut();
      const { code, err } = await results.finished;

      assert.deepEqual([code, victim === 'alpha' ? /^The connection was lost/.test(err) : err === ''], [0, true], err);
      assert.equal(differenceOf(readFileSync(place.path('out')), WHOLE), 'none');
      assert.equal(differenceOf(readFileSync(place.path(`data/alpha/${unit}/stdout`)), WHOLE), 'none');
      assert.equal(runsOf(place), 'run\n');
    });
  }
});

describe('50 MB of input through three nodes', () => {
  interface Cut {
    readonly line: Line;
    readonly submit: Program;
    /** Its name at both ends: our own nodes give it the same. */
    readonly unit: string;
  }

  /** Sends the input; kills one of the nodes while it is on its way from alpha to gamma, and starts it again. */
  async function cut(t: TestContext, victim: LineNode): Promise<Cut> {
    const line = await Line.start(t, keeping);
    const { place, gate } = line;
    writeFileSync(place.path('payload'), WHOLE);
    const held = gate.holdAfter(CUT_BYTES, 'to-listener');
    const words = ['work', 'submit', 'keep', '--node', 'gamma', '-p', 'payload', '--follow'];
    const submit = place.start(...words, '--socket', place.path('alpha.sock'));
    await held;
    const arrived = await until(
      () => place.sizeOf(`data/gamma/${unitOf(place, 'gamma')}/stdin`),
      (size) => size > SOME_BYTES,
    );
    await line.kill(victim);
    gate.release();
    await line.startNode(victim);
    assert.ok(arrived < WHOLE.length, 'it was not in the middle');
    return { line, submit, unit: unitOf(place, 'alpha') ?? '' };
  }

  for (const victim of ['beta', 'gamma'] as const) {
    it(`is whole, and the job runs once, when the ${ROLES[victim]} is killed in the middle`, LIMIT, async (t) => {
      const { line, submit } = await cut(t, victim);

      const { code, out, err } = await submit.finished;

      assert.deepEqual([code, out, err], [0, 'kept\n', '']);
      assert.deepEqual(inputsOf(line.place), ['none']);
    });
  }

  it(
    'fails the unit with the reason, and the job does not run, when the submitter is killed in the middle',
    LIMIT,
    async (t) => {
      const { line, submit, unit } = await cut(t, 'alpha');

      const { code, out } = await submit.finished;
      const status = await statusOf(line.place, 'alpha', unit);
      const far = await until(
        () => statusOf(line.place, 'gamma', unit),
        ({ StateName }) => StateName !== 'Pending',
      );

      assert.deepEqual([code, out], [10, '']);
      assert.equal(status.StateName, 'Failed');
      assert.equal(status.Detail, 'Failed to restart: remote work had not previously started');
      assert.equal(far.StateName, 'Failed');
      assert.match(far.Detail, /^Error reading input data: /);
      assert.deepEqual(inputsOf(line.place), []);
    },
  );

  it('fails the unit with the reason when the submitter is killed before it has all of the input', LIMIT, async (t) => {
    const line = await Line.start(t, keeping);
    const { place } = line;
    const words = ['work', 'submit', 'keep', '--node', 'gamma', '-p', '-'];
    const submit = place.start(...words, '--socket', place.path('alpha.sock'));

    submit.process.stdin?.write(WHOLE.subarray(0, HALF));
    await until(
      () => place.sizeOf(`data/alpha/${unitOf(place, 'alpha')}/stdin`),
      (size) => size > SOME_BYTES,
    );
    await line.kill('alpha');
    submit.process.stdin?.end(WHOLE.subarray(HALF));
    await line.startNode('alpha');
    const { code } = await submit.finished;
    const status = await statusOf(place, 'alpha', unitOf(place, 'alpha') ?? '');

    assert.equal(code, 10);
    assert.equal(status.StateName, 'Failed');
    assert.equal(status.Detail, 'Failed to restart: remote work had not previously started');
    assert.equal(unitOf(place, 'gamma'), undefined);
    assert.deepEqual(inputsOf(place), []);
  });
});

describe('a job of a node that is killed', () => {
  const node = (place: Place) => place.node('alpha', '--local-only', ...pouring(place, 3));

  it('goes on meanwhile, is found again at the start, and its exit status is kept', LIMIT, async (t) => {
    const place = new Place(t);
    const first = await node(place);
    const tap = new Tap(t, place.path('tap'));
    const unit = await submitted(place, 'pour', '-n');

    await tap.pour(WHOLE.subarray(0, SOME_BYTES));
    await first.kill();
    await tap.pour(WHOLE.subarray(SOME_BYTES, 2 * SOME_BYTES));
    await node(place);
    const found = await statusOf(place, 'alpha', unit);
    await tap.pour(WHOLE.subarray(2 * SOME_BYTES, 3 * SOME_BYTES));
    tap.shut();
    const { code, err } = await place.ask('alpha', 'work', 'results', unit, '-O', 'out');

    assert.equal(found.StateName, 'Running');
    assert.equal(code, 20);
    assert.match(err, /failed: exit status 3\n$/);
    assert.equal(differenceOf(readFileSync(place.path('out')), WHOLE.subarray(0, 3 * SOME_BYTES)), 'none');
    assert.equal(runsOf(place), 'run\n');
  });

  it('that ended while its node was away has its real exit status and all its output', LIMIT, async (t) => {
    const place = new Place(t);
    const first = await node(place);
    const tap = new Tap(t, place.path('tap'));
    const unit = await submitted(place, 'pour', '-n');

    await tap.pour(WHOLE.subarray(0, SOME_BYTES));
    await first.kill();
    await tap.pour(WHOLE.subarray(SOME_BYTES, 2 * SOME_BYTES));
    tap.shut();
    await until(async () => place.has(`data/alpha/${unit}/exit`));
    await node(place);
    const status = await until(
      () => statusOf(place, 'alpha', unit),
      ({ StateName }) => StateName !== 'Running',
    );

    assert.deepEqual([status.StateName, status.Detail], ['Failed', 'exit status 3']);
    assert.equal(status.StdoutSize, 2 * SOME_BYTES);
    assert.equal(runsOf(place), 'run\n');
  });
});
