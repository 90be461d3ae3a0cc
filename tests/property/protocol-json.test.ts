import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FieldCursor } from '../../protocol/json/fields.js';
import { parseJson } from '../../protocol/json/parsed.js';
import { jsonSyntaxFault } from '../../protocol/json/syntax.js';
import { writeJson, writeNumber } from '../../protocol/json/writer.js';
import { compareText, decodeText, encodeText, textByteLength } from '../../protocol/text.js';

const anyText = fc.string({ unit: 'binary' });

/** Texts that are JSON, or nearly. */
const nearlyJson = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom('', '', ',', '"', '}', ']', '\\', '0', '-', 'e', '.', '\\u00', '\u0001', 't'),
  )
  .map(([text, at, insert]) => {
    const index = insert === '' ? text.length : at % (text.length + 1);
    return text.slice(0, index) + insert + text.slice(index);
  });

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('the syntax scanner and JSON.parse agree on what is JSON', () => {
  fc.assert(
    fc.property(nearlyJson, (text) => {
      assert.equal(jsonSyntaxFault(encodeText(text)) === undefined, isJson(text), text);
    }),
    { numRuns: 10_000 },
  );
});

test('the field cursor takes the same documents as JSON.parse and finds the same fields', () => {
  const member = fc.tuple(anyText, fc.jsonValue({ maxDepth: 3 }));
  const document = fc.tuple(fc.array(member, { maxLength: 6 }), fc.constantFrom('', ' ', '\n', '\t'));
  fc.assert(
    fc.property(
      document,
      fc.nat(),
      fc.constantFrom('', '', ',', '"', '}', '\\', '1'),
      ([members, space], at, insert) => {
        const parts = members.map(
          ([name, value]) => `${JSON.stringify(name)}${space}:${space}${JSON.stringify(value)}`,
        );
        const whole = `${space}{${space}${parts.join(`${space},${space}`)}${space}}${space}`;
        const index = insert === '' ? 0 : at % (whole.length + 1);
        const text = decodeText(encodeText(whole.slice(0, index) + insert + whole.slice(index)));
        const fields = new FieldCursor(encodeText(text));
        const found = new Map<string, unknown>();
        while (fields.next()) found.set(fields.name, fields.value());
        assert.equal(fields.fault === undefined, isJson(text), text);
        if (fields.fault === undefined) assert.deepEqual(Object.fromEntries(found), JSON.parse(text));
      },
    ),
    { numRuns: 10_000 },
  );
});

test('what is written reads back the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const read = parseJson(encodeText(writeJson(value as null)));
      assert.deepEqual(read, { ok: true, value });
    }),
    { numRuns: 3_000 },
  );
});

test('numbers keep their value, minus zero included', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(Number(writeNumber(value)), value));
      assert.match(writeNumber(value), /^-?(0|[1-9]\d*)(\.\d+)?(e[+-][1-9]\d*)?$/);
    }),
    { numRuns: 5_000 },
  );
});

test('text and bytes: round trip, length and order are those of UTF-8', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      assert.equal(decodeText(encodeText(a)), a);
      assert.equal(textByteLength(a), Buffer.byteLength(a));
      assert.equal(Math.sign(compareText(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 5_000 },
  );
});
