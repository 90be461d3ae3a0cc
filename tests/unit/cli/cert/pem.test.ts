import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { NO_NAMES } from '../../../../cli/cert/alternative-names.js';
import { CertError } from '../../../../cli/cert/cert-error.js';
import { keyPem, newKey } from '../../../../cli/cert/keys.js';
import { hasPrivateKey, pemItems, pemText } from '../../../../cli/cert/pem.js';
import { makeRequest } from '../../../../cli/cert/request.js';
import { newAuthority } from './cert-stage.js';

function refused(text: string, pattern: RegExp): void {
  assert.throws(
    () => pemItems(text),
    (thrown) => thrown instanceof CertError && pattern.test(thrown.message) && thrown.cure !== '',
  );
}

describe('PEM', () => {
  it('has lines of 64 characters between its two borders', () => {
    assert.equal(
      pemText('CERTIFICATE', new Uint8Array(49)),
      `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\nAA==\n-----END CERTIFICATE-----\n`,
    );
  });

  it('holds certificates, requests and keys, in their order and with words between them', async () => {
    const key = await newKey({ kind: 'ec' });
    const { certificate } = await newAuthority();
    const request = pemText('CERTIFICATE REQUEST', makeRequest({ commonName: 'a', names: NO_NAMES }, key));
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const text = ['words\n', pemText('CERTIFICATE', certificate.raw), request, '\r\n', keyPem(key), publicKey].join(
      '\n',
    );

    assert.deepEqual(
      pemItems(text.replaceAll('\n', '\r\n')).map(({ type }) => type),
      ['certificate', 'request', 'private-key', 'public-key'],
    );
  });

  it('says so when there is nothing in it', () => {
    refused('', /^failed to decode PEM block$/);
    refused('-----BEGIN CERTIFICATE-----\nAAAA\n-----END X-----', /^failed to decode PEM block$/);
  });

  it('says so when an item cannot be read', () => {
    refused('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /^a certificate that cannot be read/);
    refused('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', /^a private key that cannot be read/);
    refused('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /^a public key that cannot be read/);
    refused('-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----', /^unknown block type X509 CRL$/);
  });

  it('says so when a key has a password', () => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    });

    const older = generateKeyPairSync('rsa', {
      modulusLength: 1_024,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    }).privateKey;

    for (const text of [privateKey, older]) {
      refused(text, /^the private key is encrypted$/);
    }
    assert.equal(hasPrivateKey(privateKey), true);
  });

  it('knows a private key by its border', async () => {
    const key = await newKey({ kind: 'ec' });
    const { certificate } = await newAuthority();

    assert.equal(hasPrivateKey(keyPem(key)), true);
    assert.equal(hasPrivateKey('-----BEGIN RSA PRIVATE KEY-----\nnot even one'), true);
    assert.equal(hasPrivateKey(pemText('CERTIFICATE', certificate.raw)), false);
  });
});
