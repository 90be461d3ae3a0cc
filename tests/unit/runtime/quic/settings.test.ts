import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { largestDatagram } from '../../../../runtime/quic/settings.js';

describe('largestDatagram', () => {
  it('is the first size, or the limit of the search where that is larger', () => {
    assert.equal(largestDatagram({ protocols: ['p'] }), 1_200);
    assert.equal(largestDatagram({ protocols: ['p'], initialDatagram: 8_000 }), 8_000);
    assert.equal(largestDatagram({ protocols: ['p'], initialDatagram: 8_000, discoveryLimit: 1_452 }), 8_000);
    assert.equal(largestDatagram({ protocols: ['p'], discoveryLimit: 16_000 }), 16_000);
  });
});
