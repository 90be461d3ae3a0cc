import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import type { Finished } from '../e2e/daemon-process.js';
import { bigFile, CTL, digestOf, errorsOf, submit } from './client.js';
import { isTalking, Line, type Name } from './line.js';
import { RECEPTORCTL, REFERENCE } from './tools.js';

/** The two places where receptorctl asks for work: on its own node, and two hops away. */
const WHERE: readonly (readonly [string, Name, readonly string[]])[] = [
  ['on its own node', 'alpha', []],
  ['two hops away', 'gamma', ['--node', 'gamma']],
];

/** What one run of receptorctl came to, in one line: status, output, errors. */
function told(finished: Finished): string {
  return [finished.code, finished.out.trimEnd(), errorsOf(finished)].filter((part) => part !== '').join(' | ');
}

describe(`${RECEPTORCTL.name} against three nodes of ours`, () => {
  const shared = new Line({ after }, ['ours', 'ours', 'ours']);
  const mesh = () => shared.up();
  const ctl = async (...words: readonly string[]): Promise<Finished> => await CTL.ask(await mesh(), 'alpha', ...words);

  it('shows the status for people and as JSON', RECEPTORCTL.test, async () => {
    const people = await ctl('status');
    const json = await ctl('status', '--json');

    assert.deepEqual([people.code, json.code, errorsOf(people)], [0, 0, '']);
    assert.match(people.out, /^Node ID: alpha\nVersion: \S+\nSystem CPU Count: \d+\nSystem Memory MiB: \d+\n/);
    assert.match(people.out, /\nConnection {3}Cost\nbeta {9}1\n/);
    assert.match(people.out, /\nalpha {8}beta: 1 \nbeta {9}alpha: 1 gamma: 1 \ngamma {8}beta: 1 \n/);
    assert.match(people.out, /\nRoute {8}Via\nbeta {9}beta\ngamma {8}beta\n/);
    assert.match(people.out, /\ngamma {8}control {3}Stream {5}20\d\d-\S+ \S+ {3}\{'type': 'Control Service'\}\n/);
    assert.match(people.out, /\ngamma {8}cat, slow, drip, fail, echo\n$/);
    assert.deepEqual(Object.keys(JSON.parse(json.out)).sort(), [
      ...['Advertisements', 'Connections', 'KnownConnectionCosts', 'NodeID', 'RoutingTable'],
      ...['SystemCPUCount', 'SystemMemoryMiB', 'Version'],
    ]);
  });

  it('pings and traces, and is told of a node that there is not', RECEPTORCTL.test, async () => {
    const ping = await ctl('ping', 'gamma', '--count', '2', '--delay', '0');
    const way = await ctl('traceroute', 'gamma');
    const itself = await ctl('traceroute', 'alpha');
    const nobody = await ctl('ping', 'nobody', '--count', '1');
    const noWay = await ctl('traceroute', 'nobody');

    assert.match(told(ping), /^0 \| Reply from gamma in [\d.]+(µs|ms)\nReply from gamma in [\d.]+(µs|ms)$/);
    assert.match(told(way), /^0 \| 0: alpha in \S+\n1: beta in \S+\n2: gamma in \S+$/);
    assert.match(told(itself), /^0 \| 0: alpha in \S+$/);
    assert.equal(told(nobody), '2 | ERROR: no route to node');
    assert.match(told(noWay), /^0 \| 0: alpha in \S+ \| ERROR: 1: Error no route to node from alpha in \S+$/);
  });

  it('connects a terminal to the control service two hops away', RECEPTORCTL.test, async () => {
    const session = CTL.connect(await mesh(), 'alpha', 'gamma', 'control');

    // Not its greeting: receptorctl drops what comes together with the answer to its `connect`.
    session.process.stdin?.write('{"command":"status","requested_fields":["NodeID"]}\n');
    await session.said(/\n\{"NodeID":"gamma"\}\r?\n/);

    // Ctrl-D.
    session.process.stdin?.write('\u0004');

    assert.equal((await session.finished).code, 0);
  });

  it('is told what cannot be connected to', RECEPTORCTL.test, async () => {
    const line = await mesh();

    const service = await CTL.connect(line, 'alpha', 'gamma', 'nothing').finished;
    const node = await CTL.connect(line, 'alpha', 'nobody', 'control').finished;

    // On a terminal its errors are red.
    assert.match(service.out, /ERROR: ERROR: context canceled\b/);
    assert.match(node.out, /ERROR: ERROR: no route to node\b/);
  });

  for (const [where, executor, node] of WHERE) {
    it(`submits ${where}, follows, and ends as the unit does`, RECEPTORCTL.test, async () => {
      const work = (...words: readonly string[]) => ctl('work', 'submit', ...node, ...words);

      assert.equal(told(await work('cat', '--payload-literal', 'hello', '--follow')), '0 | hello');
      assert.match(
        told(await work('echo', '-n', '-f', '--rm', 'a', 'b')),
        /^0 \| a b\n\(alpha[a-zA-Z0-9]{8}, released\)$/,
      );
      assert.equal(told(await work('fail', '-n', '-f')), '1 | before | ERROR: Remote unit failed: exit status 3');
      assert.equal(told(await work('echo', '-n', '-f', '-a', 'params=x', 'y')), '0 | x y');
    });

    it(`brings 50 MB ${where} in and out unchanged`, RECEPTORCTL.test, async () => {
      const line = await mesh();
      const [sent, got] = [line.place.path(`in-${executor}`), line.place.path(`out-${executor}`)];
      const digest = await bigFile(sent);

      const unit = await submit(CTL, line, 'alpha', 'cat', ...node, '--payload', sent);
      const { code } = await CTL.askInto(got, line, 'alpha', 'work', 'results', unit);

      assert.equal(code, 0);
      assert.equal(await digestOf(got), digest);
    });

    it(`lists, cancels and releases what runs ${where}`, RECEPTORCTL.test, async () => {
      const line = await mesh();
      const unit = await submit(CTL, line, 'alpha', 'slow', ...node, '-n');
      await line.unit('alpha', unit, isTalking);

      const listed = JSON.parse((await ctl('work', 'list', '--unit_id', unit)).out)[unit];
      const there = await ctl('work', 'list', '--node', executor, '-q');
      const cancelled = await ctl('work', 'cancel', unit);
      await line.unit('alpha', unit, ({ StateName }) => StateName === 'Canceled');
      const results = await ctl('work', 'results', unit);
      const released = await ctl('work', 'release', unit);
      await Promise.all([line.gone('alpha', unit), line.gone(executor, unit)]);

      assert.deepEqual([listed.StateName, listed.WorkType], ['Running', executor === 'alpha' ? 'slow' : 'remote']);
      assert.ok(there.out.split('\n').includes(unit), there.out);
      assert.equal(told(cancelled), `0 | Cancelled:\n(${unit}, cancelled)`);
      // A cancelled unit has not failed, and its results end (Go's never do).
      assert.equal(told(results), '0 | one');
      assert.equal(told(released), `0 | Released:\n(${unit}, released)`);
    });
  }

  it('is told of a unit that there is not', RECEPTORCTL.test, async () => {
    const asked = [['list', '--unit_id'], ['results'], ['cancel'], ['release'], ['release', '--force']];

    const answers = await Promise.all(asked.map((words) => ctl('work', ...words, 'nosuch')));

    assert.deepEqual(answers.map(told), [
      '1 | ERROR: unknown work unit nosuch',
      '1 | ERROR: Failed to get results: unknown work unit nosuch',
      '1 | Cancelled: | ERROR: nosuch: ERROR: unknown work unit nosuch',
      '1 | Released: | ERROR: nosuch: ERROR: unknown work unit nosuch',
      '1 | Released: | ERROR: nosuch: ERROR: unknown work unit nosuch',
    ]);
  });

  it('is told what work cannot be started', RECEPTORCTL.test, async () => {
    const asked: readonly (readonly [readonly string[], string])[] = [
      [['nope'], 'Failed to start work unit: unknown work type nope'],
      [['cat', 'extra'], 'Failed to start work unit: extra params provided but not allowed'],
      [['cat', '--ttl', '1s'], 'Failed to start work unit: ttl option is intended for remote work only'],
      [['nope', '--node', 'gamma'], 'Remote error: ERROR: could not parse response: ERROR: unknown work type nope'],
      [
        ['cat', '--node', 'gamma', 'extra'],
        'Remote error: ERROR: could not parse response: ERROR: extra params provided but not allowed',
      ],
      [['cat', '--node', 'gamma', '--signwork'], 'Remote error: ERROR: cannot sign work: signing key is empty'],
      [['cat', '--node', 'gamma', '--tls-client', 'x'], 'Failed to start work unit: unknown TLS config x'],
      [['cat', '--node', 'gamma', '--ttl', 'zz'], 'Failed to start work unit: time: invalid duration "zz"'],
    ];

    for (const [words, text] of asked) {
      assert.equal(told(await ctl('work', 'submit', '-n', ...words)), `101 | ERROR: ${text}`);
    }
  });

  it('leaves work for an unknown node waiting, until its time is over', RECEPTORCTL.test, async () => {
    const line = await mesh();

    const waiting = await ctl('work', 'submit', 'cat', '--node', 'nobody', '-n', '--ttl', '1s');
    const [, unit = ''] = /^Result: Job Submitted\nUnit ID: (\w+)\n$/.exec(waiting.out) ?? [];
    const { Detail } = await line.unit('alpha', unit, ({ StateName }) => StateName === 'Failed');
    const list = await ctl('work', 'list', '--node', 'nobody');

    assert.match(Detail, /^Work unit expired on /);
    assert.equal(told(list), '1 | ERROR: ERROR: no route to node');
  });

  it('releases everything', RECEPTORCTL.test, async () => {
    const released = await ctl('work', 'release', '--all');

    assert.equal(released.code, 0, told(released));
    assert.equal(told(await ctl('work', 'list', '-q')), '0');
    const line = await mesh();
    await line.status('gamma');
    assert.equal(told(await CTL.ask(line, 'gamma', 'work', 'list', '-q')), '0');
  });
});

