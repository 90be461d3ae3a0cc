import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { parseFingerprint, pinRefusal } from '../../../../runtime/security/fingerprint.js';
import { certificate } from '../../../support/certificate-maker.js';

const SHA256 = 'ab'.repeat(32);
const SHA512 = '0f'.repeat(64);

describe('parseFingerprint', () => {
  it('knows the digest by its length', () => {
    assert.deepEqual(parseFingerprint(SHA256), { algorithm: 'sha256', hex: SHA256 });
    assert.deepEqual(parseFingerprint(SHA512), { algorithm: 'sha512', hex: SHA512 });
  });

  it('takes colons and large letters, as OpenSSL prints them', () => {
    const printed = SHA256.toUpperCase().replace(/..(?=.)/g, '$&:');

    assert.match(printed, /^AB:AB:/);
    assert.deepEqual(parseFingerprint(printed), { algorithm: 'sha256', hex: SHA256 });
  });

  for (const text of ['', ':', 'ab', SHA256.slice(1), `${SHA256}ab`, 'ab'.repeat(20), 'xy'.repeat(32), ` ${SHA256}`]) {
    it(`is undefined for ${JSON.stringify(text)}`, () => {
      assert.equal(parseFingerprint(text), undefined);
    });
  }
});

describe('pinRefusal', () => {
  const { der, certificate: shown } = certificate({ name: 'a' });
  const pinOf = (algorithm: string, bytes: Uint8Array) =>
    parseFingerprint(createHash(algorithm).update(bytes).digest('hex')) ?? assert.fail();

  it('refuses nobody where nothing is pinned', () => {
    assert.equal(pinRefusal([], der), undefined);
  });

  it('lets any one of the pinned pass, by either digest', () => {
    const other = pinOf('sha256', new Uint8Array(1));

    assert.equal(pinRefusal([other, pinOf('sha256', der)], der), undefined);
    assert.equal(pinRefusal([pinOf('sha512', der)], der), undefined);
  });

  it('agrees with the fingerprint that Node shows', () => {
    const pin = parseFingerprint(shown.fingerprint256) ?? assert.fail();

    assert.equal(pinRefusal([pin], der), undefined);
  });

  it('refuses who is none of the pinned', () => {
    assert.match(`${pinRefusal([pinOf('sha256', new Uint8Array(1))], der)}`, /does not match any pinned fingerprint/);
  });
});
