import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linkEnd, linkEndText, redialDelayMs, refusedDelayMs } from '../../../../actors/mesh/dial-rules.js';
import { childAddress, rootAddress } from '../../../../runtime/address.js';
import type { ChildEnded, Outcome } from '../../../../runtime/self.js';

function ended(outcome: Outcome): ChildEnded {
  return { type: 'child.ended', child: childAddress(rootAddress('node'), 'link'), kind: 'link', outcome };
}

function linkEnded(code: string): ChildEnded {
  return ended({ type: 'done', output: { code, text: `because ${code}`, peer: undefined } });
}

describe('the wait before the next dial', () => {
  it('is short at first, grows with each attempt, and has a limit', () => {
    assert.deepEqual([0, 1, 2, 3].map(redialDelayMs).map(Math.round), [100, 100, 170, 289]);
    assert.equal(redialDelayMs(64), 20_000);
  });

  it('is longer where we are not wanted', () => {
    assert.deepEqual([0, 1, 2].map(refusedDelayMs), [2_000, 2_000, 3_400]);
    assert.equal(refusedDelayMs(64), 60_000);
  });
});

describe('the end of a link, for its dialer', () => {
  it('is a refusal when either end said so', () => {
    assert.equal(linkEnd(linkEnded('refused-cost')), 'refused');
    assert.equal(linkEnd(linkEnded('rejected-by-peer')), 'refused');
    for (const code of ['lost', 'silent', 'no-greeting', 'stopped']) {
      assert.equal(linkEnd(linkEnded(code)), 'failed', code);
    }
    assert.equal(linkEnd(ended({ type: 'stopped' })), 'failed');
    assert.equal(linkEnd(ended({ type: 'failed', code: 'x', text: 'a bug' })), 'failed');
  });

  it('has words', () => {
    assert.equal(linkEndText(linkEnded('lost')), 'because lost');
    assert.equal(linkEndText(ended({ type: 'failed', code: 'x', text: 'a bug' })), 'a bug');
    assert.equal(linkEndText(ended({ type: 'stopped' })), 'stopped');
  });
});
