import { ConfigError } from './config-error.js';
import type { EntitySpec, ParameterSpec } from './entity-spec.js';
import type { RawItem, RawParameter } from './raw-item.js';
import { type ConfigValue, convert, EXPECTED } from './value.js';

/** One entity with its values converted and its defaults filled in. */
export class ConfigItem {
  readonly entity: EntitySpec;
  readonly label: string;
  readonly source: RawItem['source'];
  readonly at: string;
  readonly #values: ReadonlyMap<string, ConfigValue>;
  readonly #places: ReadonlyMap<string, string>;

  constructor(raw: RawItem, values: ReadonlyMap<string, ConfigValue>) {
    this.entity = raw.entity;
    this.label = raw.label;
    this.source = raw.source;
    this.at = raw.at;
    this.#values = values;
    this.#places = new Map(raw.parameters.map(({ spec, at }) => [spec.name, at]));
  }

  /** Empty where nothing was given and there is no default. */
  text(name: string): string {
    const value = this.#values.get(name) ?? '';
    return typeof value === 'string' ? value : this.#mistaken(name);
  }

  /** For `whole` and `number`; the parameter is required or has a default. */
  number(name: string): number {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : this.#mistaken(name);
  }

  truth(name: string): boolean {
    const value = this.#values.get(name) ?? false;
    return typeof value === 'boolean' ? value : this.#mistaken(name);
  }

  /** `undefined` where nothing was given: an empty list is something else. */
  texts(name: string): readonly string[] | undefined {
    const value = this.#values.get(name);
    return value === undefined || isTexts(value) ? value : this.#mistaken(name);
  }

  numbers(name: string): ReadonlyMap<string, number> | undefined {
    const value = this.#values.get(name);
    return value === undefined || value instanceof Map ? value : this.#mistaken(name);
  }

  /** `undefined` where nothing was given. */
  data(name: string): unknown {
    const value = this.#values.get(name);
    return value === undefined || (typeof value === 'object' && 'data' in value) ? value?.data : this.#mistaken(name);
  }

  /** Where the item stands, or one of its parameters. */
  place(name?: string): string {
    const at = (name === undefined ? undefined : this.#places.get(name)) ?? this.at;
    return [at, this.label, ...(name === undefined ? [] : [name])].join(', ');
  }

  error(text: string, cure: string, name?: string): ConfigError {
    return new ConfigError(text, { place: this.place(name), cure });
  }

  /** The table and its reader disagree: a mistake of ours. */
  #mistaken(name: string): never {
    throw new TypeError(`${this.entity.name} has no ${name} of this type`);
  }
}

/** The item, and what is odd about it without being wrong. Throws `ConfigError`. */
export function settleItem(raw: RawItem): { readonly item: ConfigItem; readonly warnings: readonly string[] } {
  if (raw.entity.isLater === true) {
    throw notBuilt(raw.label, `${raw.at}, ${raw.label}`);
  }
  const values = new Map<string, ConfigValue>();
  const warnings: string[] = [];
  for (const parameter of raw.parameters) {
    const before = values.get(parameter.spec.name);
    const value = convertedValue(parameter, raw);
    const isAppended = raw.source === 'arguments' && before !== undefined && isTexts(before) && isTexts(value);
    if (before !== undefined && !isAppended) {
      warnings.push(`${parameter.spec.name} of ${raw.label} is given twice (at ${parameter.at}); the last one counts`);
    }
    values.set(parameter.spec.name, isAppended ? [...before, ...value] : value);
  }
  demandRequired(raw, values);
  for (const spec of raw.entity.parameters) {
    const value = values.has(spec.name) ? undefined : defaultOf(spec);
    if (value !== undefined) {
      values.set(spec.name, value);
    }
  }
  return { item: new ConfigItem(raw, values), warnings };
}

/** For entities and parameters that the reference has and this version has not. */
function notBuilt(what: string, place: string): ConfigError {
  return new ConfigError(`${what} is not built into this version yet`, { place, cure: 'leave it out' });
}

function convertedValue({ spec, label, at, raw }: RawParameter, item: RawItem): ConfigValue {
  const place = `${at}, ${item.label}, ${spec.name}`;
  if (spec.isLater === true) {
    throw notBuilt(`the parameter ${spec.name} of ${item.label}`, place);
  }
  const converted = convert(raw, spec.type);
  if (converted.ok) {
    return converted.value;
  }
  const text =
    item.source === 'arguments'
      ? `error setting config value for field ${label}: ${converted.text}`
      : `error loading config file: error setting field ${label} in command ${item.label}: ${converted.text}`;
  throw new ConfigError(text, { place, cure: EXPECTED[spec.type] });
}

function demandRequired({ entity, label, source, at }: RawItem, values: ReadonlyMap<string, ConfigValue>): void {
  const missing = entity.parameters.filter(({ name, isRequired }) => isRequired === true && !values.has(name));
  if (missing.length === 0) {
    return;
  }
  const names = missing.map(({ name }) => name).join(', ');
  const noun = missing.length === 1 ? 'parameter' : 'parameters';
  const prefix = source === 'arguments' ? '' : 'error loading config file: ';
  throw new ConfigError(`${prefix}error in ${label}: required ${noun} missing: ${names}`, {
    place: `${at}, ${label}`,
    cure: `for example ${source === 'arguments' ? entity.example : asYaml(entity.example)}`,
  });
}

/** `--tcp-peer address=a:1 cost=2` as one would write it in a file: `tcp-peer: {address: "a:1", cost: "2"}`. */
function asYaml(example: string): string {
  const [entity = '', ...parameters] = example.slice(2).match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const members = parameters.map((parameter) => parameter.replace('=', ': '));
  return `${entity}: {${members.join(', ')}}`;
}

function defaultOf(spec: ParameterSpec): ConfigValue | undefined {
  if (spec.defaultText === undefined) {
    return undefined;
  }
  const converted = convert({ form: 'text', text: spec.defaultText }, spec.type);
  if (!converted.ok) {
    throw new TypeError(`the default of ${spec.name} is not of its type: ${converted.text}`);
  }
  return converted.value;
}

function isTexts(value: ConfigValue): value is readonly string[] {
  return Array.isArray(value);
}
