import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bridge } from '../../../../actors/streams/bridge.js';
import type { SessionFault } from '../../../../runtime/ports.js';
import { RecordingSession } from '../../../support/recording-session.js';

const RESET: SessionFault = { code: 'ECONNRESET', text: 'reset' };

function joined(): { left: RecordingSession; right: RecordingSession; over: (string | undefined)[] } {
  const [left, right] = [new RecordingSession({ name: 'left' }), new RecordingSession({ name: 'right' })];
  const over: (string | undefined)[] = [];
  bridge(left, right, (fault) => over.push(fault?.code));
  return { left, right, over };
}

describe('a bridge', () => {
  it('passes bytes in both directions', () => {
    const { left, right } = joined();
    left.hear('question');
    right.hear('answer');

    assert.deepEqual([right.text, left.text], ['question', 'answer']);
  });

  it('stops reading where the other side has no room, until it has', () => {
    const { left, right } = joined();
    right.hasRoom = false;
    left.hear('much');
    assert.deepEqual(left.acts, ['attach', 'pause']);
    assert.deepEqual(right.acts, ['attach']);

    right.drain();
    assert.deepEqual(left.acts, ['attach', 'pause', 'resume']);
  });

  it('passes the end of one direction on as such: what comes back still arrives', () => {
    const { left, right, over } = joined();
    left.hearEnd();
    right.hear('answer after the end');

    assert.deepEqual(right.acts, ['attach', 'end']);
    assert.equal(left.text, 'answer after the end');
    assert.deepEqual(over, []);
  });

  it('is over when either side is: the other is closed, or aborted if something went wrong', () => {
    const inOrder = joined();
    inOrder.left.break();
    assert.equal(inOrder.right.acts.at(-1), 'close');
    assert.deepEqual(inOrder.over, [undefined]);

    const broken = joined();
    broken.right.break(RESET);
    assert.equal(broken.left.acts.at(-1), 'abort');
    assert.deepEqual(broken.over, ['ECONNRESET']);
  });

  it('is over once only', () => {
    const { left, right, over } = joined();
    left.break();
    right.break(RESET);
    assert.deepEqual(over, [undefined]);
  });
});
