import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INSECURE_COMMON_NAME, insecureRefusal } from '../../../../actors/streams/insecure-trust.js';
import { streamCrypto } from '../../../../actors/streams/stream-crypto.js';
import { seededRandom } from '../../../../runtime/random.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';

const crypto = streamCrypto(new VirtualClock(), seededRandom('trust'));
const [insecure = new Uint8Array()] = crypto.identity(INSECURE_COMMON_NAME).chain;
const [other = new Uint8Array()] = crypto.identity('some other name').chain;

describe('trust without a TLS profile', () => {
  it('is given to the self-made certificate of a service without a profile, wherever it stands in the chain', () => {
    assert.equal(insecureRefusal(crypto, [insecure]), undefined);
    assert.equal(insecureRefusal(crypto, [other, insecure]), undefined);
  });

  it('is refused to everybody else, in the words of the reference', () => {
    for (const chain of [[], [other], [new Uint8Array([1, 2, 3])]]) {
      assert.equal(insecureRefusal(crypto, chain), 'insecure connection to secure service');
    }
  });
});
