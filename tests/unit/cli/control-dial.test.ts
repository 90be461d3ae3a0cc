import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dialControl, GreetingGuard } from '../../../cli/control-dial.js';
import { ControlError } from '../../../cli/control-error.js';
import { settlePromises } from '../../../runtime/clock.js';
import type { SessionAddress } from '../../../runtime/ports.js';
import { ManualHost } from '../../support/manual-host.js';
import { bytesOf, RecordingHandler } from '../../support/recording-session.js';
import { ScriptedNode } from './scripted-node.js';

const UNIX: SessionAddress = { transport: 'unix', path: '/run/a.sock' };
const TCP: SessionAddress = { transport: 'tcp', host: 'alpha', portNumber: 7 };

async function refusal(address: SessionAddress, code: string): Promise<string> {
  const node = new ScriptedNode(() => undefined);
  node.faults.push({ code, text: `connect ${code}` });
  const { clock } = new ManualHost();
  try {
    await dialControl(address, { sessions: node.port, clock, withinMs: 1_000 });
  } catch (thrown) {
    assert.ok(thrown instanceof ControlError);
    assert.equal(thrown.code, 'unreachable');
    assert.equal(clock.armed, 0);
    return `${thrown.message}; ${thrown.hint}`;
  }
  return assert.fail('it was connected');
}

describe('a dial of a control service', () => {
  const cases: readonly (readonly [address: SessionAddress, code: string, told: string])[] = [
    [
      UNIX,
      'ENOENT',
      'there is no socket /run/a.sock; is the node running? The path is that of its control-service, "filename"',
    ],
    [
      UNIX,
      'ECONNREFUSED',
      'nobody answers at /run/a.sock; it is no socket, or one that a node which is gone has left: start the node',
    ],
    [
      UNIX,
      'EACCES',
      'this user may not use /run/a.sock; the control-service has "permissions" for others, such as 0660',
    ],
    [UNIX, 'ENOTDIR', 'there is no socket /run/a.sock; a part of the path is not a directory'],
    [TCP, 'ECONNREFUSED', 'nobody listens at alpha:7; is the node running, with "tcplisten" in its control-service?'],
    [TCP, 'ENOTFOUND', 'dial tcp: lookup alpha: no such host; is the address right, and may this machine reach it?'],
  ];
  for (const [address, code, told] of cases) {
    it(`tells what to do about ${code} of ${address.transport}`, async () => {
      assert.equal(await refusal(address, code), told);
    });
  }

  it('does not wait for ever for a place where nobody answers', async () => {
    const node = new ScriptedNode(() => undefined);
    node.faults.push('nothing');
    const host = new ManualHost();

    const dialing = dialControl(TCP, { sessions: node.port, clock: host.clock, withinMs: 1_000 });
    dialing.catch(() => undefined);
    await settlePromises();
    host.advance(1_000);

    await assert.rejects(dialing, /no connection to alpha:7 within 1 s/);
  });
});

describe('the guard of the greeting', () => {
  function guard() {
    const inner = new RecordingHandler();
    const refused: string[] = [];
    return {
      inner,
      refused,
      guarded: new GreetingGuard(inner, (bytes) => void refused.push(Buffer.from(bytes).toString())),
    };
  }

  it('lets a greeting pass, however it is cut', () => {
    const { inner, refused, guarded } = guard();

    for (const letter of 'Receptor Control, node a\nanything {') {
      guarded.bytes(bytesOf(letter));
    }
    guarded.drained();
    guarded.ended();
    guarded.closed(undefined);

    assert.equal(inner.text, 'Receptor Control, node a\nanything {');
    assert.deepEqual(inner.news, ['drained', 'ended', 'closed']);
    assert.deepEqual(refused, []);
  });

  it('refuses what begins otherwise, at the first byte that differs', () => {
    const { inner, refused, guarded } = guard();

    guarded.bytes(bytesOf('Receptor '));
    guarded.bytes(bytesOf('Mesh'));

    assert.deepEqual(refused, ['Mesh']);
    assert.equal(inner.text, 'Receptor ');
  });
});
