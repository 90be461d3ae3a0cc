import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeJson, writeMap, writeMembers, writeNumber, writeString } from '../../../../protocol/json/writer.js';
import { decodeText } from '../../../../protocol/text.js';
import { fromHex, goTexts, textOf, toHex, utf8 } from '../../../support/wire-vectors.js';

test('writes strings as Go does', () => {
  for (const { hex, json_hex } of goTexts().strings) {
    assert.equal(toHex(utf8(writeString(decodeText(fromHex(hex))))), json_hex, hex);
  }
  assert.equal(writeString('a\ud800b'), '"a\ufffdb"');
  assert.equal(writeString('<=>~\u007f'), '"\\u003c=\\u003e~\u007f"');
});

test('writes floats as Go does', () => {
  for (const { literal, json } of goTexts().floats) assert.equal(writeNumber(Number(literal)), json);
  assert.equal(writeNumber(-0), '-0');
  assert.equal(writeNumber(Number.NaN), 'null');
});

test('sorts the keys of a map by code point and keeps the order of a record', () => {
  const map = new Map(Object.entries(JSON.parse(textOf(fromHex(goTexts().sorted_map_hex))) as Record<string, number>));

  assert.equal(writeMap(map), textOf(fromHex(goTexts().sorted_map_hex)));
  assert.equal(writeJson(map), writeMap(map));
  assert.equal(
    writeJson({ b: 1, a: [true, null, 'x', 2n ** 64n], c: new Map([['z', {}]]) }),
    '{"b":1,"a":[true,null,"x",18446744073709551616],"c":{"z":{}}}',
  );
});

test('writes a map that does not exist as null and members without braces', () => {
  assert.equal(writeMap(null), 'null');
  assert.equal(
    writeMembers([
      ['a', '1'],
      ['<', '[]'],
    ]),
    '"a":1,"\\u003c":[]',
  );
  assert.equal(writeMembers([]), '');
});
