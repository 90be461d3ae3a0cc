import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answering, ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

const STATUS = '{"Connections":[],"NodeID":"alpha","Version":"1.6.9"}';
const PONG = '{"From":"beta","Success":true,"Time":1423855,"TimeStr":"1.423855ms"}';
const NO_ROUTE = '{"Error":"no route to node","Success":false}';
const TRACE = '{"0":{"From":"alpha","Time":1,"TimeStr":"1ns"},"1":{"From":"beta","Time":2,"TimeStr":"2ns"}}';
const BROKEN_TRACE =
  '{"0":{"From":"alpha","Time":1,"TimeStr":"1ns"},"1":{"Error":"timeout","From":"","Time":2,"TimeStr":"10s"}}';

const NODE = answering({
  status: `${STATUS}\n`,
  'ping beta': `${PONG}\n`,
  'ping nobody': `${NO_ROUTE}\n`,
  'traceroute beta': `${TRACE}\n`,
  'traceroute nobody': `${BROKEN_TRACE}\n`,
  'traceroute nowhere': `${BROKEN_TRACE.replace('timeout', 'no route to node')}\n`,
});

const HINT = '  "receptor status" shows the nodes that can be reached\n';

async function run(...words: readonly string[]) {
  const node = new ScriptedNode(NODE);
  const host = new FakeHost(node);
  const code = await host.run(...words);
  return { node, host, code, out: host.stdout.text, err: host.stderr.text };
}

describe('status', () => {
  it('is a table for people, and what the node wrote for programs', async () => {
    const shown = await run('status');
    const json = await run('status', '-o', 'json');

    assert.equal(shown.code, 0);
    assert.match(shown.out, /^Node: {4}alpha\nVersion: 1\.6\.9\n/);
    assert.deepEqual([json.code, json.out, json.err], [0, `${STATUS}\n`, '']);
    assert.equal((await run('status', '--json')).out, `${STATUS}\n`);
  });
});

describe('ping', () => {
  it('tells each reply', async () => {
    const { code, out, node } = await run('ping', 'beta', '--count', '2');

    assert.equal(code, 0);
    assert.equal(out, 'Reply from beta in 1.423855ms\nReply from beta in 1.423855ms\n');
    assert.equal(node.asked.length, 2);
  });

  it('asks four times, a second apart, where nothing is said', async () => {
    const { node, host } = await run('ping', 'beta');

    assert.equal(node.asked.length, 4);
    assert.equal(host.clock.monotonicMs(), 3_000);
  });

  it('ends with 1 when one was not answered', async () => {
    const { code, out, err } = await run('ping', 'nobody', '--count', '1');

    assert.deepEqual([code, out, err], [1, '', `No reply from nobody: no route to node\n${HINT}`]);
  });

  it('says once what to do, after the last', async () => {
    const { err } = await run('ping', 'nobody', '--count', '2');

    assert.equal(err, `No reply from nobody: no route to node\n`.repeat(2) + HINT);
  });

  it('writes what the node wrote for programs, answered or not', async () => {
    const { code, out, err } = await run('ping', 'nobody', '--count', '2', '--delay', '0', '-o', 'json');

    assert.deepEqual([code, out, err], [1, `${NO_ROUTE}\n${NO_ROUTE}\n`, '']);
  });
});

describe('traceroute', () => {
  it('says what to do where there is no way', async () => {
    const { err } = await run('traceroute', 'nowhere');

    assert.equal(err, `1: no route to node, says  after 10s\n${HINT}`);
  });

  it('tells each step', async () => {
    const { code, out } = await run('traceroute', 'beta');

    assert.deepEqual([code, out], [0, '0: alpha in 1ns\n1: beta in 2ns\n']);
  });

  it('ends with 1 when it did not arrive', async () => {
    const { code, out, err } = await run('traceroute', 'nobody');

    assert.deepEqual([code, out, err], [1, '0: alpha in 1ns\n', '1: timeout, says  after 10s\n']);
    assert.equal((await run('traceroute', 'nobody', '-o', 'json')).code, 1);
  });
});

describe('reload', () => {
  const cases: readonly (readonly [reply: string, code: number])[] = [
    ['{"Success":true}', 0],
    ['{"Error":"x was modified ERRORCODE 3","Success":false}', 3],
    ['{"Error":"x is wrong ERRORCODE 4","Success":false}', 4],
    ['{"Error":"x","Success":false}', 5],
  ];
  for (const [reply, code] of cases) {
    it(`ends with ${code} for ${reply}, as receptorctl`, async () => {
      const node = new ScriptedNode(answering({ reload: `${reply}\n` }));
      const host = new FakeHost(node);

      assert.equal(await host.run('reload'), code);
      assert.deepEqual(node.asked, ['{"command":"reload","mode":"difference"}']);
      assert.equal(host.stderr.text, code === 0 ? '' : `Error: ${JSON.parse(reply).Error}\n`);
    });
  }
});

describe('a reload of a node of our kind', () => {
  const REPLY = '{"Error":"no configuration file was provided, reload function not set ERRORCODE 4","Success":false}\n';

  it('is said to be none yet, whatever the node was started with', async () => {
    const host = new FakeHost(new ScriptedNode(answering({ reload: REPLY })));

    assert.equal(await host.run('reload'), 4);
    assert.match(host.stderr.text, /^Error: no configuration .*\n {2}a node of our kind cannot reload yet, .*\n$/);
  });

  it('is what the node wrote for programs', async () => {
    const host = new FakeHost(new ScriptedNode(answering({ reload: REPLY })));

    assert.equal(await host.run('reload', '-o', 'json'), 4);
    assert.deepEqual([host.stdout.text, host.stderr.text], [REPLY, '']);
  });
});

describe('version', () => {
  it('is that of the program where no node was named', async () => {
    const host = new FakeHost(new ScriptedNode(NODE));
    host.environment['RECEPTORCTL_SOCKET'] = '';

    assert.equal(await host.run('version'), 0);
    assert.match(host.stdout.text, /^receptor \d+\.\d+\.\d+\n$/);
  });

  it('is also that of the node', async () => {
    const { code, out } = await run('version');
    const json = await run('version', '-o', 'json');

    assert.equal(code, 0);
    assert.match(out, /^receptor \d+\.\d+\.\d+\nnode alpha 1\.6\.9\n$/);
    assert.equal(JSON.parse(json.out).NodeID, 'alpha');
  });
});
