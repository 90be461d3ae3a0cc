import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonSyntaxFault } from '../../../../protocol/json/syntax.js';
import { fromHex, goTexts, textOf, utf8 } from '../../../support/wire-vectors.js';

test('complains in the words of the JSON engine of Receptor 1.6.9', () => {
  for (const { hex, error } of goTexts().json_syntax) {
    // A number out of range is a matter of types, not of syntax.
    const expected = error?.startsWith('json: cannot unmarshal') ? undefined : (error ?? undefined);
    assert.equal(jsonSyntaxFault(fromHex(hex))?.fault.detail, expected, textOf(fromHex(hex)));
  }
});

test('takes every escape that JSON knows', () => {
  assert.equal(jsonSyntaxFault(utf8('{"\\"\\\\\\/\\b":"\\f\\n\\r\\t\\u00e9\\uD83D"}')), undefined);
});

test('takes every form of number', () => {
  for (const number of ['0', '-0', '12', '1.50', '1e5', '1E5', '-1.5E+10', '0e-0']) {
    assert.equal(jsonSyntaxFault(utf8(`[${number}]`)), undefined, number);
  }
});

test('tells the byte at which the text goes wrong', () => {
  assert.equal(jsonSyntaxFault(utf8('{"é":x}'))?.fault.offset, 6);
  assert.deepEqual(jsonSyntaxFault(utf8('{"a":1'))?.fault, {
    code: 'json-syntax',
    offset: 6,
    detail: 'unexpected end of JSON input',
  });
  assert.equal(jsonSyntaxFault(utf8('{}'))?.fault.offset, undefined);
});

test('gives up where Go does when a text is nested without end', () => {
  assert.equal(jsonSyntaxFault(utf8('['.repeat(10_000) + ']'.repeat(10_000))), undefined);
  assert.equal(jsonSyntaxFault(utf8('['.repeat(10_001)))?.fault.code, 'json-depth');
});
