import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ControlClient } from '../../../cli/control.js';
import { ControlError } from '../../../cli/control-error.js';
import { readObjectReply, readStreamStart } from '../../../protocol/control/reply-reader.js';
import { settlePromises } from '../../../runtime/clock.js';
import type { SessionAddress } from '../../../runtime/ports.js';
import { ManualHost } from '../../support/manual-host.js';
import { answering, type Script, ScriptedNode, type ScriptedNodeOptions, wordsOf } from './scripted-node.js';

const ADDRESS: SessionAddress = { transport: 'unix', path: '/run/alpha.sock' };
const SILENT: Script = () => undefined;

function stage(script: Script, options: ScriptedNodeOptions = {}) {
  const node = new ScriptedNode(script, options);
  const host = new ManualHost();
  const open = () => ControlClient.open(ADDRESS, { sessions: node.port, clock: host.clock, withinMs: 1_000 });
  return { node, host, open };
}

/** Code, text and hint of the error with which a promise rejects. */
async function errorOf(promise: Promise<unknown>): Promise<readonly [string, string, string | undefined]> {
  try {
    await promise;
  } catch (thrown) {
    assert.ok(thrown instanceof ControlError, `${thrown}`);
    return [thrown.code, thrown.message, thrown.hint];
  }
  return assert.fail('it was kept');
}

/** Lets time pass while a promise waits for it. */
async function after<T>(host: ManualHost, ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await settlePromises();
  host.advance(ms);
  return await promise;
}

describe('a client of the control service', () => {
  it('reads who greets, then asks and is answered', async () => {
    const { node, open } = stage(answering({ status: '{"NodeID":"alpha"}\n' }));

    const client = await open();
    const line = await client.ask('status');

    assert.equal(client.nodeId, 'alpha');
    assert.equal(Buffer.from(line).toString(), '{"NodeID":"alpha"}');
    assert.deepEqual(node.asked, ['status']);
    assert.deepEqual(node.dialed, [ADDRESS]);
  });

  it('asks one command after the other on the same session', async () => {
    const { node, open } = stage(answering({ one: '{"a":1}\n', two: '{"b":2}\n' }));

    const client = await open();
    const values = [await client.askFor('one', readObjectReply), await client.askFor('two', readObjectReply)];

    assert.deepEqual(values, [{ a: 1 }, { b: 2 }]);
    assert.equal(node.sessions.length, 1);
  });

  it('passes a refusal on in the words of the node, and goes on', async () => {
    const { open } = stage(answering({ status: '{}\n' }));
    const client = await open();

    const error = await errorOf(client.askFor('nonsense', readObjectReply));

    assert.deepEqual(error, ['refused', 'Unknown command, nonsense', undefined]);
    assert.deepEqual(await client.askFor('status', readObjectReply), {});
  });

  it('takes nothing of a refusal that a terminal would obey', async () => {
    const { open } = stage((_, session) => void session.say('ERROR: \u001b[31mred\n'));
    const client = await open();

    assert.equal((await errorOf(client.askFor('x', readObjectReply)))[1], '\\x1b[31mred');
  });

  it('does not guess what an answer means that makes no sense', async () => {
    const { open } = stage((_, session) => void session.say('[1,2]\n'));
    const client = await open();

    assert.deepEqual(await errorOf(client.askFor('status', readObjectReply)), [
      'garbled',
      '/run/alpha.sock answers what makes no sense: unexpected reply: [1,2]',
      undefined,
    ]);
  });

  it('takes a name with blanks for a name, and not for more words', async () => {
    const { node, open } = stage((_, session) => void session.say('ERROR: no route to node\n'));
    const client = await open();

    await errorOf(client.connectTo('a b'));

    assert.deepEqual(JSON.parse(node.asked[0] ?? ''), { command: 'connect', node: 'a b', service: 'control' });
  });

  it('speaks with another node through this one', async () => {
    const { node, open } = stage((line, session) => {
      session.say(
        wordsOf(line) === 'connect beta control' ? 'Connecting\nReceptor Control, node beta\n' : '{"NodeID":"beta"}\n',
      );
    });
    const client = await open();

    await client.connectTo('beta');

    assert.equal(client.nodeId, 'beta');
    assert.deepEqual(await client.askFor('status', readObjectReply), { NodeID: 'beta' });
    assert.deepEqual(node.asked.map(wordsOf), ['connect beta control', 'status']);
  });

  it('hands over the raw session, beginning with what came behind the line', async () => {
    const { open } = stage(
      (_, session) => void session.say('Streaming results for work unit u\nabc').say('def').sayEnd(),
    );
    const client = await open();
    await client.askFor('work results u', (line) => readStreamStart(line, 'results'));
    const heard: string[] = [];

    await new Promise<void>((resolve) => {
      client.takeOver().attach({
        bytes: (chunk) => void heard.push(Buffer.from(chunk).toString()),
        drained: () => undefined,
        ended: resolve,
        closed: () => undefined,
      });
    });

    assert.deepEqual(heard, ['abc', 'def']);
  });
});

