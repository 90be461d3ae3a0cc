import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldScanner, JSON_DEPTH_MAX, nestsDeeper } from '../../../../protocol/json/scanner.js';

function fieldsOf(text: string): { fields: [string, string, boolean][]; problem: string | undefined } {
  const scanner = new FieldScanner(text);
  const fields: [string, string, boolean][] = [];
  while (scanner.next()) {
    const name = text.slice(scanner.nameStart, scanner.nameEnd);
    fields.push([name, text.slice(scanner.valueStart, scanner.valueEnd), scanner.valuePlain]);
  }
  return { fields, problem: scanner.problem };
}

test('finds each name and value, whatever the white space', () => {
  assert.deepEqual(fieldsOf('\t{ "a" :\r\n"x" , "b":[1,{"c":"]"}],"d":-1.5e3\n}\n'), {
    fields: [
      ['"a"', '"x"', true],
      ['"b"', '[1,{"c":"]"}]', false],
      ['"d"', '-1.5e3', false],
    ],
    problem: undefined,
  });
  assert.deepEqual(fieldsOf('{}'), { fields: [], problem: undefined });
});

test('sees the end of a string behind escaped quotes and backslashes', () => {
  assert.deepEqual(fieldsOf('{"a\\"b":"\\\\","c":{"d":"}\\""}}').fields, [
    ['"a\\"b"', '"\\\\"', false],
    ['"c"', '{"d":"}\\""}', false],
  ]);
});

test('gives up at broken frames and at control characters in strings', () => {
  for (const text of [
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a" 1}',
    '{"a":1 2}',
    '{"a":1,}',
    '{a:1}',
    '{}x',
    '{"a":"\n"}',
    '{"a":[}',
    '{"a":"x',
    '{"a":"x\\',
    '{"\n":1}',
    '{"a":["x]}',
  ]) {
    assert.equal(fieldsOf(text).problem, 'syntax', JSON.stringify(text));
  }
});

test('takes nothing but an object', () => {
  for (const text of ['', 'null', '[]', '"a"', '1']) assert.equal(fieldsOf(text).problem, 'no-object', text);
});

test('follows nested values down to the limit and no further', () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

  assert.equal(fieldsOf(nested(JSON_DEPTH_MAX)).problem, undefined);
  assert.equal(fieldsOf(nested(JSON_DEPTH_MAX + 1)).problem, 'depth');
});

test('counts how deep a text nests, whatever stands between the brackets', () => {
  const nested = (depth: number) => `${'[1,"",{"a]}":'.repeat(depth)}0${'}]'.repeat(depth)}`;

  assert.equal(nestsDeeper(nested(5), 10), false);
  assert.equal(nestsDeeper(nested(5), 9), true);
  assert.equal(nestsDeeper(`[${'{},[],'.repeat(50)}0]`, 2), false);
});

test('does not count brackets in strings, be they empty, escaped or without an end', () => {
  for (const text of ['"[[["', '"\\"[[["', '"\\\\"', '""', '"[[[', '"\\'])
    assert.equal(nestsDeeper(text, 0), false, text);
  for (const text of ['[', '{', '""[']) assert.equal(nestsDeeper(text, 0), true);
  assert.equal(nestsDeeper('"\\\\"[', 0), true);
});
