import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { certificatesIn, credentialsFrom, PLAIN_CLIENT } from '../../../../runtime/security/profile.js';
import { certificate, credentialsOf } from '../../../support/certificate-maker.js';

const root = certificate({ name: 'root' });
const leaf = certificate({ name: 'leaf', by: root });
const { keyPem } = credentialsOf(leaf);

/** What was read; the test fails when it was not. */
function loadedOf<T>(loaded: { ok: true; value: T } | { ok: false; text: string }): T {
  return loaded.ok ? loaded.value : assert.fail(loaded.text);
}

/** Why it was not read; the test fails when it was. */
function textOf(loaded: { ok: true } | { ok: false; text: string }): string {
  return loaded.ok ? assert.fail('it was taken') : loaded.text;
}

describe('certificatesIn', () => {
  it('reads all certificates of a text in their order, and nothing of what lies between', () => {
    const found = loadedOf(
      certificatesIn(`leaf:\n${leaf.pem}\nroot:\r\n${root.pem.replaceAll('\n', '\r\n')}${keyPem}`),
    );

    assert.deepEqual(
      found.map(({ raw }) => new X509Certificate(raw).subject),
      ['CN=leaf', 'CN=root'],
    );
  });

  for (const text of ['', 'nothing', keyPem, leaf.pem.replace('-----END CERTIFICATE-----', '')]) {
    it(`tells that there is none in ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(textOf(certificatesIn(text)), 'there is no certificate in it');
    });
  }

  it('tells of one that cannot be read, and takes none of the others', () => {
    const broken = `-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n`;

    assert.match(textOf(certificatesIn(leaf.pem + broken)), /^a certificate in it cannot be read: ./);
  });
});

describe('credentialsFrom', () => {
  it('has the chain, leaf first, and the key', () => {
    const { chain, keyPem: kept, certificatePem } = loadedOf(credentialsFrom(leaf.pem + root.pem, keyPem));

    assert.deepEqual(
      chain.map(({ raw }) => new X509Certificate(raw).subject),
      ['CN=leaf', 'CN=root'],
    );
    assert.equal(kept, keyPem);
    assert.equal(certificatePem, leaf.pem + root.pem);
  });

  it('takes keys in the older forms', () => {
    const sec1 = leaf.key.export({ type: 'sec1', format: 'pem' }).toString();

    assert.ok(credentialsFrom(leaf.pem, sec1).ok);
  });

  it('tells when certificate and key do not belong together', () => {
    const other = credentialsOf(root).keyPem;

    assert.equal(textOf(credentialsFrom(leaf.pem, other)), 'private key does not match public key of the certificate');
    // The first certificate is the leaf, whoever stands behind it.
    assert.equal(credentialsFrom(root.pem + leaf.pem, keyPem).ok, false);
  });

  it('tells which of the two cannot be read', () => {
    assert.match(textOf(credentialsFrom('', keyPem)), /^certificate: there is no certificate in it$/);
    assert.match(textOf(credentialsFrom(leaf.pem, '')), /^private key: ./);
    assert.match(textOf(credentialsFrom(leaf.pem, leaf.pem)), /^private key: ./);
  });

  it('tells that a key is encrypted, since nobody is there to be asked', () => {
    for (const type of ['pkcs8', 'sec1'] as const) {
      const locked = leaf.key.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }).toString();

      assert.match(textOf(credentialsFrom(leaf.pem, locked)), /^private key: it is encrypted/, type);
    }
  });
});

describe('the profile of a dial that names none', () => {
  it('verifies everything by the authorities of the machine, and shows nothing', () => {
    const { verification, authorities, credentials, pins } = PLAIN_CLIENT;

    assert.deepEqual([verification, authorities, credentials, pins], ['full', undefined, undefined, []]);
  });
});
