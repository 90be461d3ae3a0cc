import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runClient } from '../../../../cli/client/program.js';
import { checkGolden } from '../golden.js';
import { answering, type Script, ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

const NODE = answering({ status: '{"NodeID":"alpha"}\n' });

function stage(script: Script = NODE) {
  const node = new ScriptedNode(script);
  return { node, host: new FakeHost(node) };
}

describe('the client', () => {
  it('has a help that was reviewed', async () => {
    const { host } = stage();
    host.stdout.columns = 100;

    assert.equal(await host.run('help'), 0);
    checkGolden('client', host.stdout.text);
  });

  it('takes its options before and behind the command', async () => {
    for (const words of [
      ['--socket', '/other.sock', '-o', 'json', 'status'],
      ['status', '--socket', '/other.sock', '-o', 'json'],
    ]) {
      const { host, node } = stage();

      assert.equal(await host.run(...words), 0);
      assert.deepEqual(node.dialed, [{ transport: 'unix', path: '/other.sock' }]);
      assert.equal(host.stdout.text, '{"NodeID":"alpha"}\n');
    }
  });

  it('finds the node by the variable of receptorctl', async () => {
    const { host, node } = stage();
    host.environment['RECEPTORCTL_SOCKET'] = 'tcp:localhost:7';

    await host.run('status');

    assert.deepEqual(node.dialed, [{ transport: 'tcp', host: 'localhost', portNumber: 7 }]);
  });

  it('says what to do without a socket', async () => {
    const { host } = stage();
    host.environment['RECEPTORCTL_SOCKET'] = undefined;

    assert.equal(await host.run('status'), 2);
    assert.equal(
      host.stderr.text,
      'Error: which node? No socket was given\n' +
        `  give --socket PATH, or set RECEPTORCTL_SOCKET; the path is that of the node's control-service, "filename"\n`,
    );
  });

  it('says what is wrong with an address', async () => {
    const { host } = stage();

    assert.equal(await host.run('status', '--socket', 'tcp:localhost'), 2);
    assert.match(host.stderr.text, /^Error: address localhost: missing port in address/);
  });

  it('ends with 10 when it reaches no node', async () => {
    const { host, node } = stage();
    node.faults.push({ code: 'ENOENT', text: 'x' });

    assert.equal(await host.run('status'), 10);
    assert.match(host.stderr.text, /^Error: there is no socket \/run\/alpha\.sock\n {2}is the node running\?/);
  });

  it('ends with 10 when it reaches something else', async () => {
    const node = new ScriptedNode(NODE, { greeting: 'SSH-2.0\r\n' });
    const host = new FakeHost(node);

    assert.equal(await host.run('status'), 10);
    assert.match(host.stderr.text, /is not the control service of a node: it says "SSH-2\.0/);
  });

  it('ends with 11 when the node does not answer in the time that it was given', async () => {
    const { host } = stage(() => undefined);

    assert.equal(await host.run('status', '--timeout', '2.5'), 11);
    assert.equal(
      host.stderr.text,
      'Error: /run/alpha.sock did not answer within 2.5 s\n  give it more time with --timeout\n',
    );
    assert.equal(host.clock.monotonicMs(), 2_500);
  });

  it('ends with 1 when the node says no', async () => {
    const { host } = stage(() => undefined);
    const refusing = new FakeHost(new ScriptedNode((_, session) => void session.say('ERROR: not now\n')));

    assert.equal(await refusing.run('status'), 1);
    assert.equal(refusing.stderr.text, 'Error: not now\n');
    assert.equal(host.stderr.text, '');
  });

  it('suggests what was meant', async () => {
    const { host } = stage();

    assert.equal(await host.run('statsu'), 2);
    assert.equal(host.stderr.text, "Error: unknown command 'statsu'\n  did you mean status?\n");
  });

  it('tells a program of each error in one object, whatever it is', async () => {
    const unreachable = stage();
    unreachable.node.faults.push({ code: 'ENOENT', text: 'x' });
    const told: unknown[] = [];
    for (const [words, { host }] of [
      [['statsu', '-o', 'json'], stage()],
      [['-ojson', 'status', 'x'], stage()],
      [['status', '--json', '--foo'], stage()],
      [['--output=json', 'work'], stage()],
      [['status', '-o', 'json'], unreachable],
      [['version', '--output', 'json'], stage(() => undefined)],
    ] as const) {
      const code = await host.run(...words);

      assert.equal(host.stdout.text, '');
      const { error, hint, exitCode, ...more } = JSON.parse(host.stderr.text);
      assert.deepEqual([typeof error, typeof hint, exitCode, more], ['string', 'string', code, {}]);
      told.push(code);
    }

    assert.deepEqual(told, [2, 2, 2, 2, 10, 11]);
  });

  it('does not take the words behind -- for its own', async () => {
    const { host } = stage();

    await host.run('work', 'submit', '--', 'cat', '-o', 'json');

    assert.match(host.stderr.text, /^Error: /);
  });

  it('takes no empty argument, which is a variable of the shell that is not set', async () => {
    for (const words of [
      ['ping', ''],
      ['work', 'cancel', 'u1', ''],
      ['work', 'submit', '-n', '', 'x'],
    ]) {
      const { host, node } = stage();

      assert.equal(await host.run(...words), 2);
      assert.equal(host.stderr.text, 'Error: an argument is empty\n  is a variable of the shell not set?\n');
      assert.equal(node.dialed.length, 0);
    }
  });

  it('shows what there is in a group that is named alone', async () => {
    const { host } = stage();

    assert.equal(await host.run('work'), 2);
    assert.match(host.stderr.text, /^Usage: receptor work /);
    assert.match(host.stderr.text, /\n {2}submit /);
  });

  for (const words of [[], ['status', '--timeout', '0'], ['status', '--timeout', 'x'], ['status', '-o', 'xml']]) {
    it(`ends with 2 for: ${words.join(' ')}`, async () => {
      assert.equal(await stage().host.run(...words), 2);
    });
  }

  it('does not hide a mistake of its own', async () => {
    const { host } = stage();
    host.stdout.write = () => Promise.reject(new TypeError('mistake'));

    await assert.rejects(host.settled(runClient(['status'], host)), /mistake/);
  });
});