describe('a client that finds no node', () => {
  it('gives up when nobody greets', async () => {
    const { host, open } = stage(SILENT, { greeting: '' });

    assert.deepEqual(await errorOf(after(host, 1_000, open())), [
      'late',
      '/run/alpha.sock took the connection but did not greet within 1 s',
      'is it another program, or a port with TLS?',
    ]);
  });

  it('knows another kind of server by its first bytes, and does not wait for a line', async () => {
    const { node, open } = stage(SILENT, { greeting: 'HTTP/1.1 400 Bad Request' });

    const [code, text] = await errorOf(open());

    assert.equal(code, 'not-a-node');
    assert.equal(text, '/run/alpha.sock is not the control service of a node: it says "HTTP/1.1 400 Bad Request"');
    assert.equal(node.sessions[0]?.acts.at(-1), 'close');
  });

  it('is told of a connection that ends before the greeting', async () => {
    const node = new ScriptedNode(SILENT, { greeting: '' });
    const host = new ManualHost();
    const opening = ControlClient.open(ADDRESS, { sessions: node.port, clock: host.clock, withinMs: 1_000 });
    opening.catch(() => undefined);
    await settlePromises();
    node.sessions[0]?.vanish({ code: 'ECONNRESET', text: 'read ECONNRESET' });

    assert.deepEqual(await errorOf(opening), [
      'lost',
      'the connection to /run/alpha.sock was lost: read ECONNRESET',
      'did the node stop? Its log says why',
    ]);
  });
});

describe('a client that waits for an answer', () => {
  it('does not wait longer than it was told to', async () => {
    const { host, open } = stage(SILENT);
    const client = await open();

    assert.deepEqual(await errorOf(after(host, 1_000, client.ask('status'))), [
      'late',
      '/run/alpha.sock did not answer within 1 s',
      'give it more time with --timeout',
    ]);
  });

  it('may give one command more time', async () => {
    const { host, open } = stage(SILENT);
    const client = await open();

    const [, text] = await errorOf(after(host, 5_000, client.ask('work submit', 5_000)));

    assert.equal(text, '/run/alpha.sock did not answer within 5 s');
  });

  it('hears when the node goes away, then and at every later question', async () => {
    const { open } = stage((_, session) => void session.sayEnd());
    const client = await open();

    const first = await errorOf(client.ask('status'));
    const second = await errorOf(client.ask('status'));

    assert.deepEqual(first, [
      'lost',
      'the connection to /run/alpha.sock was closed by the other end',
      'did the node stop? Its log says why',
    ]);
    assert.deepEqual(second, first);
  });

  it('leaves nothing behind when it is closed', async () => {
    const { node, host, open } = stage(SILENT);
    const client = await open();
    const asking = client.ask('status');
    asking.catch(() => undefined);

    client.close();

    assert.equal((await errorOf(asking))[0], 'lost');
    assert.deepEqual(node.sessions[0]?.acts, ['close']);
    assert.equal(host.clock.armed, 0);
  });
});
