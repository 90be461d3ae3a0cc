import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientContext } from '../../../../cli/client/context.js';
import { sendPayload } from '../../../../cli/client/payload-sending.js';
import { settlePromises } from '../../../../runtime/clock.js';
import { bytesOf, RecordingSession, textOf } from '../../../support/recording-session.js';
import { ScriptedNode } from '../scripted-node.js';
import { FakeHost } from './fake-host.js';

function stage(...pieces: readonly string[]) {
  const host = new FakeHost(new ScriptedNode(() => undefined));
  const context = new ClientContext(host, { output: 'table', timeout: 30 });
  const session = new RecordingSession();
  const sent: string[] = [];
  async function* chunks() {
    for (const piece of pieces) {
      sent.push(piece);
      yield bytesOf(piece);
    }
  }
  /** Resolves with what the client reads on from. */
  const sending = async (): Promise<string> => {
    let said = '';
    const client = { takeOver: () => session, resume: (rest: Uint8Array) => (said = textOf(rest)) };
    await sendPayload(context, client, { size: undefined, chunks });
    return said;
  };
  return { session, sent, sending };
}

describe('the sending of a payload', () => {
  it('sends all of it and the end, and gives back what the node has said', async () => {
    const { session, sending } = stage('ab', 'c');

    const sent = sending();
    session.hear('ERROR: no\n');
    const said = await sent;

    assert.equal(session.text, 'abc');
    assert.deepEqual(session.acts, ['attach', 'end']);
    assert.equal(said, 'ERROR: no\n');
  });

  it('reads no more than the node takes', async () => {
    const { session, sent, sending } = stage('a', 'b');
    session.hasRoom = false;

    const done = sending();
    await settlePromises();
    assert.deepEqual(sent, ['a']);
    session.drain();
    await done;

    assert.deepEqual(sent, ['a', 'b']);
  });

  it('stops when the node is gone', async () => {
    const { session, sent, sending } = stage('a', 'b', 'c');
    session.hasRoom = false;

    const done = sending();
    await settlePromises();
    session.break({ code: 'ECONNRESET', text: 'read ECONNRESET' });
    await done;

    assert.deepEqual(sent, ['a', 'b']);
    assert.equal(session.text, 'a');
  });

  it('keeps only a line of what the node says', async () => {
    const { session, sending } = stage('a');

    const sent = sending();
    session.hear(new Uint8Array(100_000));

    assert.equal((await sent).length, 65_536);
  });
});
