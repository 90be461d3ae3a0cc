import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settlePromises } from '../../../../runtime/clock.js';
import { type Script, ScriptedNode, type ScriptedSession, wordsOf } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

function status(state: number, name: string, detail: string, size = 6): string {
  return `{"Detail":"${detail}","ExtraData":null,"State":${state},"StateName":"${name}","StdoutSize":${size},"WorkType":"cat"}`;
}

const DONE = status(2, 'Succeeded', 'exit status 0');

function following(end: string): Script {
  return (_, session) => {
    session.say(`Following work unit u1\n{"Offset":0,"Length":6}\nabcdef{"End":true,"Size":6,"Status":${end}}\n`);
  };
}

async function run(script: Script, ...words: readonly string[]) {
  const node = new ScriptedNode(script);
  const host = new FakeHost(node);
  const code = await host.run('work', 'results', ...words);
  return { node, host, code, out: host.stdout.text, err: host.stderr.text };
}

describe('work results', () => {
  it('prints the output and ends as the unit did', async () => {
    const ends: readonly (readonly [state: string, code: number, told: string])[] = [
      [DONE, 0, ''],
      [status(3, 'Failed', 'exit status 3'), 20, 'Error: the unit u1 failed: exit status 3\n'],
      [status(4, 'Canceled', 'Canceled'), 21, 'Error: the unit u1 was cancelled: Canceled\n'],
      [status(9, 'Unknown: 9', 'odd'), 22, 'Error: the unit u1 is Unknown: 9: odd\n'],
    ];
    for (const [end, code, told] of ends) {
      const shown = await run(following(end), 'u1');

      assert.deepEqual([shown.code, shown.out, shown.err], [code, 'abcdef', told]);
    }
  });

  it('tells a program how the unit ended, beside the output as it is', async () => {
    const { out, err } = await run(following(status(3, 'Failed', 'exit status 3')), 'u1', '-o', 'json');

    assert.equal(out, 'abcdef');
    assert.deepEqual(JSON.parse(err), { error: 'the unit u1 failed: exit status 3', exitCode: 20 });
  });

  it('writes to a file', async () => {
    const { host, code, out } = await run(following(DONE), 'u1', '-O', 'out.bin');

    assert.deepEqual([code, out], [0, '']);
    assert.equal(host.files.get('out.bin')?.text, 'abcdef');
  });

  it('begins where it is told to', async () => {
    const script: Script = (_, session) => {
      session.say(`Following work unit u1\n{"Offset":4,"Length":2}\nef{"End":true,"Size":6,"Status":${DONE}}\n`);
    };

    const { node, out } = await run(script, 'u1', '--start', '4');

    assert.equal(out, 'ef');
    assert.deepEqual(node.asked.map(wordsOf), ['work follow u1 4']);
  });

  it('asks another node, through the one of the socket', async () => {
    const script: Script = (line, session) => {
      if (wordsOf(line).startsWith('connect')) {
        session.say('Connecting\nReceptor Control, node beta\n');
      } else {
        following(DONE)(line, session);
      }
    };

    const { node, code } = await run(script, 'u1', '--node', 'beta');

    assert.equal(code, 0);
    assert.deepEqual(node.asked.map(wordsOf), ['connect beta control', 'work follow u1 0']);
  });

  it('goes on where a lost connection ended, no byte twice', async () => {
    let calls = 0;
    const script: Script = (_, session) => {
      calls += 1;
      if (calls === 1) {
        session
          .say('Following work unit u1\n{"Offset":0,"Length":6}\nabc')
          .vanish({ code: 'ECONNRESET', text: 'reset' });
      } else {
        session.say(`Following work unit u1\n{"Offset":3,"Length":3}\ndef{"End":true,"Size":6,"Status":${DONE}}\n`);
      }
    };

    const { node, code, out, err } = await run(script, 'u1');

    assert.deepEqual([code, out, err], [0, 'abcdef', 'The connection was lost (reset); trying again.\n']);
    assert.deepEqual(node.asked.map(wordsOf), ['work follow u1 0', 'work follow u1 3']);
  });

  it('bears a node that is away for a while, and gives up on one that stays away', async () => {
    const node = new ScriptedNode((_, session) => {
      session.say('Following work unit u1\n').vanish({ code: 'ECONNRESET', text: 'reset' });
      for (let at = 0; at < 1_000; at += 1) {
        node.faults.push({ code: 'ECONNREFUSED', text: 'refused' });
      }
    });
    const host = new FakeHost(node);

    assert.equal(await host.run('work', 'results', 'u1'), 10);
    assert.match(host.stderr.text, /\nError: the node is away for 60 s: nobody answers at \/run\/alpha\.sock\n/);
    assert.match(host.stderr.text, /go on later with: receptor work results u1 --start 0/);
    assert.ok(host.clock.monotonicMs() >= 60_000);
  });

  it('does not wait for a node that was never there', async () => {
    const node = new ScriptedNode(following(DONE));
    node.faults.push({ code: 'ECONNREFUSED', text: 'refused' });
    const host = new FakeHost(node);

    assert.equal(await host.run('work', 'results', 'u1'), 10);
    assert.equal(node.dialed.length, 1);
  });

  it('asks a node of the reference again until the unit is done', async () => {
    let results = 0;
    const reference = (line: string, session: ScriptedSession): void => {
      const words = wordsOf(line);
      if (words.startsWith('work follow')) {
        session.say('ERROR: bad command\n');
      } else if (words.startsWith('work results')) {
        results += 1;
        session.say(`Streaming results for work unit u1\n${results === 1 ? 'abc' : 'def'}`).sayEnd();
      } else {
        session.say(`${results === 1 ? status(1, 'Running', 'Running', 3) : DONE}\n`);
      }
    };

    const { node, code, out } = await run(reference, 'u1');

    assert.deepEqual([code, out], [0, 'abcdef']);
    assert.deepEqual(node.asked.map(wordsOf), [
      ...['work follow u1 0', 'work results u1 0', 'work status u1'],
      ...['work results u1 3', 'work status u1'],
    ]);
  });

  it('says that the unit waits for a way to its node', async () => {
    const pending = DONE.replace('"State":2', '"State":0')
      .replace('"cat"}', '"remote"}')
      .replace(
        'null',
        '{"RemoteNode":"gone","RemoteWorkType":"cat","RemoteParams":{},"RemoteUnitID":"","RemoteStarted":false,"LocalCancelled":false,"LocalReleased":false,"SignWork":false,"TLSClient":"","Expiration":"0001-01-01T00:00:00Z"}',
      );
    const node = new ScriptedNode((line, session) => {
      const words = wordsOf(line);
      if (words.startsWith('work follow')) {
        session.say('Following work unit u1\n');
      } else {
        session.say(words.startsWith('work status') ? `${pending}\n` : '{"NodeID":"alpha","RoutingTable":{}}\n');
      }
    });
    const host = new FakeHost(node);
    const run = host.run('work', 'results', 'u1');
    await host.settled(new Promise<void>((resolve) => host.clock.setTimer(10_000, resolve)));

    host.interrupt?.();

    assert.equal(await run, 130);
    assert.match(host.stderr.text, /^waiting: there is no way to "gone" yet \(unit u1; .*\)\n.* the unit u1 goes on/);
  });

  it('leaves the unit running at Ctrl-C, and says how to come back', async () => {
    const node = new ScriptedNode((_, session) => {
      session.say('Following work unit u1\n{"Offset":0,"Length":6}\nabc');
    });
    const host = new FakeHost(node);
    const run = host.run('work', 'results', 'u1');
    while (host.stdout.text !== 'abc') {
      await settlePromises();
    }

    host.interrupt?.();

    assert.equal(await run, 130);
    assert.match(
      host.stderr.text,
      /the unit u1 goes on\. To come back:\n {2}receptor work results u1 --start 3 --socket \/run\/alpha\.sock\n/,
    );
    assert.deepEqual(node.asked.map(wordsOf), ['work follow u1 0']);
  });
});
