import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldCursor, fieldNames, JSON_BYTES_MAX, matchField } from '../../../../protocol/json/fields.js';
import { fromHex, utf8 } from '../../../support/wire-vectors.js';

/** A cursor at the only field of `{"x":VALUE}`. */
function at(value: string): FieldCursor {
  const fields = new FieldCursor(utf8(`{"x":${value}}`));
  assert.equal(fields.next(), true);
  return fields;
}

function faultOf(fields: FieldCursor): string | undefined {
  while (fields.next());
  return fields.fault?.code;
}

test('matches names exactly or but for their case', () => {
  const names = fieldNames('NodeID', 'WorkCommands');

  assert.equal(matchField(names, 'NodeID'), 'NodeID');
  assert.equal(matchField(names, 'nodeid'), 'NodeID');
  assert.equal(matchField(names, 'wor\u212acommand\u017f'), 'WorkCommands');
  assert.equal(matchField(names, 'Node-ID'), undefined);
});

test('reads strings with and without escapes', () => {
  assert.equal(at('"abc"').string(''), 'abc');
  assert.equal(at('"a long name without any escape"').string(''), 'a long name without any escape');
  assert.equal(at('"a\\u0041\\n\\"\\ud800"').string(''), 'aA\n"\ufffd');
});

test('keeps all digits of a whole number and refuses every other form', () => {
  assert.equal(at('30118736391759401').uint64(0n), 30118736391759401n);
  assert.equal(at('18446744073709551615').uint64(0n), 18446744073709551615n);
  assert.equal(at('7').uint64(0n), 7n);
  for (const value of ['1.0', '1e3', '-1', '-0', '"5"', 'true', '{}', '3.01e+16']) {
    const fields = at(value);
    assert.equal(fields.uint64(9n), 9n);
    assert.equal(fields.fault?.code, 'json-type', value);
  }
  for (const value of ['18446744073709551616', '9'.repeat(30)]) {
    const fields = at(value);
    fields.uint64(0n);
    assert.equal(fields.fault?.code, 'json-range');
  }
});

test('reads small and signed whole numbers within their limits', () => {
  assert.equal(at('255').uint(0, 255), 255);
  assert.equal(at('-12').int(0), -12);
  for (const read of [(fields: FieldCursor) => fields.uint(1, 255), (fields: FieldCursor) => fields.int(1)]) {
    const fields = at('9007199254740993');
    assert.equal(read(fields) <= 1, true);
    assert.equal(fields.fault?.code, 'json-range');
  }
  const fraction = at('1.5');
  fraction.int(0);
  assert.equal(fraction.fault?.code, 'json-type');
});

test('null leaves a value as it was and is no fault', () => {
  const reads: [unknown, (fields: FieldCursor) => unknown][] = [
    ['before', (fields) => fields.string('before')],
    [3n, (fields) => fields.uint64(3n)],
    [4, (fields) => fields.uint(4, 255)],
    [-5, (fields) => fields.int(-5)],
    [true, (fields) => fields.boolean(true)],
    [null, (fields) => fields.value()],
    ['null', (fields) => fields.raw()],
  ];
  for (const [expected, read] of reads) {
    const fields = at('null');
    assert.equal(read(fields), expected);
    assert.equal(fields.next(), false);
    assert.equal(fields.fault, undefined);
  }
  assert.deepEqual([at('null').isNull, at('"null"').isNull, at('true').isNull], [true, false, false]);
});

test('a wrong type spoils the document for good', () => {
  const fields = new FieldCursor(utf8('{"x":1,"y":"good"}'));
  fields.next();

  assert.equal(fields.string('before'), 'before');

  assert.equal(fields.next(), false);
  assert.deepEqual(fields.fault, { code: 'json-type', offset: 5, detail: 'x is no string' });
});

test('a value that nobody reads must be valid all the same', () => {
  for (const text of [
    '{"x":tru}',
    '{"x":[}',
    '{"x":01}',
    '{"x":"\\x"}',
    '{"x":{"a":}}',
    '{"x":,"y":1}',
    '{"x\\q":1}',
  ]) {
    assert.equal(faultOf(new FieldCursor(utf8(text))), 'json-syntax', text);
  }
  assert.equal(faultOf(new FieldCursor(utf8('{"x":1e400,"y":[{"a":"\\u0041"}]}'))), undefined);
});

test('gives the text of a value for those who read it themselves', () => {
  assert.equal(at(' {"a": [1, 2]} ').raw(), '{"a": [1, 2]}');
  assert.equal(at('"a\\n"').raw(), '"a\\n"');
  const bad = at('[1 2]');
  assert.equal(bad.raw(), '');
  assert.equal(bad.fault?.detail, "invalid character '2' after array element");
});

test('a document that is no object is a fault of type, a broken one of syntax', () => {
  for (const text of ['null', '[]', '1', '"x"']) assert.equal(faultOf(new FieldCursor(utf8(text))), 'json-type', text);
  for (const text of ['', ' ', 'x', '{"a":1}x', '\ufeff{}'])
    assert.equal(faultOf(new FieldCursor(utf8(text))), 'json-syntax', text);
});

test('bounds the size and the depth of what it reads', () => {
  assert.equal(faultOf(new FieldCursor(new Uint8Array(JSON_BYTES_MAX + 1))), 'json-size');
  assert.equal(faultOf(new FieldCursor(utf8('{"a":1}'), 6)), 'json-size');
  assert.equal(faultOf(new FieldCursor(utf8(`{"a":${'['.repeat(70)}${']'.repeat(70)}}`))), 'json-depth');
});

test('bad UTF-8 in names and values is replaced byte by byte', () => {
  const fields = new FieldCursor(fromHex('7b22ff223a22f0908022' + '7d'));

  assert.equal(fields.next(), true);
  assert.equal(fields.name, '\ufffd');
  assert.equal(fields.string(''), '\ufffd\ufffd\ufffd');
});

test('refuses what its reader refuses', () => {
  const fields = at('"yesterday"');

  fields.refuse('time-format', 'no time');

  assert.deepEqual(fields.fault, { code: 'time-format', offset: 5, detail: 'no time' });
  assert.equal(fields.next(), false);
});
