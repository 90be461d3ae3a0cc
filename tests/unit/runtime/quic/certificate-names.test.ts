import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { commonNamesOf } from '../../../../runtime/quic/certificate-names.js';
import {
  bitString,
  explicit,
  objectIdentifier,
  positiveInteger,
  sequence,
  set,
  time,
  utf8String,
} from '../../../../runtime/quic/der.js';
import { ed25519KeyFromSeed } from '../../../../runtime/quic/node-keys.js';
import { certificatePem } from './certificates.js';

const COMMON_NAME = [0x55, 0x04, 0x03];
const ORGANIZATION = [0x55, 0x04, 0x0a];

/** One name of a subject. */
const named = (kind: readonly number[], text: string): Uint8Array => sequence(objectIdentifier(kind), utf8String(text));

/** A certificate whose subject has these parts; each part is a set of names. */
function certificateOf(...parts: readonly (readonly Uint8Array[])[]): Uint8Array {
  const algorithm = sequence(objectIdentifier([0x2b, 0x65, 0x70]));
  const key = ed25519KeyFromSeed(new Uint8Array(32).fill(7));
  const toBeSigned = sequence(
    explicit(0, positiveInteger(Uint8Array.of(2))),
    positiveInteger(Uint8Array.of(1)),
    algorithm,
    sequence(set(named(COMMON_NAME, 'the issuer'))),
    sequence(time(1_795_222_923_000), time(2_556_144_000_000)),
    sequence(...parts.map((names) => set(...names))),
    sequence(algorithm, bitString(key.publicKey)),
  );
  return sequence(toBeSigned, algorithm, bitString(key.sign('ed25519', toBeSigned)));
}

describe('the common names of a certificate', () => {
  it('are those of its subject, not of its issuer', () => {
    const certificate = certificateOf([named(ORGANIZATION, 'an organization')], [named(COMMON_NAME, 'a name')]);

    assert.deepEqual(commonNamesOf(certificate), ['a name']);
  });

  it('are all that it has, in order, also where several names stand together', () => {
    const certificate = certificateOf(
      [named(COMMON_NAME, 'first')],
      [named(ORGANIZATION, 'an organization'), named(COMMON_NAME, 'second')],
      [named(COMMON_NAME, 'third')],
    );

    assert.deepEqual(commonNamesOf(certificate), ['first', 'second', 'third']);
  });

  for (const name of [
    ...['a,b', 'a+b', 'a + CN=b', '"quoted"', 'back\\slash', '\\2C', '#first', ' before', 'after ', '<;>', 'a=b'],
    ...['ümlaut', '名前', '😀', '', 'two\nlines', 'two\nCN=names', 'tab\t', 'null\0', '\x7f'],
  ]) {
    it(`are as they are in the certificate: ${JSON.stringify(name)}`, () => {
      assert.deepEqual(commonNamesOf(certificateOf([named(COMMON_NAME, name)])), [name]);
    });
  }

  it('cannot be pretended by another name', () => {
    for (const text of ['x\nCN=pretended', 'x + CN=pretended', 'CN=pretended', 'x/CN=pretended']) {
      assert.deepEqual(commonNamesOf(certificateOf([named(ORGANIZATION, text)])), [], text);
    }
  });

  it('are none where the subject is empty, and none for bytes that are no certificate', () => {
    const certificate = certificateOf([named(COMMON_NAME, 'a name')]);

    assert.deepEqual(commonNamesOf(certificateOf()), []);
    assert.deepEqual(commonNamesOf(new Uint8Array(0)), []);
    assert.deepEqual(commonNamesOf(new TextEncoder().encode('no certificate')), []);
    assert.deepEqual(commonNamesOf(certificate.subarray(0, certificate.length - 1)), []);
  });

  it('are found in certificates that others have made', () => {
    for (const name of ['authority', 'chain', 'ec-p256', 'ed25519', 'rsa-2048']) {
      const pem = certificatePem(name);
      const { subject, raw } = new X509Certificate(pem);

      assert.deepEqual(commonNamesOf(raw), [/^CN=(.*)$/m.exec(subject)?.[1]], name);
    }
  });
});
