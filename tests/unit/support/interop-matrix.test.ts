import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InteropMatrix } from '../../support/interop-matrix.js';

const test = (name: string, skip?: string) => ({
  name,
  nesting: 1,
  ...(skip === undefined ? {} : { skip }),
  details: {},
});
const suite = (name: string, nesting = 0) => ({ name, nesting, details: { type: 'suite' } });

describe('the matrix of an interop run', () => {
  it('has a row for each outermost suite, with the tests of its inner ones', () => {
    const matrix = new InteropMatrix();

    matrix.note(true, test('pings'));
    matrix.note(true, test('works'));
    matrix.note(true, suite('our client', 1));
    matrix.note(false, test('restarts'));
    matrix.note(false, suite('Go first'));
    matrix.note(true, test('is told the same', 'no Go'));
    matrix.note(true, suite('receptorctl'));

    assert.deepEqual(matrix.lines(), [
      '',
      'against         passed   failed  skipped',
      'Go first             2        1        0',
      'receptorctl          0        0        1',
    ]);
  });

  it('loses no test that is in no suite', () => {
    const matrix = new InteropMatrix();

    matrix.note(false, { ...test('lone'), nesting: 0 });

    assert.match(matrix.lines().join('\n'), /outside of any suite {2} +0 +1 +0$/);
  });

  it('is empty when nothing was told', () => {
    assert.deepEqual(new InteropMatrix().lines(), []);
  });
});
