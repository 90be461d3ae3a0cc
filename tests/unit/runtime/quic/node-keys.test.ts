import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import type { SignatureScheme } from '../../../../runtime/quic/engine.js';
import {
  ed25519KeyFromSeed,
  nodeIdentity,
  nodeSigningKey,
  verifySignature,
} from '../../../../runtime/quic/node-keys.js';
import { certificatePem, fixtureIdentity, keyPem } from './certificates.js';

const message = Buffer.from('what both ends have said so far');

const SCHEMES: Readonly<Record<SignatureScheme, string>> = {
  ed25519: 'ed25519',
  ecdsa_secp256r1_sha256: 'ec-p256',
  ecdsa_secp384r1_sha384: 'ec-p384',
  ecdsa_secp521r1_sha512: 'ec-p521',
  rsa_pss_rsae_sha256: 'rsa-2048',
  rsa_pss_rsae_sha384: 'rsa-2048',
  rsa_pss_rsae_sha512: 'rsa-2048',
};

function names(): [SignatureScheme, string][] {
  return Object.entries(SCHEMES).map(([scheme, name]) => [scheme as SignatureScheme, name]);
}

describe('signing and verifying', () => {
  for (const [scheme, name] of names()) {
    it(`agree for ${scheme}`, () => {
      const { chain, key } = fixtureIdentity(name);
      const [certificate = new Uint8Array()] = chain;

      const signature = key.sign(scheme, message);

      assert.ok(verifySignature({ scheme, certificate, message, signature }));
      assert.ok(!verifySignature({ scheme, certificate, message: Buffer.from('something else'), signature }));
      signature[signature.length - 1] = (signature[signature.length - 1] ?? 0) ^ 1;
      assert.ok(!verifySignature({ scheme, certificate, message, signature }));
    });
  }

  it('hold a scheme to its kind of key', () => {
    const signature = sign('sha256', message, createPrivateKey(keyPem('ec-p384')));
    const [certificate = new Uint8Array()] = fixtureIdentity('ec-p384').chain;

    // The signature itself is right: only the curve is not the one that TLS 1.3 ties to this scheme.
    assert.ok(!verifySignature({ scheme: 'ecdsa_secp256r1_sha256', certificate, message, signature }));
  });

  it('refuse PKCS #1 padding under a PSS scheme', () => {
    const signature = sign('sha256', message, createPrivateKey(keyPem('rsa-2048')));
    const [certificate = new Uint8Array()] = fixtureIdentity('rsa-2048').chain;

    assert.ok(!verifySignature({ scheme: 'rsa_pss_rsae_sha256', certificate, message, signature }));
  });

  it('refuse a certificate that hides behind another one', () => {
    const { key } = fixtureIdentity('ec-p256');
    const [trusted = new Uint8Array()] = fixtureIdentity('chain').chain;
    const scheme = 'ecdsa_secp256r1_sha256';
    const signature = key.sign(scheme, message);
    const pem = Buffer.from(certificatePem('ec-p256'));

    assert.ok(!verifySignature({ scheme, certificate: Buffer.concat([trusted, pem]), message, signature }));
    assert.ok(!verifySignature({ scheme, certificate: pem, message, signature }));
  });

  it('throw at a certificate that is none', () => {
    const check = { scheme: 'ed25519', certificate: Uint8Array.of(1, 2), message, signature: message } as const;

    assert.throws(() => verifySignature(check));
  });
});

describe('nodeSigningKey', () => {
  it('tells the kind of the key', () => {
    const kinds = ['ed25519', 'ec-p256', 'ec-p384', 'ec-p521', 'rsa-2048'].map(
      (name) => nodeSigningKey(createPrivateKey(keyPem(name))).kind,
    );

    assert.deepEqual(kinds, ['ed25519', 'ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa']);
  });

  it('refuses keys that TLS 1.3 has no use for, and public ones', () => {
    const x25519 = generateKeyPairSync('x25519').privateKey;
    const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
    const short = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
    const half = createPublicKey(keyPem('ed25519'));

    for (const key of [x25519, koblitz, short, half]) {
      assert.throws(() => nodeSigningKey(key), { code: 'invalid-use' });
    }
  });
});

describe('nodeIdentity', () => {
  it('keeps a chain in the order of the file', () => {
    const { chain } = fixtureIdentity('chain');
    const [authority] = fixtureIdentity('authority').chain;

    assert.equal(chain.length, 2);
    assert.deepEqual(chain[1], authority);
  });

  it('passes over text between the certificates', () => {
    const certificates = `a leaf:\n${certificatePem('ed25519')}\nthe end\n`;

    assert.equal(nodeIdentity({ certificates, key: keyPem('ed25519') }).chain.length, 1);
  });
});

describe('ed25519KeyFromSeed', () => {
  it('makes the key of RFC 8032, 7.1, test 1', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');

    const key = ed25519KeyFromSeed(new Uint8Array(seed));

    assert.equal(
      Buffer.from(key.publicKey).toString('hex'),
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    assert.equal(
      Buffer.from(key.sign('ed25519', new Uint8Array())).toString('hex'),
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('refuses a seed of another length', () => {
    assert.throws(() => ed25519KeyFromSeed(new Uint8Array(31)), { code: 'invalid-use' });
  });
});
