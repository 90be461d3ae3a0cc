import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ended,
  faultTextIn,
  type LinkContext,
  peerOf,
  reasonIn,
  silentMsIn,
  updateIn,
} from '../../../../actors/mesh/link-vocabulary.js';
import { HERE, IDLE_LIMIT_MS, NEAR } from '../node-parts.js';
import { updateOf } from './updates.js';

const context: LinkContext = {
  session: 1,
  self: HERE,
  policy: { cost: 1, nodeCosts: {}, allowedPeers: undefined },
  idleLimitMs: IDLE_LIMIT_MS,
  peer: NEAR,
  cost: 1,
  latest: undefined,
  peerKind: 'kin',
  result: { code: 'lost', text: '', peer: undefined },
};

describe('the vocabulary of a link', () => {
  it('gives what a message brings', () => {
    const update = updateOf(NEAR);
    assert.equal(updateIn({ type: 'update.received', update }), update);
    assert.equal(silentMsIn({ type: 'silence.measured', silentMs: 7 }), 7);
    assert.equal(reasonIn({ type: 'reject.received', reason: 'why' }), 'why');
    assert.equal(faultTextIn({ type: 'session.closed', fault: { code: 'x', text: 'broken' } }), 'broken');
  });

  it('has nothing to give of other messages where that may be', () => {
    assert.equal(faultTextIn({ type: 'session.closed', fault: undefined }), undefined);
    assert.equal(faultTextIn({ type: 'stop' }), undefined);
    assert.equal(reasonIn({ type: 'stop' }), undefined);
  });

  it('takes it for a mistake where that cannot be', () => {
    assert.throws(() => updateIn({ type: 'stop' }), /stop brings no update/);
    assert.throws(() => silentMsIn({ type: 'stop' }), /stop brings no silence/);
    assert.throws(() => peerOf({ ...context, peer: undefined }), /knows no peer/);
  });

  it('says how a link ended, and with whom', () => {
    assert.equal(peerOf(context), NEAR);
    assert.deepEqual(ended(context, 'silent'), {
      result: { code: 'silent', text: 'nothing was heard from near for too long', peer: NEAR },
    });
  });
});
