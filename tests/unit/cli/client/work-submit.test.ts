import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Script, ScriptedNode, type ScriptedSession, wordsOf } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

const PROMPT = 'Work unit created with ID u1. Send stdin data and EOF.\n';
const STARTED = '{"result":"Job Started","unitid":"u1"}';
const DONE =
  '{"Detail":"exit status 0","ExtraData":null,"State":2,"StateName":"Succeeded","StdoutSize":3,"WorkType":"cat"}';
const FOLLOWED = `Following work unit u1\n{"Offset":0,"Length":3}\nabc{"End":true,"Size":3,"Status":${DONE}}\n`;

/** A node that takes every unit, and whose units say `abc`. */
function taking(payloads: string[] = [], reply = `${STARTED}\n`): Script {
  return (line, session) => {
    const words = wordsOf(line);
    if (words.startsWith('work submit')) {
      session.say(PROMPT);
      session.takePayload((bytes) => {
        payloads.push(Buffer.from(bytes).toString());
        session.say(reply);
      });
    } else if (words.startsWith('work follow')) {
      session.say(FOLLOWED);
    } else {
      session.say('{"released":"u1"}\n');
    }
  };
}

async function submit(script: Script, ...words: readonly string[]) {
  const node = new ScriptedNode(script);
  const host = new FakeHost(node);
  const code = await host.run('work', 'submit', ...words);
  return { node, code, out: host.stdout.text, err: host.stderr.text, asked: node.asked.map((line) => line) };
}

describe('work submit', () => {
  it('sends the command and the payload, and tells the unit', async () => {
    const payloads: string[] = [];

    const { code, out, err, asked } = await submit(taking(payloads), 'cat', '--payload-literal', 'hello');

    assert.deepEqual([code, out, err], [0, 'Result: Job Started\nUnit ID: u1\n', '']);
    assert.deepEqual(asked, ['{"command":"work","node":"localhost","subcommand":"submit","worktype":"cat"}']);
    assert.deepEqual(payloads, ['hello\n']);
  });

  it('writes what the node wrote for programs', async () => {
    assert.equal((await submit(taking(), 'cat', '-n', '-o', 'json')).out, `${STARTED}\n`);
  });

  it('sends all that was asked for', async () => {
    const { asked } = await submit(
      taking(),
      ...[
        '--node',
        'beta',
        '--ttl',
        '1h',
        '--signwork',
        '--tls-client',
        'tls',
        '-a',
        'k=v',
        '-n',
        'cat',
        '--',
        '-x',
        'y',
      ],
    );

    assert.deepEqual(JSON.parse(asked[0] ?? ''), {
      command: 'work',
      subcommand: 'submit',
      node: 'beta',
      worktype: 'cat',
      ttl: '1h',
      signwork: 'true',
      tlsclient: 'tls',
      k: 'v',
      params: '-x y',
    });
  });

  it('follows the unit and releases it, where it is told so', async () => {
    const { code, out, err, asked } = await submit(taking(), 'cat', '-n', '--follow', '--rm');

    assert.deepEqual([code, out, err], [0, 'abc', '']);
    assert.deepEqual(asked.slice(1).map(wordsOf), ['work follow u1 0', 'work release u1']);
  });

  it('warns of an output that nobody will see', async () => {
    const { code, err } = await submit(taking(), 'cat', '-n', '--rm');

    assert.equal(code, 0);
    assert.match(err, /--rm without --follow/);
  });

  it('asks for the input of the unit before it asks the node for anything', async () => {
    const { node, code, err } = await submit(taking(), 'cat');

    assert.equal(code, 2);
    assert.match(err, /^Error: what is the input of the unit\?\n/);
    assert.equal(node.dialed.length, 0);
  });

  it('says what the node offers instead of an unknown work type', async () => {
    const adverts =
      '{"NodeID":"alpha","Advertisements":[{"NodeID":"beta","WorkCommands":[{"WorkType":"cat","Secure":false}]}]}\n';
    const script: Script = (line, session) => {
      session.say(wordsOf(line).startsWith('status') ? adverts : 'ERROR: unknown work type cta\n');
    };

    const { code, err } = await submit(script, 'cta', '-n', '--node', 'beta');

    assert.equal(code, 1);
    assert.equal(err, 'Error: unknown work type cta\n  beta offers cat\n');
  });

  it('says which other node offers the work type', async () => {
    const adverts = JSON.stringify({
      NodeID: 'alpha',
      Advertisements: [
        { NodeID: 'alpha', WorkCommands: [{ WorkType: 'cat' }] },
        { NodeID: 'beta', WorkCommands: [{ WorkType: 'slow' }] },
      ],
    });
    const script: Script = (line, session) => {
      session.say(wordsOf(line).startsWith('status') ? `${adverts}\n` : 'ERROR: unknown work type slow\n');
    };

    const { err } = await submit(script, 'slow', '-n');

    assert.equal(err, 'Error: unknown work type slow\n  alpha offers cat; beta offers slow: --node beta\n');
  });

  it('gives people the words of the far node, and programs those of the near one', async () => {
    const wrapped = 'could not parse response: ERROR: unknown work type cta';
    const script: Script = (line, session) => {
      session.say(wordsOf(line).startsWith('status') ? '{}\n' : `ERROR: ${wrapped}\n`);
    };

    const people = await submit(script, 'cta', '-n', '--node', 'beta');
    const programs = await submit(script, 'cta', '-n', '--node', 'beta', '-o', 'json');

    const hint = '"receptor status" shows which nodes offer which work';
    assert.equal(people.err, `Error: unknown work type cta\n  ${hint}\n`);
    assert.deepEqual(JSON.parse(programs.err), { error: wrapped, hint, exitCode: 1 });
  });

  it('finds a ttl that is no duration before it asks the node for anything', async () => {
    const { node, code, err } = await submit(taking(), 'cat', '-n', '--node', 'beta', '--ttl', 'foo');

    assert.equal(code, 2);
    assert.match(err, /'foo' is invalid\n {2}a duration is expected, such as 30s, 90m or 1h30m\n$/);
    assert.equal(node.dialed.length, 0);
  });

  it('tells an error of the node after the payload', async () => {
    const { code, out, err } = await submit(taking([], 'ERROR: no such command\n'), 'cat', '-n');

    assert.deepEqual([code, out, err], [1, '', 'Error: no such command\n']);
  });

  it('tells when the node goes away in the middle of it', async () => {
    const gone = (_: string, session: ScriptedSession): void => {
      session.say(PROMPT);
      session.takePayload(() => void session.vanish());
    };

    const { code, err } = await submit(gone, 'cat', '-n');

    assert.equal(code, 10);
    assert.match(err, /^Error: the connection to \/run\/alpha\.sock was closed by the other end\n/);
  });
});
