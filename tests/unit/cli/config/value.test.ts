import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ValueType } from '../../../../cli/config/entity-spec.js';
import { type ConfigValue, convert } from '../../../../cli/config/value.js';

type Row = readonly [given: unknown, type: ValueType, expected: ConfigValue | { readonly error: string }];

function check(rows: readonly Row[], form: 'text' | 'yaml'): void {
  for (const [given, type, expected] of rows) {
    const shown = `${JSON.stringify(given)} as ${type}`;
    it(typeof expected === 'object' && 'error' in expected ? `refuses ${shown}` : `reads ${shown}`, () => {
      const converted = convert(form === 'text' ? { form, text: `${given}` } : { form, value: given }, type);

      const found = converted.ok ? converted.value : { error: converted.text };
      assert.deepEqual(found, expected);
    });
  }
}

describe('a value on the command line', () => {
  check(
    [
      ['a=b', 'text', 'a=b'],
      ['', 'text', ''],
      ['0600', 'whole', 0o600],
      ['x', 'whole', { error: 'strconv.ParseInt: parsing "x": invalid syntax' }],
      ['1.5', 'number', 1.5],
      ['x', 'number', { error: 'strconv.ParseFloat: parsing "x": invalid syntax' }],
      ['yes', 'truth', true],
      ['maybe', 'truth', { error: 'could not parse maybe as boolean' }],
      ['a,b', 'texts', ['a,b']],
      ['["a","b"]', 'texts', ['a', 'b']],
      ['[]', 'texts', []],
      ['[a', 'texts', { error: "invalid character 'a' looking for beginning of value" }],
      ['[1]', 'texts', { error: 'invalid value 1: must be type string' }],
      ['{"b":2.5}', 'numbers', new Map([['b', 2.5]])],
      ['{"b":"x"}', 'numbers', { error: 'invalid value x: must be type float64' }],
      ['abc', 'numbers', { error: 'type error (expected map[string]float64)' }],
      ['[1]', 'numbers', { error: 'type error (expected map[string]float64)' }],
      ['[{"a":1}]', 'data', { data: [{ a: 1 }] }],
    ],
    'text',
  );
});

describe('a value in a file', () => {
  check(
    [
      ['a', 'text', 'a'],
      [5, 'text', '5'],
      [5.5, 'text', '5.500000'],
      [true, 'text', 'true'],
      [null, 'text', { error: 'value cannot be nil' }],
      [['a'], 'text', { error: 'type error (expected string)' }],
      [2222, 'whole', 2222],
      ['0x10', 'whole', 16],
      [22.5, 'whole', { error: 'type error (expected int)' }],
      [true, 'whole', { error: 'type error (expected int)' }],
      ['x', 'whole', { error: 'strconv.ParseInt: parsing "x": invalid syntax' }],
      [2, 'number', 2],
      ['2.5', 'number', 2.5],
      [true, 'truth', true],
      ['yes', 'truth', true],
      [1, 'truth', { error: 'type error (expected bool)' }],
      ['a', 'texts', ['a']],
      [['a', 'b', 3], 'texts', ['a', 'b', '3']],
      [['a', true], 'texts', { error: 'invalid value true: must be type string' }],
      [5, 'texts', { error: 'type error (expected []string)' }],
      [{ b: 2 }, 'numbers', new Map([['b', 2]])],
      [{ b: 'x' }, 'numbers', { error: 'invalid value x: must be type float64' }],
      [[1], 'numbers', { error: 'type error (expected map[string]float64)' }],
      [{ a: 1 }, 'data', { data: { a: 1 } }],
    ],
    'yaml',
  );
});
