import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshError } from '../../../actors/errors.js';
import { areFilledTexts, demand, demandTruth, each, isFilledText, isRecord } from '../../../actors/option-demands.js';

/** The field that is refused, and why. */
function refused(look: () => void): readonly unknown[] {
  try {
    look();
  } catch (thrown) {
    assert.ok(thrown instanceof MeshError && thrown.code === 'invalid-configuration');
    return [thrown.data['field'], thrown.data['value'], thrown.message];
  }
  return [];
}

describe('a demand on an option', () => {
  it('names the field, the value and what is expected, unless the value is good', () => {
    assert.deepEqual(
      refused(() => demand('a.b', 5, false, 'more is expected')),
      ['a.b', 5, 'a.b: more is expected'],
    );
    assert.deepEqual(
      refused(() => demand('a.b', 5, true, 'more is expected')),
      [],
    );
  });

  it('takes nothing for a truth but true, false and silence', () => {
    for (const value of [true, false, undefined]) {
      assert.deepEqual(
        refused(() => demandTruth('x', value)),
        [],
      );
    }
    assert.equal(refused(() => demandTruth('x', 0 as never))[0], 'x'); // plain JavaScript has no types
  });

  it('looks at each item of a list, under its number', () => {
    const seen: unknown[] = [];
    each('x', [{ a: 1 }, { a: 2 }], (field, item) => void seen.push([field, item]));
    each('x', undefined, () => assert.fail('there is none'));

    assert.deepEqual(seen, [
      ['x[0]', { a: 1 }],
      ['x[1]', { a: 2 }],
    ]);
    assert.equal(refused(() => each('x', {} as never, () => undefined))[0], 'x');
    assert.equal(refused(() => each('x', [{}, []], () => undefined))[0], 'x[1]');
  });

  it('knows texts and records when it sees them', () => {
    assert.deepEqual([{}, [], null, 'a'].map(isRecord), [true, false, false, false]);
    assert.deepEqual(['a', '', 5].map(isFilledText), [true, false, false]);
    assert.deepEqual([undefined, [], ['a'], [''], 'a'].map(areFilledTexts), [true, true, true, false, false]);
  });
});
