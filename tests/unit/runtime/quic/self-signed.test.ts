import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { ed25519KeyFromSeed } from '../../../../runtime/quic/node-keys.js';
import { selfSignedCertificate, selfSignedIdentity } from '../../../../runtime/quic/self-signed.js';

const options = {
  commonName: 'a name with ümlaut',
  key: ed25519KeyFromSeed(new Uint8Array(32).fill(7)),
  serial: Uint8Array.of(0x9a, 2, 3),
  notBeforeMs: 1_795_222_923_000,
  notAfterMs: 2_556_144_000_000,
};

describe('selfSignedCertificate', () => {
  it('is a certificate that says what was asked for', () => {
    const certificate = new X509Certificate(selfSignedCertificate(options));

    assert.equal(certificate.subject, 'CN=a name with ümlaut');
    assert.equal(certificate.issuer, certificate.subject);
    assert.equal(certificate.serialNumber, '9A0203');
    assert.equal(certificate.validFrom, 'Nov 21 01:02:03 2026 GMT');
    assert.equal(certificate.validTo, 'Jan  1 00:00:00 2051 GMT');
    assert.equal(certificate.publicKey.asymmetricKeyType, 'ed25519');
    assert.equal(certificate.subjectAltName, undefined);
  });

  it('is signed by its own key', () => {
    const certificate = new X509Certificate(selfSignedCertificate(options));

    assert.ok(certificate.verify(certificate.publicKey));
  });

  it('is the same for the same options, and another one for another serial', () => {
    const again = selfSignedCertificate({ ...options, key: ed25519KeyFromSeed(new Uint8Array(32).fill(7)) });
    const other = selfSignedCertificate({ ...options, serial: Uint8Array.of(1) });

    assert.deepEqual(again, selfSignedCertificate(options));
    assert.notDeepEqual(other, again);
  });
});

describe('selfSignedIdentity', () => {
  it('has the certificate as its whole chain', () => {
    const { chain, key } = selfSignedIdentity(options);

    assert.deepEqual(chain, [selfSignedCertificate(options)]);
    assert.equal(key, options.key);
  });
});
