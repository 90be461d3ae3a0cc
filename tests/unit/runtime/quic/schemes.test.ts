import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { schemeOf } from '../../../../runtime/quic/schemes.js';

describe('schemeOf', () => {
  it('knows the code points of RFC 8446, 4.2.3 that the engine uses', () => {
    assert.deepEqual(
      [0x0807, 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806].map((codePoint) => schemeOf(codePoint)),
      [
        'ed25519',
        'ecdsa_secp256r1_sha256',
        'ecdsa_secp384r1_sha384',
        'ecdsa_secp521r1_sha512',
        'rsa_pss_rsae_sha256',
        'rsa_pss_rsae_sha384',
        'rsa_pss_rsae_sha512',
      ],
    );
  });

  it('refuses PKCS #1 and everything else', () => {
    assert.equal(schemeOf(0x0401), undefined);
    assert.equal(schemeOf(0), undefined);
  });
});
