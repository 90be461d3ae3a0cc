import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Repetition } from '../../../../cli/log/repetition.js';

describe('a repetition', () => {
  it('is the same text within five seconds of when it was news', () => {
    const repetition = new Repetition();

    const repeated = [0, 4_999, 5_000, 9_999, 10_000].map((nowMs) => repetition.isRepeated('a', nowMs));

    assert.deepEqual(repeated, [false, true, false, true, false]);
  });

  it('is not another text', () => {
    const repetition = new Repetition();

    assert.equal(repetition.isRepeated('a', 0), false);
    assert.equal(repetition.isRepeated('b', 0), false);
  });

  it('is forgotten when there are too many', () => {
    const repetition = new Repetition();
    repetition.isRepeated('first', 0);

    for (let at = 0; at < 1_000; at += 1) {
      repetition.isRepeated(`text ${at}`, 0);
    }

    assert.equal(repetition.isRepeated('first', 1), false);
    assert.equal(repetition.isRepeated('text 999', 1), true);
  });
});
