import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientContext } from '../../../../cli/client/context.js';
import { ControlError } from '../../../../cli/control-error.js';
import { answering, type Script, ScriptedNode, wordsOf } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

function context(script: Script = answering({ status: '{"a":1}\n' }), output: 'json' | 'table' = 'json') {
  const node = new ScriptedNode(script);
  const host = new FakeHost(node);
  return { node, host, context: new ClientContext(host, { output, timeout: 2 }) };
}

describe('the context of a command', () => {
  it('knows what its options mean', () => {
    const { context: own, host } = context();

    assert.equal(own.wantsJson, true);
    assert.equal(own.withinMs, 2_000);
    assert.equal(own.socketText, '/run/alpha.sock');
    assert.equal(new ClientContext(host, { output: 'table', timeout: 1, socket: 'x' }).socketText, 'x');
  });

  it('closes the session of a command, whatever comes of it', async () => {
    const { context: own, node, host } = context();

    await assert.rejects(host.settled(own.withClient(() => Promise.reject(new Error('broken')))), /broken/);

    assert.equal(node.sessions[0]?.acts.at(-1), 'close');
  });

  it('closes the session when the other node cannot be reached', async () => {
    const { context: own, node, host } = context((_, session) => void session.say('ERROR: no route to node\n'));

    await assert.rejects(host.settled(own.connect({ node: 'beta' })), (thrown: unknown) => {
      assert.ok(thrown instanceof ControlError);
      return thrown.plain === 'no route to node "beta"' && thrown.hint !== undefined;
    });

    assert.equal(node.sessions[0]?.acts.at(-1), 'close');
  });

  it('reaches another node through this one, with a TLS configuration of this one', async () => {
    const {
      context: own,
      node,
      host,
    } = context((_, session) => {
      session.say('Connecting\nReceptor Control, node beta\n');
    });

    const client = await host.settled(own.connect({ node: 'beta', tlsClient: 'tls' }));

    assert.equal(client.nodeId, 'beta');
    assert.deepEqual(node.asked.map(wordsOf), ['connect beta control tls']);
  });

  it('gives an answer as the node wrote it, and read', async () => {
    const { context: own, host } = context();

    const answer = await host.settled(own.withClient((client) => own.askObject(client, 'status')));

    assert.deepEqual(answer, { json: '{"a":1}', value: { a: 1 } });
  });

  it('writes to people nothing that their terminal would obey', async () => {
    const { context: own, host } = context(undefined, 'table');

    await own.note('a\u001b[2Jb');

    assert.equal(host.stderr.text, 'a\\x1b[2Jb\n');
  });

  it('writes to programs one object in a line', async () => {
    const { context: own, host } = context();

    await own.note('a\u001b[2J');
    await own.complain({ text: 'b', plain: 'c', hint: 'd', exitCode: 1 });

    assert.equal(host.stderr.text, '{"note":"a\\u001b[2J"}\n{"error":"b","hint":"d","exitCode":1}\n');
  });

  it('waits as long as it is told to', async () => {
    const { context: own, host } = context();

    await host.settled(own.pause(1_500));

    assert.equal(host.clock.monotonicMs(), 1_500);
  });
});
