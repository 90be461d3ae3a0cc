import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { CertError } from '../../../../cli/cert/cert-error.js';
import { firstObject } from '../../../../cli/cert/certificate.js';
import {
  algorithmDer,
  algorithmText,
  isSameKey,
  isSignedWith,
  keyPem,
  keyText,
  newKey,
  publicKeyDer,
  signed,
} from '../../../../cli/cert/keys.js';
import { derElements } from '../../../../runtime/security/der-reader.js';

const BYTES = Buffer.from('to be signed');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

describe('a key', () => {
  const kinds = [
    ['rsa', 'RSA (2048 bits)', 'RSA PRIVATE KEY', 'SHA256-RSA', '300d06092a864886f70d01010b0500'],
    ['ec', 'ECDSA (P-256)', 'PRIVATE KEY', 'ECDSA-SHA256', '300a06082a8648ce3d040302'],
    ['ed25519', 'Ed25519', 'PRIVATE KEY', 'Ed25519', '300506032b6570'],
  ] as const;
  for (const [kind, text, label, algorithm, identifier] of kinds) {
    it(`of the kind ${kind} is made, written and signs`, async () => {
      const key = await newKey({ kind });
      const pem = keyPem(key);
      const signature = signed(BYTES, key);
      const [id] = derElements(algorithmDer(key)) ?? assert.fail('no element');
      const dotted = id === undefined ? '' : firstObject(id);

      assert.equal(keyText(key), text);
      assert.ok(pem.startsWith(`-----BEGIN ${label}-----\n`), pem.slice(0, 40));
      assert.ok(isSameKey(createPrivateKey(pem), createPublicKey(key)));
      assert.equal(hex(algorithmDer(key)), identifier);
      assert.equal(algorithmText(dotted), algorithm);
      assert.equal(isSignedWith({ bytes: BYTES, signature, algorithm: dotted }, createPublicKey(key)), true);
      assert.equal(isSignedWith({ bytes: Buffer.from('other'), signature, algorithm: dotted }, key), false);
      assert.equal(hex(publicKeyDer(key)), hex(publicKeyDer(createPublicKey(key))));
    });
  }

  it('of a larger curve signs with a longer digest', () => {
    const names = ['secp384r1', 'secp521r1'].map((name) => {
      const [element] = derElements(algorithmDer(curve(name))) ?? [];
      return element === undefined ? '' : algorithmText(firstObject(element));
    });

    assert.deepEqual(names, ['ECDSA-SHA384', 'ECDSA-SHA512']);
  });

  for (const bits of [0, 1_024, 2_047, 2_048.5, 16_385]) {
    it(`of ${bits} bits is not made`, async () => {
      await assert.rejects(
        newKey({ kind: 'rsa', bits }),
        (thrown) => thrown instanceof CertError && thrown.code === 'key-unfit' && thrown.parameter === 'bits',
      );
    });
  }

  for (const key of [
    curve('secp256k1'),
    generateKeyPairSync('x25519').privateKey,
    generateKeyPairSync('ed448').privateKey,
  ]) {
    it(`of the kind ${keyText(key)} signs no certificate`, () => {
      assert.throws(
        () => signed(BYTES, key),
        (thrown) => thrown instanceof CertError && thrown.code === 'key-unfit',
      );
    });
  }

  it('of another kind than the algorithm has signed nothing', async () => {
    const key = await newKey({ kind: 'ed25519' });
    const signature = signed(BYTES, key);

    for (const algorithm of ['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.5', '1.2.3']) {
      assert.equal(isSignedWith({ bytes: BYTES, signature, algorithm }, key), false);
    }
  });

  it('is not the same as another one', async () => {
    assert.equal(isSameKey(await newKey({ kind: 'ec' }), await newKey({ kind: 'ec' })), false);
  });

  it('shows an algorithm that nobody knows by its number', () => {
    assert.equal(algorithmText('1.2.3'), '1.2.3');
  });
});
