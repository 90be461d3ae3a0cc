import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObject, parseJson, parseOrUndefined } from '../../../../protocol/json/parsed.js';
import { fromHex, utf8 } from '../../../support/wire-vectors.js';

test('reads a whole text, bad UTF-8 replaced', () => {
  assert.deepEqual(parseJson(fromHex('7b2261223a5b22ff225d7d')), { ok: true, value: { a: ['\ufffd'] } });
});

test('half of a pair of escapes reads as the replacement character, wherever it stands', () => {
  assert.deepEqual(parseJson(utf8('{"a":["\\ud800x",{"\\ud800b":"\\uDE00"}],"c":"\\ud83d\\ude00"}')), {
    ok: true,
    value: { a: ['\ufffdx', { '\ufffdb': '\ufffd' }], c: '😀' },
  });
});

test('a text that is no JSON is a fault in words of Go', () => {
  const result = parseJson(utf8('{bad'));
  assert.ok(!result.ok);
  assert.equal(result.fault.code, 'json-syntax');
  assert.equal(result.fault.detail, "invalid character 'b' looking for beginning of object key string");
});

test('a text nested too deep is a fault, brackets in strings do not count', () => {
  const nested = (depth: number) => utf8('['.repeat(depth) + ']'.repeat(depth));

  assert.equal(parseJson(nested(64)).ok, true);
  const result = parseJson(nested(65));
  assert.deepEqual(!result.ok && [result.fault.code, result.fault.detail], ['json-depth', 'exceeded max depth']);
  assert.equal(parseJson(utf8(`["${'['.repeat(100)}","\\"${'{'.repeat(100)}"]`)).ok, true);
  assert.equal(parseJson(utf8(`[${'[],'.repeat(100)}{}]`)).ok, true);
});

test('tells objects from everything else', () => {
  assert.deepEqual([{}, [], null, 'a', 1, undefined].map(isObject), [true, false, false, false, false, false]);
  assert.equal(parseOrUndefined('{"a"'), undefined);
});