/** Words for receptorctl whose answers do not hang on the moment. `UNIT` is the unit submitted last. */
const SESSION: readonly string[] = [
  ...['ping gamma --count 2 --delay 0', 'ping nobody --count 1', 'traceroute gamma', 'traceroute nobody', 'reload'],
  ...['', '--node gamma'].flatMap((node) => [
    `work submit cat ${node} -p payload -f`,
    `work submit echo ${node} -n -f a b`,
    `work submit fail ${node} -n -f`,
    `work submit nope ${node} -n`,
    `work submit cat ${node} -n extra`,
    `work submit cat ${node} -n --ttl 1h`,
    `work submit cat ${node} -n --tls-client x`,
    `work submit cat ${node} -n --signwork`,
    `work submit slow ${node} -n`,
    'work cancel UNIT',
    'work release UNIT',
    `work submit slow ${node} -n`,
    'work release --force UNIT',
  ]),
  ...['work submit cat --node nobody -n', 'work cancel UNIT', 'work list --unit_id UNIT', 'work release UNIT'],
  ...['work submit cat --node nobody -n --ttl zz', 'work list --node nobody', 'work list --unit_id nosuch'],
  ...['work cancel nosuch', 'work results nosuch', 'work release nosuch', 'work release --force nosuch'],
];

