import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { streamCrypto } from '../../../../actors/streams/stream-crypto.js';
import { seededRandom } from '../../../../runtime/random.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';

const clock = new VirtualClock();

function leafOf(seed: string): Uint8Array {
  return streamCrypto(clock, seededRandom(seed)).identity('a name').chain[0] ?? new Uint8Array();
}

describe('the crypto of streams', () => {
  it('makes a certificate that others can read, valid from a minute ago for ten years', () => {
    const certificate = new X509Certificate(leafOf('x'));
    assert.equal(certificate.subject, 'CN=a name');
    assert.equal(certificate.verify(certificate.publicKey), true);
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    assert.equal(Math.round(days), 3_650);
    assert.equal(Date.parse(certificate.validFrom), clock.wallMs() - 60_000);
  });

  it('makes the same of the same chance, and something else of another', () => {
    assert.deepEqual(leafOf('x'), leafOf('x'));
    assert.notDeepEqual(leafOf('x'), leafOf('y'));
  });

  it('makes another key for each identity', () => {
    const crypto = streamCrypto(clock, seededRandom('x'));
    assert.notDeepEqual(crypto.identity('a').chain[0], crypto.identity('a').chain[0]);
  });

  it('reads the names in a certificate, and none in what is no certificate', () => {
    const crypto = streamCrypto(clock, seededRandom('x'));
    assert.deepEqual(crypto.commonNames(leafOf('x')), ['a name']);
    assert.deepEqual(crypto.commonNames(new Uint8Array([0x30, 0x03, 1, 2, 3])), []);
  });

  it('gives out a pool of engines of its own each time', () => {
    const crypto = streamCrypto(clock, seededRandom('x'));
    assert.notEqual(crypto.pool(), crypto.pool());
    assert.equal(crypto.pool().counts.dialInstances, 0);
  });
});
