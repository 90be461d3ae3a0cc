import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answering, type Script, ScriptedNode, wordsOf } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

const LOCAL =
  '{"Detail":"exit status 0","ExtraData":null,"State":2,"StateName":"Succeeded","StdoutSize":6,"WorkType":"cat"}';
const REMOTE =
  '{"Detail":"Running: PID 5","ExtraData":{"Expiration":"0001-01-01T00:00:00Z","LocalCancelled":false,"LocalReleased":false,"RemoteNode":"beta","RemoteParams":{},"RemoteStarted":true,"RemoteUnitID":"r1","RemoteWorkType":"slow","SignWork":false,"TLSClient":""},"State":1,"StateName":"Running","StdoutSize":1234567,"WorkType":"remote"}';
const LIST = `{"u1":${LOCAL},"u2":${REMOTE}}`;

const NODE = answering({
  'work list': `${LIST}\n`,
  'work list u1': `{"u1":${LOCAL}}\n`,
  'work list u9': 'ERROR: unknown work unit u9\n',
  'work status u1': `${LOCAL}\n`,
  'work status u9': 'ERROR: unknown work unit u9\n',
  'work cancel u1': '{"cancelled":"u1"}\n',
  'work cancel u9': 'ERROR: unknown work unit u9\n',
  'work release u1': '{"released":"u1"}\n',
  'work release u2': '{"release pending":"u2"}\n',
  'work force-release u2': '{"released":"u2"}\n',
});

async function run(script: Script, ...words: readonly string[]) {
  const node = new ScriptedNode(script);
  const host = new FakeHost(node);
  const code = await host.run('work', ...words);
  return { code, out: host.stdout.text, err: host.stderr.text, asked: node.asked.map(wordsOf) };
}

const HINT = '"receptor work list" shows the units of a node; u9 may belong to another (--node)';

describe('work list', () => {
  it('is a table, with the far node of a remote unit', async () => {
    const { code, out } = await run(NODE, 'list');

    assert.equal(code, 0);
    assert.equal(
      out,
      `UNIT  STATE      WORK TYPE  NODE  OUTPUT  DETAIL
u1    Succeeded  cat        -     6 B     exit status 0
u2    Running    slow       beta  1.2 MB  Running: PID 5
`,
    );
  });

  it('is the ids alone, or what the node wrote', async () => {
    assert.equal((await run(NODE, 'list', '-q')).out, 'u1\nu2\n');
    assert.equal((await run(NODE, 'list', '-o', 'json')).out, `${LIST}\n`);
    assert.equal((await run(NODE, 'list', '-q', '-o', 'json')).out, '["u1","u2"]\n');
  });

  it('may be of one unit, in the words of receptorctl too', async () => {
    assert.deepEqual((await run(NODE, 'list', 'u1')).asked, ['work list u1']);
    assert.deepEqual((await run(NODE, 'list', '--unit_id', 'u1')).asked, ['work list u1']);
    assert.deepEqual(
      [(await run(NODE, 'list', 'u9')).code, (await run(NODE, 'list', 'u9')).err],
      [1, `Error: unknown work unit u9\n  ${HINT}\n`],
    );
  });

  it('tells when there is none', async () => {
    assert.equal((await run(answering({ 'work list': '{}\n' }), 'list')).out, 'no units of work\n');
  });

  it('may be that of another node', async () => {
    const beta: Script = (line, session) => {
      session.say(wordsOf(line) === 'connect beta control' ? 'Connecting\nReceptor Control, node beta\n' : '{}\n');
    };

    const { code, asked } = await run(beta, 'list', '--node', 'beta');

    assert.equal(code, 0);
    assert.deepEqual(asked, ['connect beta control', 'work list']);
  });
});

describe('work status', () => {
  it('is what the node tells of the unit', async () => {
    const { code, out } = await run(NODE, 'status', 'u1');

    assert.equal(code, 0);
    assert.equal(
      out,
      'Unit:       u1\nDetail:     exit status 0\nExtraData:  null\nStateName:  Succeeded\nStdoutSize: 6\nWorkType:   cat\n',
    );
    assert.equal((await run(NODE, 'status', 'u1', '-o', 'json')).out, `${LOCAL}\n`);
  });

  it('says what to do about an unknown unit', async () => {
    const { code, err } = await run(NODE, 'status', 'u9');

    assert.deepEqual([code, err], [1, `Error: unknown work unit u9\n  ${HINT}\n`]);
  });
});

describe('work cancel and work release', () => {
  it('tell what became of each unit, and go on after one that is unknown', async () => {
    const { code, out, err, asked } = await run(NODE, 'cancel', 'u9', 'u1');

    assert.equal(code, 1);
    assert.equal(out, 'u1: cancelled\n');
    assert.equal(err, `Error: u9: unknown work unit u9\n  ${HINT}\n`);
    assert.deepEqual(asked, ['work cancel u9', 'work cancel u1']);
  });

  it('tell a program of each unit in an object of its own', async () => {
    const { code, out, err } = await run(NODE, 'cancel', 'u9', 'u1', '-o', 'json');

    assert.deepEqual([code, out], [1, '{"cancelled":"u1"}\n']);
    assert.deepEqual(JSON.parse(err), { error: 'u9: unknown work unit u9', hint: HINT, exitCode: 1 });
  });

  it('tell that a release is pending', async () => {
    assert.equal((await run(NODE, 'release', 'u2')).out, 'u2: release pending\n');
  });

  it('may be forced', async () => {
    assert.deepEqual((await run(NODE, 'release', '--force', 'u2')).asked, ['work force-release u2']);
    assert.equal((await run(NODE, 'force-release', 'u2', '-o', 'json')).out, '{"released":"u2"}\n');
  });

  it('may deal with all units', async () => {
    const { code, out } = await run(NODE, 'release', '--all');

    assert.deepEqual([code, out], [0, 'u1: released\nu2: release pending\n']);
  });

  it('want to know which units', async () => {
    assert.equal((await run(NODE, 'release')).code, 2);
    assert.equal((await run(NODE, 'cancel', '--all', 'u1')).code, 2);
  });
});