/** Without times, and without a prefix that Go before 1.6 puts before one of its errors. */
function timeless(text: string): string {
  return text.replace(/\b[\d.]+(ns|µs|ms)\b/g, 'TIME').replace('INTERNAL_ERROR (local): no route', 'no route');
}

/** What was asked, and what came of it. */
async function session(line: Line): Promise<readonly string[]> {
  writeFileSync(line.place.path('payload'), 'hello\n');
  const told: string[] = [];
  let unit = 'UNIT';
  for (const words of SESSION) {
    const finished = await CTL.ask(line, 'alpha', ...words.replace('UNIT', unit).split(' ').filter(Boolean));
    const { code, out } = finished;
    unit = /Unit ID: (\w+)/.exec(out)?.[1] ?? unit;
    told.push(timeless(`${words} -> ${code}\n${out}${errorsOf(finished)}\n`).replaceAll(unit, 'UNIT'));
  }
  return told;
}

describe(`${RECEPTORCTL.name} against ours and against ${REFERENCE.name}`, () => {
  it('is told the same, word for word', { ...RECEPTORCTL.test, ...REFERENCE.test }, async (t) => {
    const ours = await new Line(t, ['ours', 'ours', 'ours']).up();
    const theirs = await new Line(t, ['go', 'go', 'go']).up();

    const [told, original] = await Promise.all([session(ours), session(theirs)]);

    assert.deepEqual(told, original);
  });
});
