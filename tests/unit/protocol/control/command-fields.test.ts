import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkedPosition,
  optionalText,
  positionField,
  requiredText,
  workText,
} from '../../../../protocol/control/command-fields.js';

const FIELDS = { text: 'x', number: 7.9, words: '12', list: [], none: null, below: -1, huge: 1e300 };

test('a required text is there or complained about', () => {
  const complaints = { missing: 'where is it', notText: 'not that' };
  assert.deepEqual(requiredText(FIELDS, 'text', complaints), { ok: true, value: 'x' });
  assert.deepEqual(requiredText(FIELDS, 'nowhere', complaints), { ok: false, refusal: 'where is it' });
  assert.deepEqual(requiredText(FIELDS, 'toString', complaints), { ok: false, refusal: 'where is it' });
  assert.deepEqual(workText(FIELDS, 'number'), { ok: false, refusal: 'field number must be a string' });
});

test('an optional text of another type counts as left out', () => {
  assert.equal(optionalText(FIELDS, 'text'), 'x');
  assert.equal(optionalText(FIELDS, 'number'), undefined);
  assert.equal(optionalText(FIELDS, 'valueOf'), undefined);
});

test('a position is a whole number from zero on, as a number or as text', () => {
  assert.deepEqual(positionField(FIELDS, 'number'), { ok: true, value: 7 });
  assert.deepEqual(positionField(FIELDS, 'words'), { ok: true, value: 12 });
  assert.deepEqual(positionField(FIELDS, 'huge'), { ok: true, value: Number.MAX_SAFE_INTEGER });
  assert.deepEqual(positionField(FIELDS, 'list'), {
    ok: false,
    refusal: 'field list value [] is not convertible to an int',
  });
  assert.deepEqual(positionField(FIELDS, 'nowhere'), { ok: false, refusal: 'field nowhere missing' });
  assert.deepEqual(positionField(FIELDS, 'below'), { ok: false, refusal: 'start position must not be negative' });
  assert.deepEqual([checkedPosition(0).ok, checkedPosition(-1).ok], [true, false]);
});
