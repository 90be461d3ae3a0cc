// Turns what a user wrote into the value that a parameter wants, by the reference's rules for the command line and for
// files (mesh-protocol 9.1, 9.2).

import { isObject, type ParsedJson, parseJson } from '../../protocol/json/parsed.js';
import { encodeText } from '../../protocol/text.js';
import type { ValueType } from './entity-spec.js';
import { parseNumber, parseTruth, parseWhole } from './go-number.js';

/** A structure of any form; whoever it is for looks into it. */
export interface ConfigData {
  readonly data: unknown;
}

export type ConfigValue = string | number | boolean | readonly string[] | ReadonlyMap<string, number> | ConfigData;

/** As it stood in an argument, or as YAML gave it: scalars, lists, maps with text keys. */
export type RawValue =
  | { readonly form: 'text'; readonly text: string }
  | { readonly form: 'yaml'; readonly value: unknown };

/** The value, or the reference's words for what is wrong with it. */
export type Converted =
  | { readonly ok: true; readonly value: ConfigValue }
  | { readonly ok: false; readonly text: string };

/** What each type expects, for people. */
export const EXPECTED: Readonly<Record<ValueType, string>> = {
  text: 'a text is expected',
  whole: 'a whole number is expected, such as 2222 or 0600',
  number: 'a number is expected, such as 1.5',
  truth: 'true or false is expected',
  texts: 'a list of texts is expected: repeat the parameter, or give a JSON list such as ["a","b"]',
  numbers: 'a number for each name is expected, such as {"beta":2.5}',
  data: 'a structure is expected: in a file as it is, on the command line as JSON',
};

/** What Go calls the types. */
const GO_TYPES: Readonly<Record<ValueType, string>> = {
  text: 'string',
  whole: 'int',
  number: 'float64',
  truth: 'bool',
  texts: '[]string',
  numbers: 'map[string]float64',
  data: 'map[string]interface {}',
};

export function convert(raw: RawValue, type: ValueType): Converted {
  return raw.form === 'text' ? fromText(raw.text, type) : fromYaml(raw.value, type);
}

function fromText(text: string, type: ValueType): Converted {
  switch (type) {
    case 'text':
      return { ok: true, value: text };
    case 'whole':
      return settled(parseWhole(text));
    case 'number':
      return settled(parseNumber(text));
    case 'truth':
      return settled(parseTruth(text));
    case 'texts':
      return text.startsWith('[') ? jsonTexts(text) : { ok: true, value: [text] };
    case 'numbers':
      return jsonNumbers(text);
    case 'data':
      return jsonData(text);
    default:
      return type satisfies never;
  }
}

function fromYaml(value: unknown, type: ValueType): Converted {
  if (value === null) {
    return { ok: false, text: 'value cannot be nil' };
  }
  switch (type) {
    case 'text':
      return yamlText(value);
    case 'whole':
    case 'number':
      return yamlNumber(value, type);
    case 'truth':
      if (typeof value === 'string') {
        return settled(parseTruth(value));
      }
      return typeof value === 'boolean' ? { ok: true, value } : wrongType(type);
    case 'texts':
      return yamlTexts(value);
    case 'numbers':
      return numbersOf(value);
    case 'data':
      return { ok: true, value: { data: value } };
    default:
      return type satisfies never;
  }
}

/** Scalars become texts as the reference writes them: a fraction has six digits. */
function yamlText(value: unknown): Converted {
  if (typeof value === 'string') {
    return { ok: true, value };
  }
  if (typeof value === 'number') {
    return { ok: true, value: Number.isInteger(value) ? `${value}` : value.toFixed(6) };
  }
  return typeof value === 'boolean' ? { ok: true, value: `${value}` } : wrongType('text');
}

/** The reference cuts a fraction off a whole number; here it is an error, since 22.5 is no port that anybody means. */
function yamlNumber(value: unknown, type: 'whole' | 'number'): Converted {
  if (typeof value === 'string') {
    return fromText(value, type);
  }
  const isFit = typeof value === 'number' && (type === 'number' || Number.isInteger(value));
  return isFit ? { ok: true, value } : wrongType(type);
}

/** A whole number will do for a text, and nothing else that is none. */
function yamlTexts(value: unknown): Converted {
  if (typeof value === 'string') {
    return { ok: true, value: [value] };
  }
  if (!Array.isArray(value)) {
    return wrongType('texts');
  }
  const texts = value.filter((item) => isText(item) || Number.isSafeInteger(item)).map((item) => `${item}`);
  const odd = value.find((item) => !isText(item) && !Number.isSafeInteger(item));
  return texts.length === value.length ? { ok: true, value: texts } : mustBe(odd, 'string');
}

function jsonTexts(text: string): Converted {
  const parsed = parseJson(encodeText(text));
  if (!parsed.ok) {
    return { ok: false, text: parsed.fault.detail };
  }
  const items: readonly unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  const odd = items.find((item) => !isText(item));
  return odd === undefined ? { ok: true, value: items.filter(isText) } : mustBe(odd, 'string');
}

function jsonData(text: string): Converted {
  const parsed = parseJson(encodeText(text));
  return parsed.ok ? { ok: true, value: { data: parsed.value } } : { ok: false, text: parsed.fault.detail };
}

function jsonNumbers(text: string): Converted {
  const parsed = parseJson(encodeText(text));
  return parsed.ok ? numbersOf(parsed.value) : wrongType('numbers');
}

function numbersOf(value: unknown): Converted {
  if (!isPlainObject(value)) {
    return wrongType('numbers');
  }
  const entries = Object.entries(value);
  const numbers = entries.flatMap(([name, member]) => (typeof member === 'number' ? [[name, member] as const] : []));
  const odd = entries.find(([, member]) => typeof member !== 'number');
  return odd === undefined ? { ok: true, value: new Map(numbers) } : mustBe(odd[1], 'float64');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value as ParsedJson | undefined); // looks at its type only
}

function settled(
  result:
    | { readonly ok: true; readonly value: ConfigValue }
    | { readonly ok: false; readonly fault: { readonly detail: string } },
): Converted {
  return result.ok ? result : { ok: false, text: result.fault.detail };
}

function wrongType(type: ValueType): Converted {
  return { ok: false, text: `type error (expected ${GO_TYPES[type]})` };
}

function mustBe(value: unknown, goType: string): Converted {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return { ok: false, text: `invalid value ${shown}: must be type ${goType}` };
}
