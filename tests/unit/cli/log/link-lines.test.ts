import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type LinkEndCode, linkClosed } from '../../../../actors/topics.js';
import { closedLines } from '../../../../cli/log/link-lines.js';
import { partAddress, shownLines, topicRecord } from './record-of.js';

const TEXT = 'the reason';

function lines(code: LinkEndCode, raisedBy: string): readonly string[] {
  const closed = { peer: undefined, remote: '1.2.3.4:5', code, text: TEXT };
  const record = topicRecord(linkClosed, closed, partAddress(raisedBy, 'link-1'));
  return shownLines(closedLines(closed, { record }));
}

describe('the end of a link in the log', () => {
  const cases: readonly (readonly [code: LinkEndCode, line: string])[] = [
    ['lost', 'INFO The reason (1.2.3.4:5)'],
    ['silent', 'WARNING Timing out connection: the reason (1.2.3.4:5)'],
    ['no-greeting', 'WARNING Giving up on connection initialization: the reason (1.2.3.4:5)'],
    ['refused-own-id', 'ERROR Backend error: rejected connection: the reason (1.2.3.4:5)'],
    ['refused-not-allowed', 'ERROR Backend error: rejected connection: the reason (1.2.3.4:5)'],
    ['refused-connected-already', 'ERROR Backend error: rejected connection: the reason (1.2.3.4:5)'],
    ['refused-id-changed', 'ERROR Backend error: rejected connection: the reason (1.2.3.4:5)'],
    ['refused-not-listed', 'ERROR Backend error: rejected connection: the reason (1.2.3.4:5)'],
    ['refused-cost', 'ERROR Backend error: rejected connection: the reason (1.2.3.4:5)'],
    ['rejected-by-peer', 'WARNING Received a rejection message from peer. the reason (1.2.3.4:5)'],
    ['stopped', 'DEBUG The reason (1.2.3.4:5)'],
  ];
  for (const [code, line] of cases) {
    it(`for ${code}`, () => {
      assert.deepEqual(lines(code, 'listener-1'), [line]);
    });
  }

  it('tells also that a link which we dialled is tried again', () => {
    assert.deepEqual(lines('lost', 'dialer-2'), [
      'INFO The reason (1.2.3.4:5)',
      'WARNING Backend connection exited (will retry)',
    ]);
  });

  it('tells nothing of another try when the node stops', () => {
    assert.deepEqual(lines('stopped', 'dialer-2'), ['DEBUG The reason (1.2.3.4:5)']);
  });
});
