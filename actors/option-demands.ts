// What is asked of a value that a user of the library gives, who may write plain JavaScript: no type is trusted here.
import { MeshError } from './errors.js';

/** Throws a `MeshError` of code `invalid-configuration` that names the field, unless the value is good. */
export function demand(field: string, value: unknown, isGood: boolean, expected: string): void {
  if (!isGood) {
    throw refusal(field, value, expected);
  }
}

export function refusal(field: string, value: unknown, text: string): MeshError {
  return new MeshError('invalid-configuration', `${field}: ${text}`, { field, value });
}

export function demandTruth(field: string, value: boolean | undefined): void {
  demand(field, value, value === undefined || typeof value === 'boolean', 'true or false is expected');
}

/** Every item of a list is looked at; a missing list has none. */
export function each<Item>(
  field: string,
  items: readonly Item[] | undefined,
  look: (field: string, item: Item) => void,
): void {
  demand(field, items, items === undefined || Array.isArray(items), 'a list is expected');
  for (const [at, item] of (items ?? []).entries()) {
    demand(`${field}[${at}]`, item, isRecord(item), 'an object is expected');
    look(`${field}[${at}]`, item);
  }
}

export function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** A list of texts with something in them, or nothing at all. */
export function areFilledTexts(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isFilledText));
}
