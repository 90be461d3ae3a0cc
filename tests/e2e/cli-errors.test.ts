import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { LISTEN, Place, portOf } from './daemon-process.js';

/** The arguments of a node that would run. */
const NODE = (place: Place): readonly string[] => ['--node', 'id=alpha', `datadir=${place.path('data')}`];

describe('a node that cannot start', () => {
  it('says which argument and what to do when its port is in use, and leaves nothing open', async (t) => {
    const place = new Place(t);
    const port = await portOf(await place.node('first', ...LISTEN));

    const { code, out, err } = await place.run(
      ...NODE(place),
      ...['--control-service', 'filename=alpha.sock', '--tcp-listener', `port=${port}`, 'bindaddr=127.0.0.1'],
    );

    assert.equal(code, 1);
    assert.equal(err, '');
    assert.ok(
      out.endsWith(
        `\nError: listen tcp 127.0.0.1:${port}: bind: address already in use (at argument 6, --tcp-listener; ` +
          'another process listens there: choose another port, or end that process ("ss -ltnp" shows it))\n',
      ),
      out,
    );
    assert.equal(place.has('alpha.sock'), false);
  });

  it('says so when its socket is in use, and lets the other node be', async (t) => {
    const place = new Place(t);
    await place.node('alpha', '--local-only');

    const { code, out } = await place.run(
      ...['--node', 'id=beta', `datadir=${place.path('data')}`, '--local-only'],
      ...['--control-service', 'filename=alpha.sock'],
    );

    assert.equal(code, 1);
    assert.equal(
      out,
      'Error: error opening Unix socket: could not acquire lock on socket file: fslock is already locked ' +
        '(at argument 5, --control-service; another process takes clients at alpha.sock: choose another file name, or end that process)\n',
    );
    assert.match((await place.ask('alpha', 'status')).out, /^Node: {4}alpha\n/);
  });

  it('does not touch a file that is no socket', async (t) => {
    const place = new Place(t);
    writeFileSync(place.path('alpha.sock'), 'precious');

    const { code, out } = await place.run(...NODE(place), '--local-only', '--control-service', 'filename=alpha.sock');

    assert.equal(code, 1);
    assert.match(
      out,
      /socket file: the file exists and is no socket \(at argument 5, --control-service; choose another file name, or remove alpha\.sock\)\n$/,
    );
    assert.equal(place.has('alpha.sock'), true);
  });

  it('says so when the directory of its socket is missing', async (t) => {
    const place = new Place(t);

    const { code, out } = await place.run(
      ...NODE(place),
      '--local-only',
      '--control-service',
      'filename=no/alpha.sock',
    );

    assert.equal(code, 1);
    assert.match(
      out,
      /no such file or directory \(at argument 5, --control-service; make the directory of no\/alpha\.sock first\)\n$/,
    );
  });

  it('says so when it cannot keep its work', async (t) => {
    const place = new Place(t);
    writeFileSync(place.path('file'), '');

    const inFile = await place.run('--node', 'id=alpha', `datadir=${place.path('file')}`, '--local-only');
    const inProc = await place.run('--node', 'id=alpha', 'datadir=/proc/receptor', '--local-only');

    assert.deepEqual([inFile.code, inProc.code], [1, 1]);
    assert.equal(
      inFile.out,
      `Error: the data directory ${place.path('file')}/alpha cannot be used: a part of the path is not a directory ` +
        '(at argument 3, --node, datadir; choose a directory that this user may write to: --node id=alpha datadir=DIRECTORY)\n',
    );
    assert.match(inProc.out, /^Error: the data directory \/proc\/receptor\/alpha cannot be used: /);
  });

  it('says so when it may not write', {
    skip: process.getuid?.() === 0 ? 'root may write everywhere' : false,
  }, async (t) => {
    const place = new Place(t);
    mkdirSync(place.path('locked'));
    chmodSync(place.path('locked'), 0o500);

    const { code, out } = await place.run('--node', 'id=alpha', `datadir=${place.path('locked')}`, '--local-only');

    assert.equal(code, 1);
    assert.match(out, /permission denied/);
  });

  it('says so when there is nothing to do', async (t) => {
    const place = new Place(t);

    const { code, out } = await place.run(...NODE(place), '--control-service', 'filename=alpha.sock');

    assert.equal(code, 1);
    assert.match(
      out,
      /^WARNING .* Nothing to do - no backends are running\.\nWARNING .* Run receptor --help for command line instructions\.\n$/,
    );
    assert.equal(place.has('alpha.sock'), false);
  });

  it('names file and line', async (t) => {
    const place = new Place(t);
    writeFileSync(place.path('mesh.yml'), '- local-only\n- tcp-listener:\n    prot: 2222\n');

    const { code, out } = await place.run('--config', 'mesh.yml');

    assert.equal(code, 1);
    assert.equal(
      out,
      'Error: error loading config file: field prot not defined for command tcp-listener: unknown field name prot ' +
        '(at mesh.yml:3, tcp-listener; did you mean port?)\n',
    );
  });
});

describe('a client that finds something else', () => {
  it('ends with 10 for a place without a node, a port of a link, and another kind of server', async (t) => {
    const place = new Place(t);
    const port = await portOf(await place.node('alpha', ...LISTEN));
    const other = createServer((socket) => socket.end('SSH-2.0-test\r\n'));
    t.after(() => other.close());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    assert.ok(address !== null && typeof address === 'object');

    const told = await Promise.all(
      ['nowhere.sock', `tcp:127.0.0.1:${port}`, `tcp:127.0.0.1:${address.port}`].map((socket) =>
        place.run('status', '--socket', socket),
      ),
    );

    assert.deepEqual(
      told.map(({ code }) => code),
      [10, 10, 10],
    );
    assert.match(told[0]?.err ?? '', /^Error: there is no socket nowhere\.sock\n {2}is the node running\?/);
    assert.match(
      told[1]?.err ?? '',
      /is not the control service of a node: .*\n {2}a port of a tcp-listener is for links only/,
    );
    assert.match(told[2]?.err ?? '', /is not the control service of a node: it says "SSH-2\.0-test/);
  });
});
