import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { LISTEN, Place, portOf, until } from './daemon-process.js';

const WORK = [
  ...['--work-command', 'worktype=cat', 'command=cat'],
  ...['--work-command', 'worktype=slow', 'command=sh', "params=-c 'echo one; sleep 60'"],
  ...['--work-command', 'worktype=fail', 'command=sh', "params=-c 'echo before; sleep 0.2; exit 3'"],
  ...['--work-command', 'worktype=echo', 'command=echo', 'allowruntimeparams=true'],
];

/** Two nodes that are linked; beta does work, and each knows of the other's services. */
async function pair(t: TestContext): Promise<Place> {
  const place = new Place(t);
  const alpha = await place.node('alpha', ...LISTEN);
  await place.node('beta', '--tcp-peer', `127.0.0.1:${await portOf(alpha)}`, ...WORK);
  await until(
    () => place.ask('alpha', 'status', '-o', 'json'),
    ({ out }) => out.includes('"WorkType":"cat"'),
  );
  return place;
}

describe('the client and two linked nodes', () => {
  it('asks for the status, a ping, the way, and a service', async (t) => {
    const place = await pair(t);

    const status = await place.ask('alpha', 'status');
    const json = await place.ask('alpha', 'status', '-o', 'json');
    const ping = await place.ask('alpha', 'ping', 'beta', '--count', '2', '--delay', '0');
    const way = await place.ask('beta', 'traceroute', 'alpha');
    const version = await place.ask('beta', 'version');
    const connect = place.start('connect', 'beta', 'control', '--socket', place.path('alpha.sock'));
    connect.process.stdin?.end('{"command":"status","requested_fields":["NodeID"]}\n');

    assert.match(status.out, /ROUTE TO {2}VIA\nbeta {6}beta\n/);
    assert.deepEqual(JSON.parse(json.out).Connections, [{ NodeID: 'beta', Cost: 1 }]);
    assert.match(ping.out, /^(Reply from beta in \S+\n){2}$/);
    assert.match(way.out, /^0: beta in \S+\n1: alpha in \S+\n$/);
    assert.match(version.out, /^receptor (\S+)\nnode beta \1\n$/);
    assert.equal((await connect.finished).out, 'Receptor Control, node beta\n{"NodeID":"beta"}\n');
  });

  it('is told what is wrong', async (t) => {
    const place = await pair(t);
    const asked = [
      ['ping', 'nobody', '--count', '1'],
      ['traceroute', 'nobody'],
      ['connect', 'beta', 'nothing'],
      ['work', 'submit', 'cta', '-n', '--node', 'beta'],
      ['work', 'results', 'nosuch'],
      ['work', 'status', 'nosuch', '--node', 'nobody'],
      ['reload'],
      ['work', 'submit', 'cat'],
      ['sattus'],
    ];

    const told = await Promise.all(asked.map((words) => place.ask('alpha', ...words)));

    assert.deepEqual(
      told.map(({ code }) => code),
      [1, 1, 1, 1, 1, 1, 4, 2, 2],
    );
    assert.match(told[3]?.err ?? '', /unknown work type cta\n {2}beta offers cat, slow, fail, echo\n$/);
    assert.ok(told.every(({ err }) => !err.includes('    at ')));
  });

  it('ends quietly when nobody reads what it says', async (t) => {
    const place = await pair(t);
    const work = place.start(
      ...['work', 'submit', 'cat', '--node', 'beta', '-p', '-', '--follow', '--socket', place.path('alpha.sock')],
    );
    work.process.stdout?.destroy();
    work.process.stdin?.end(randomBytes(1_000_000));

    const { code, err } = await work.finished;

    assert.deepEqual([code, err], [141, '']);
  });
});

describe('the client and work on another node', () => {
  it('submits, follows, and ends as the unit does', async (t) => {
    const place = await pair(t);
    const submit = (...words: readonly string[]) => place.ask('alpha', 'work', 'submit', '--node', 'beta', ...words);

    const cat = await submit('cat', '--payload-literal', 'hello', '--follow');
    const echo = await submit('-n', '-f', '--rm', 'echo', '--', '-n', 'a', 'b');
    const fail = await submit('fail', '-n', '-f');

    assert.deepEqual([cat.code, cat.out, cat.err], [0, 'hello\n', '']);
    assert.deepEqual([echo.code, echo.out, echo.err], [0, 'a b', '']);
    assert.deepEqual([fail.code, fail.out], [20, 'before\n']);
    assert.match(fail.err, /^Error: the unit \S+ failed: exit status 3\n$/);
  });

  it('brings megabytes there and back unchanged', async (t) => {
    const place = await pair(t);
    const content = randomBytes(5_000_000);
    writeFileSync(place.path('in'), content);

    const submitted = await place.ask(
      'alpha',
      'work',
      'submit',
      '--node',
      'beta',
      'cat',
      '-p',
      place.path('in'),
      '-o',
      'json',
    );
    const { unitid } = JSON.parse(submitted.out);
    const results = await place.ask('alpha', 'work', 'results', unitid, '-O', place.path('out'));

    assert.deepEqual([results.code, results.out, results.err], [0, '', '']);
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(hash(readFileSync(place.path('out'))), hash(content));
  });

  it('leaves a unit running at Ctrl-C, then cancels and releases it', async (t) => {
    const place = await pair(t);
    const follow = place.start(
      ...['work', 'submit', '--node', 'beta', 'slow', '-n', '--follow', '--socket', place.path('alpha.sock')],
    );
    await follow.said(/one\n/);

    follow.signal('SIGINT');
    const { code, err } = await follow.finished;
    const [, unitId = ''] = /the unit (\S+) goes on/.exec(err) ?? [];
    const state = await place.ask('alpha', 'work', 'status', unitId, '-o', 'json');
    const cancelled = await place.ask('alpha', 'work', 'cancel', unitId);
    const results = await place.ask('alpha', 'work', 'results', unitId, '--start', '0');
    const released = await place.ask('alpha', 'work', 'release', unitId);
    const list = await place.ask('alpha', 'work', 'list');

    assert.equal(code, 130);
    assert.equal(JSON.parse(state.out).StateName, 'Running');
    assert.match(cancelled.out, new RegExp(`^${unitId}: cancel`));
    assert.deepEqual([results.code, results.out], [21, 'one\n']);
    assert.equal(released.out, `${unitId}: released\n`);
    assert.equal(list.out, 'no units of work\n');
  });
});
