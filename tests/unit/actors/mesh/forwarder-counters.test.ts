import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noCounts } from '../../../../actors/mesh/forwarder-counters.js';

describe('the counters of a forwarder', () => {
  it('begin at nothing, each forwarder with its own', () => {
    const counters = noCounts();
    counters.blocked += 1;

    assert.deepEqual(new Set(Object.values(noCounts())), new Set([0]));
    assert.equal(counters.blocked, 1);
  });
});
