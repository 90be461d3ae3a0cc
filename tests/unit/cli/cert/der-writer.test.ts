import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { der, derBits, derInteger, derObject, derSequence, derText } from '../../../../cli/cert/der-writer.js';
import { derElements, dotted } from '../../../../runtime/security/der-reader.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('DER', () => {
  const written: readonly (readonly [what: string, bytes: Uint8Array, wanted: string])[] = [
    ['an empty sequence', derSequence(), '3000'],
    ['the number 0', derInteger(Uint8Array.of(0, 0)), '020100'],
    ['a number without its leading zeros', derInteger(Uint8Array.of(0, 0, 1)), '020101'],
    ['a number whose first bit would make it negative', derInteger(Uint8Array.of(0x80)), '02020080'],
    ['an identifier with long arcs', derObject('1.3.6.1.4.1.2312.19.1'), '06092b060104019208' + '1301'],
    ['an identifier below 2', derObject('2.5.29.17'), '0603551d11'],
    ['bits', derBits(Uint8Array.of(1, 2)), '0303000102'],
    ['a text', derText(0x0c, 'é'), '0c02c3a9'],
  ];
  for (const [what, bytes, wanted] of written) {
    it(`has ${what}`, () => {
      assert.equal(hex(bytes), wanted);
    });
  }

  it('has lengths in the shortest form', () => {
    const headers = [127, 128, 255, 256, 65_536].map((length) =>
      hex(der(4, new Uint8Array(length)).subarray(0, 6)).slice(0, length < 128 ? 4 : length < 256 ? 6 : undefined),
    );

    assert.deepEqual(headers, ['047f', '048180', '0481ff', '048201000000', '048301000000']);
  });

  it('is read again as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (contents) => {
        const elements = derElements(Buffer.concat(contents.map((content) => der(4, content))));

        assert.deepEqual(
          elements?.map(({ content }) => hex(content)),
          contents.map(hex),
        );
      }),
    );
  });

  it('has identifiers that are read again as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 8 }), (arcs) => {
        const id = `1.3.${arcs.join('.')}`;
        const [element] = derElements(derObject(id)) ?? [];

        assert.equal(dotted(element?.content ?? new Uint8Array(0)), id);
      }),
    );
  });
});
