import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explicit, objectIdentifier, sequence, utf8String } from '../../../../runtime/quic/der.js';
import { type CertificateExtensions, extensionsOf } from '../../../../runtime/security/extensions.js';
import {
  authority,
  certificate,
  element,
  extension,
  keyUsage,
  NO_AUTHORITY,
  OID,
  purposes,
  serverNames,
  USAGE,
} from '../../../support/certificate-maker.js';

/** What is read from a certificate with these extensions. */
function read(...extensions: readonly Uint8Array[]): CertificateExtensions {
  return extensionsOf(certificate({ name: 'a', extensions }).der) ?? assert.fail('it is not read as a certificate');
}

describe('extensionsOf', () => {
  it('finds nothing where there are no extensions', () => {
    assert.deepEqual(read(), {
      isAuthority: undefined,
      pathLength: undefined,
      maySignCertificates: undefined,
      maySignHandshakes: undefined,
      purposes: undefined,
      otherNames: [],
      unknownCritical: [],
    });
  });

  it('reads who is an authority, and how many may lie below', () => {
    const found = [authority(), authority(0), authority(3), authority(200), NO_AUTHORITY].map((one) => read(one));

    assert.deepEqual(
      found.map(({ isAuthority, pathLength }) => [isAuthority, pathLength]),
      [
        [true, undefined],
        [true, 0],
        [true, 3],
        [true, 200],
        [false, undefined],
      ],
    );
  });

  it('takes nobody for an authority by constraints that cannot be read', () => {
    const { isAuthority } = read(extension(OID.basicConstraints, Uint8Array.of(0x30, 0x05, 0x01)));

    assert.equal(isAuthority, false);
  });

  it('reads what a key may be used for', () => {
    const found = [USAGE.digitalSignature, USAGE.keyCertSign, USAGE.keyEncipherment, 0x84].map((bits) =>
      read(keyUsage(bits)),
    );

    assert.deepEqual(
      found.map(({ maySignHandshakes, maySignCertificates }) => [maySignHandshakes, maySignCertificates]),
      [
        [true, false],
        [false, true],
        [false, false],
        [true, true],
      ],
    );
  });

  it('allows nothing by a key usage that is empty', () => {
    const { maySignHandshakes, maySignCertificates } = read(extension(OID.keyUsage, element(0x03, new Uint8Array(0))));

    assert.deepEqual([maySignHandshakes, maySignCertificates], [false, false]);
  });

  it('reads purposes', () => {
    assert.deepEqual(read(purposes(OID.serverAuth, OID.unheardOf)).purposes, ['1.3.6.1.5.5.7.3.1', '1.2.3.4']);
  });

  it('allows no purpose by a list that cannot be read', () => {
    assert.deepEqual(read(extension(OID.extendedKeyUsage, Uint8Array.of(0x30, 0x7f))).purposes, []);
  });

  it('reads names of other kinds, and leaves those of servers to others', () => {
    const other = (value: Uint8Array) =>
      element(0xa0, Uint8Array.from([...objectIdentifier(OID.unheardOf), ...explicit(0, value)]));
    const names = extension(
      OID.alternativeName,
      sequence(
        other(utf8String('näme')),
        element(0x82, Buffer.from('a.test')),
        other(element(0x04, Uint8Array.of(1))),
        element(0xa0, new Uint8Array(0)),
      ),
    );

    assert.deepEqual(read(names).otherNames, [
      { kind: '1.2.3.4', text: 'näme' },
      { kind: '1.2.3.4', text: undefined },
    ]);
    assert.deepEqual(read(serverNames('a.test', [127, 0, 0, 1])).otherNames, []);
  });

  it('names critical extensions that are not understood, and no others', () => {
    const { unknownCritical } = read(
      extension(OID.unheardOf, sequence(), 'critical'),
      extension([0x2a, 0x03, 0x05], sequence()),
      extension(OID.certificatePolicies, sequence(), 'critical'),
      authority(),
      keyUsage(USAGE.keyCertSign),
    );

    assert.deepEqual(unknownCritical, ['1.2.3.4']);
  });

  for (const [what, extensions] of [
    ['an extension that stands there twice', [authority(), NO_AUTHORITY]],
    ['an extension without a name', [sequence(element(0x04, sequence()))]],
    ['an extension that is none', [Uint8Array.of(0x02, 0x01, 0x05)]],
  ] as const) {
    it(`is undefined for ${what}`, () => {
      assert.equal(extensionsOf(unsigned(sequence(...extensions))), undefined);
    });
  }

  it('is undefined for extensions that cannot be read: they must not count as none', () => {
    assert.ok(extensionsOf(unsigned(sequence(authority()))) !== undefined);

    assert.equal(extensionsOf(unsigned(element(0x30, Uint8Array.of(0x30, 0x7f)))), undefined);
    assert.equal(extensionsOf(unsigned(element(0x04, authority()))), undefined);
    assert.equal(extensionsOf(unsigned(new Uint8Array(0))), undefined);
  });

  it('is undefined for what is no certificate', () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0x30), sequence(), utf8String('certificate')]) {
      assert.equal(extensionsOf(bytes), undefined);
    }
  });
});

/** The least that looks like a certificate, with these as its extensions. */
function unsigned(extensions: Uint8Array): Uint8Array {
  return sequence(sequence(explicit(3, extensions)));
}
