import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasNames, NO_NAMES, namesDer, namesOf } from '../../../../cli/cert/alternative-names.js';
import { CertError } from '../../../../cli/cert/cert-error.js';
import { der, derObject, derSequence, derText, explicitTag, implicitTag } from '../../../../cli/cert/der-writer.js';
import { derElements } from '../../../../runtime/security/der-reader.js';

const none = { dns: [], addresses: [], nodeIds: [] };
const readAgain = (bytes: Uint8Array) => namesOf(derElements(bytes)?.[0]);

describe('the names of a certificate', () => {
  it('have the bytes of the reference, DNS names first and node ids last', () => {
    const bytes = namesDer({ dns: ['localhost'], addresses: ['127.0.0.1', '::1'], nodeIds: ['alpha'] });

    assert.equal(
      Buffer.from(bytes).toString('hex'),
      '303982096c6f63616c686f737487047f0000018710000000000000000000000000000000' +
        '01a01406092b0601040192081301a0070c05616c706861',
    );
  });

  const addresses: readonly (readonly [given: string, shown: string])[] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::', '::'],
    ['2001:DB8:0:0:0::1', '2001:db8::1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['fe80::', 'fe80::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ];
  for (const [given, shown] of addresses) {
    it(`show the address ${given} as ${shown}`, () => {
      const names = readAgain(namesDer({ ...none, addresses: [given] }));

      assert.deepEqual(names, { ...NO_NAMES, addresses: [shown] });
    });
  }

  it('are read again as they were written', () => {
    const names = { dns: ['a.example.org', '*.b', 'x_y'], addresses: [], nodeIds: ['alpha', 'ä', 'a:b@c'] };

    assert.deepEqual(readAgain(namesDer(names)), { ...names, others: [] });
  });

  for (const address of ['', 'x', '1.2.3', '::1%eth0', '1.2.3.4/8', 'localhost']) {
    it(`have no address "${address}"`, () => {
      assert.throws(
        () => namesDer({ ...none, addresses: [address] }),
        (thrown) => thrown instanceof CertError && thrown.message === `invalid IP address: ${address}`,
      );
    });
  }

  for (const dns of ['', 'a b', 'ä.example', '.a', 'a..b', '-a', 'a-', `${'a.'.repeat(127)}`, 'a\n']) {
    it(`have no host ${JSON.stringify(dns.slice(0, 12))}`, () => {
      assert.throws(
        () => namesDer({ ...none, dns: [dns] }),
        (thrown) => thrown instanceof CertError && thrown.code === 'name-invalid',
      );
    });
  }

  it('tell of the kinds that nobody here asks for', () => {
    const value = derSequence(
      derText(implicitTag(1), 'a@b'),
      derText(implicitTag(6), 'urn:x'),
      der(explicitTag(0), derObject('1.2.3'), der(explicitTag(0), derText(0x0c, 'x'))),
      der(implicitTag(7), Uint8Array.of(1, 2, 3)),
      der(implicitTag(8), Uint8Array.of(1)),
    );

    assert.deepEqual(readAgain(value), {
      ...NO_NAMES,
      addresses: ['?010203'],
      others: ['email a@b', 'URI urn:x', 'other name 1.2.3', 'name of kind 8'],
    });
  });

  it('are there as soon as there is one', () => {
    assert.deepEqual(
      [none, { ...none, dns: ['a'] }, { ...none, addresses: ['::1'] }, { ...none, nodeIds: ['a'] }].map(hasNames),
      [false, true, true, true],
    );
  });
});
