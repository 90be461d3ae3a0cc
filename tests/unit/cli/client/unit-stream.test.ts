import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutputSink } from '../../../../cli/client/output-sink.js';
import { fetchResults, followUnit } from '../../../../cli/client/unit-stream.js';
import { ControlClient } from '../../../../cli/control.js';
import { ControlError } from '../../../../cli/control-error.js';
import { ManualHost } from '../../../support/manual-host.js';
import { type Script, ScriptedNode, wordsOf } from '../scripted-node.js';

const DONE =
  '{"Detail":"exit status 0","ExtraData":null,"State":2,"StateName":"Succeeded","StdoutSize":6,"WorkType":"cat"}';
const RUNNING = DONE.replace('"State":2', '"State":1');

class MemorySink implements OutputSink {
  text = '';
  expected = 0;

  write(bytes: Uint8Array): Promise<void> {
    this.text += Buffer.from(bytes).toString();
    return Promise.resolve();
  }

  expect(bytes: number): void {
    this.expected = bytes;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function stage(script: Script) {
  const node = new ScriptedNode(script);
  const { clock } = new ManualHost();
  const open = () =>
    ControlClient.open({ transport: 'unix', path: 'x' }, { sessions: node.port, clock, withinMs: 1_000 });
  return { node, open, client: await open(), sink: new MemorySink() };
}

describe('our own way to follow a unit', () => {
  it('brings its output and its end', async () => {
    const { client, sink, node } = await stage((_, session) => {
      session.say(`Following work unit u1\n{"Status":${RUNNING}}\n{"Offset":2,"Length":4}\nab`);
      session.say(`cd{"End":true,"Size":6,"Status":${DONE}}\n`);
    });

    const end = await followUnit(client, { unitId: 'u1', start: 2, sink });

    assert.equal(end?.type, 'done');
    assert.equal(end?.type === 'done' && end.status.detail, 'exit status 0');
    assert.equal(sink.text, 'abcd');
    assert.equal(sink.expected, 6);
    assert.deepEqual(node.asked.map(wordsOf), ['work follow u1 2']);
  });

  it('is not known to a node of the reference', async () => {
    const { client, sink } = await stage((_, session) => void session.say('ERROR: bad command\n'));

    assert.equal(await followUnit(client, { unitId: 'u1', start: 0, sink }), undefined);
  });

  it('tells an unknown unit from an unknown command', async () => {
    const { client, sink } = await stage((_, session) => void session.say('ERROR: unknown work unit u1\n'));

    await assert.rejects(
      followUnit(client, { unitId: 'u1', start: 0, sink }),
      (thrown) => thrown instanceof ControlError && thrown.hint !== undefined,
    );
  });

  it('tells when the connection is lost before the end', async () => {
    const { client, sink } = await stage((_, session) => {
      session.say('Following work unit u1\n{"Offset":0,"Length":4}\nab').vanish({ code: 'ECONNRESET', text: 'reset' });
    });

    assert.deepEqual(await followUnit(client, { unitId: 'u1', start: 0, sink }), { type: 'lost', text: 'reset' });
    assert.equal(sink.text, 'ab');
  });

  it('takes nothing for output that is not where it should be', async () => {
    const { client, sink } = await stage((_, session) => {
      session.say('Following work unit u1\n{"Offset":5,"Length":4}\nabcd');
    });

    const end = await followUnit(client, { unitId: 'u1', start: 0, sink });

    assert.deepEqual(end, { type: 'lost', text: 'output at 5, expected 0' });
    assert.equal(sink.text, '');
  });
});

describe("the reference's way to fetch results", () => {
  const results =
    (output: string, status: string): Script =>
    (line, session) => {
      if (wordsOf(line).startsWith('work results')) {
        session.say(`Streaming results for work unit u1\n${output}`).sayEnd();
      } else {
        session.say(`${status}\n`);
      }
    };

  it('ends its own side, reads to the end, and asks for the status on another connection', async () => {
    const { client, sink, node, open } = await stage(results('abcdef', DONE));

    const end = await fetchResults(client, { unitId: 'u1', start: 0, sink }, open);

    assert.equal(end.type, 'done');
    assert.equal(sink.text, 'abcdef');
    assert.deepEqual(node.asked.map(wordsOf), ['work results u1 0', 'work status u1']);
    assert.equal(node.sessions.length, 2);
    assert.ok(node.sessions[0]?.acts.includes('end'));
    assert.equal(node.sessions[1]?.acts.at(-1), 'close');
  });

  it('is not at its end while the unit runs', async () => {
    const { client, sink, open } = await stage(results('abcdef', RUNNING));

    assert.deepEqual(await fetchResults(client, { unitId: 'u1', start: 0, sink }, open), { type: 'unfinished' });
  });

  it('is not at its end while output is missing', async () => {
    const { client, sink, open } = await stage(results('abc', DONE));

    assert.deepEqual(await fetchResults(client, { unitId: 'u1', start: 0, sink }, open), { type: 'unfinished' });
  });

  it('tells when the connection is lost', async () => {
    const { client, sink, open } = await stage((_, session) => {
      session.say('Streaming results for work unit u1\nab').vanish({ code: 'ECONNRESET', text: 'reset' });
    });

    const end = await fetchResults(client, { unitId: 'u1', start: 0, sink }, open);

    assert.deepEqual(end, { type: 'lost', text: 'reset' });
    assert.equal(sink.text, 'ab');
  });
});
