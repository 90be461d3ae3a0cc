import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DER_TAG, derChildren, derElements, dotted } from '../../../../runtime/security/der-reader.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('derElements', () => {
  it('reads what lies one behind the other, with its tag, its content and its whole', () => {
    const elements = derElements(bytes('02 01 05 04 03 aabbcc 30 00')) ?? assert.fail();

    assert.deepEqual(
      elements.map(({ tag, content, whole }) => [tag, content.length, whole.length]),
      [
        [DER_TAG.integer, 1, 3],
        [DER_TAG.octetString, 3, 5],
        [DER_TAG.sequence, 0, 2],
      ],
    );
    assert.deepEqual(elements[1]?.content, bytes('aabbcc'));
  });

  it('reads lengths of one to four bytes behind the first', () => {
    for (const [head, length] of [
      ['04 81 80', 0x80],
      ['04 82 0100', 0x100],
      ['04 83 010000', 0x1_0000],
      ['04 84 00010000', 0x1_0000],
    ] as const) {
      const [element] = derElements(Buffer.concat([bytes(head), new Uint8Array(length)])) ?? [];

      assert.equal(element?.content.length, length, head);
    }
  });

  it('finds nothing in no bytes', () => {
    assert.deepEqual(derElements(new Uint8Array(0)), []);
  });

  for (const [what, hex] of [
    ['a tag without a length', '04'],
    ['a content that is cut short', '04 05 aabb'],
    ['a length that is cut short', '04 82 01'],
    ['a length that is not definite', '30 80 0201 05 0000'],
    ['a length of five bytes', '04 85 0000000001 aa'],
    ['a length beyond all bytes', '04 84 ffffffff aa'],
    ['something broken behind something good', '02 01 05 04 09'],
  ] as const) {
    it(`is undefined for ${what}`, () => {
      assert.equal(derElements(bytes(hex)), undefined);
    });
  }
});

describe('derChildren', () => {
  it('are the elements in the content', () => {
    const [outer] = derElements(bytes('30 06 0201 05 0201 06')) ?? [];

    assert.deepEqual(
      derChildren(outer).map(({ content }) => content[0]),
      [5, 6],
    );
  });

  it('are none of what is missing or broken', () => {
    const [broken] = derElements(bytes('30 02 0409')) ?? [];

    assert.ok(broken !== undefined);
    assert.deepEqual([derChildren(undefined), derChildren(broken)], [[], []]);
  });
});

describe('dotted', () => {
  for (const [hex, text] of [
    ['55 1d 11', '2.5.29.17'],
    ['2a 03 04', '1.2.3.4'],
    ['2b 06 01 04 01 92 08 13 01', '1.3.6.1.4.1.2312.19.1'],
    ['88 37 03', '2.999.3'],
    ['00', '0.0'],
    ['27', '0.39'],
    ['28', '1.0'],
    ['50', '2.0'],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.equal(dotted(bytes(hex)), text);
    });
  }

  it('leaves out what is not finished', () => {
    assert.equal(dotted(bytes('2a 03 84')), '1.2.3');
  });
});
