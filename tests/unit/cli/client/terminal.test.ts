import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Script, ScriptedNode, wordsOf } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

/** A service that echoes in capitals, and ends after the client. */
const SHOUT: Script = (_, session) => {
  session.say('Connecting\n');
  session.takePayload((bytes) => void session.say(Buffer.from(bytes).toString().toUpperCase()).sayEnd());
};

function stage(script: Script = SHOUT) {
  const node = new ScriptedNode(script);
  return { node, host: new FakeHost(node) };
}

describe('connect', () => {
  it('passes a pipe through, its end too, and waits for what still comes', async () => {
    const { node, host } = stage();
    host.stdin.pieces = ['hel', 'lo'];

    const code = await host.run('connect', 'beta', 'shout', '--tls-client', 'tls');

    assert.deepEqual([code, host.stdout.text, host.stderr.text], [0, 'HELLO', '']);
    assert.deepEqual(JSON.parse(node.asked[0] ?? ''), {
      command: 'connect',
      node: 'beta',
      service: 'shout',
      tls: 'tls',
    });
  });

  it('tells a terminal how to leave', async () => {
    const { host } = stage();
    host.stdin.isTerminal = true;

    assert.equal(await host.run('connect', 'beta', 'shout'), 0);
    assert.equal(host.stderr.text, 'Connected to shout of beta; Ctrl-D ends the input, Ctrl-C leaves.\n');
    assert.deepEqual(host.stdin.acts, []);
  });

  it('sends each key in raw mode, and leaves with Ctrl-]', async () => {
    const { host } = stage();
    host.stdin.pieces = ['a', '\u001d', 'never'];
    host.stdin.ends = false;

    assert.equal(await host.run('connect', '--raw', 'beta', 'shout'), 0);
    assert.deepEqual(host.stdin.acts, ['raw', 'cooked']);
  });

  it('tells what the node has against it, and what to do', async () => {
    const refusing = (text: string) => stage((_, session) => void session.say(`ERROR: ${text}\n`));
    const { host: noService, node } = refusing('context canceled');
    const { host: noRoute } = refusing('no route to node');

    assert.deepEqual(await Promise.all([noService, noRoute].map((host) => host.run('connect', 'beta', 'x'))), [1, 1]);
    assert.deepEqual(node.asked.map(wordsOf), ['connect beta x']);
    assert.match(noService.stderr.text, /^Error: beta has no service "x" .*\n {2}"receptor status" shows/);
    assert.match(noRoute.stderr.text, /^Error: no route to node "beta"\n {2}"receptor status" shows/);
  });

  it('tells when the connection is lost', async () => {
    const { host } = stage((_, session) => {
      session.say('Connecting\nabc').vanish({ code: 'ECONNRESET', text: 'reset' });
    });
    host.stdin.ends = false;

    assert.equal(await host.run('connect', 'beta', 'shout'), 10);
    assert.equal(host.stdout.text, 'abc');
    assert.equal(host.stderr.text, 'Error: the connection was lost: reset\n');
  });
});
