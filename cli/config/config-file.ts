// The file form of a configuration: one YAML list, an entity in each item (mesh-protocol 9.2). Scalars are those of
// YAML 1.1, as the reference reads them: `yes` is true, `0600` is octal. Loads the YAML library, so it is loaded itself
// only where a file is given.
import { readFileSync, statSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { codeOf, describe } from '../../runtime/errors.js';
import { ConfigError } from './config-error.js';
import { didYouMean, parametersOf, shown } from './cures.js';
import type { EntitySpec } from './entity-spec.js';
import type { RawItem, RawParameter } from './raw-item.js';
import { entityNamed, entityNames, parameterNamed } from './schema.js';
import { nearest } from './spelling.js';
import type { RawValue } from './value.js';

/** Bytes. A mesh of a thousand peers takes some 200 kB; more is another file by mistake. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** The reference takes these for texts: `10:20` is no base-60 number to it, nor `2026-11-20` a date. */
const NOT_SCALARS = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set']);

const PREFIX = 'error loading config file: ';
const NO_FILE_CURE = 'check the name after --config and the rights of the file';

/** What the operating system says, in the words of Go. */
const OPEN_FAULTS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['ENOTDIR', 'not a directory'],
]);

/** What a first YAML file most often lacks. */
const YAML_CURES: ReadonlyMap<string, string> = new Map([
  ['MULTIPLE_DOCS', 'one file holds one document'],
  ['TAB_AS_INDENT', 'indent with blanks'],
  ['MISSING_CHAR', 'a quotation or a bracket above is not closed'],
  ['MULTILINE_IMPLICIT_KEY', 'is a colon missing behind the name of an entity, such as "- node:"?'],
  ['BAD_INDENT', 'parameters of one entity stand below one another'],
]);

/** Reads the items of a file. `at` is the argument that named it. */
export function readConfigFile(path: string, at: string): readonly RawItem[] {
  return new FileItems(path, textOf(path, at)).read();
}

/** Reads the items of a text that stood in the file `path`. */
export function readConfigText(text: string, path: string): readonly RawItem[] {
  return new FileItems(path, text).read();
}

function textOf(path: string, at: string): string {
  let bytes: Uint8Array;
  try {
    if (statSync(path).isDirectory()) {
      throw new ConfigError(`${PREFIX}read ${shown(path)}: is a directory`, { place: at, cure: 'give a file in it' });
    }
    bytes = readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof ConfigError) {
      throw thrown;
    }
    const why = OPEN_FAULTS.get(codeOf(thrown)) ?? describe(thrown);
    throw new ConfigError(`${PREFIX}open ${shown(path)}: ${why}`, { place: at, cure: NO_FILE_CURE });
  }
  if (bytes.length > FILE_BYTES_MAX) {
    const cure = `a configuration has at most ${FILE_BYTES_MAX} bytes`;
    throw new ConfigError(`${PREFIX}${shown(path)} is too large`, { place: at, cure });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(`${PREFIX}${shown(path)} is not UTF-8`, { place: at, cure: 'is it another file?' });
  }
}

type YamlNode = { readonly range?: readonly [number, number, number] | null | undefined };

/** One file's items, each with its line. */
class FileItems {
  readonly #path: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(path: string, text: string) {
    this.#path = shown(path);
    this.#document = parseDocument(text, {
      version: '1.1',
      // The reference lets the last of two equal keys win; the loader warns of it.
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: this.#lines,
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isRefused(tag)),
    });
  }

  read(): readonly RawItem[] {
    const [error] = this.#document.errors;
    if (error !== undefined) {
      const cure = YAML_CURES.get(error.code) ?? 'the file is no valid YAML';
      throw this.#error(`yaml: ${error.message.split('\n')[0]}`, this.#lineAt(error.pos[0]), cure);
    }
    const { contents } = this.#document;
    if (contents === null || (isScalar(contents) && contents.value === null)) {
      return [];
    }
    if (!isSeq(contents)) {
      const cure = 'the file must be a list: each entity begins with "- ", such as "- node:"';
      throw this.#error('the top level is not a list', this.#place(contents), cure);
    }
    return contents.items.map((node) => this.#item(this.#resolved(node)));
  }

  #item(node: unknown): RawItem {
    const at = this.#place(node);
    if (isScalar(node) && typeof node.value === 'string') {
      return { ...this.#entity(node.value, at), parameters: [] };
    }
    if (!isMap(node)) {
      throw this.#error('unknown config file format', at, 'an item is a name, or a name with parameters: "- node:"');
    }
    const [pair] = node.items;
    if (pair === undefined || node.items.length > 1) {
      const cure = 'begin each entity with "- ", and indent its parameters further than its name';
      throw this.#error('config format invalid: item has multiple names', at, cure);
    }
    const name = keyOf(pair);
    if (name === undefined) {
      throw this.#error('section key is not a string', at, 'the name of an entity is expected');
    }
    const item = this.#entity(name, this.#place(pair.key));
    return { ...item, parameters: this.#parameters(item.entity, this.#resolved(pair.value), at) };
  }

  #entity(name: string, at: string): Omit<RawItem, 'parameters'> {
    const entity = entityNamed(name);
    if (entity === undefined) {
      const text = `could not get config type for command ${shown(name)}: unknown config type ${shown(name)}`;
      throw this.#error(text, at, cureFor(name));
    }
    return { entity, label: entity.name, source: 'file', at };
  }

  #parameters(entity: EntitySpec, value: unknown, at: string): readonly RawParameter[] {
    if (value === null || (isScalar(value) && value.value === null)) {
      return [];
    }
    if (isMap(value)) {
      return this.#pairsOf(value).map((pair) => this.#parameter(entity, pair));
    }
    const bare = entity.parameters.find(({ isBare }) => isBare === true);
    if (bare !== undefined && isScalar(value) && typeof value.value === 'string') {
      return [{ spec: bare, label: bare.name, at: this.#place(value), raw: { form: 'yaml', value: value.value } }];
    }
    const [first] = entity.parameters;
    const cure =
      bare === undefined
        ? `write the parameters below it: "${first?.name ?? 'name'}: …"`
        : `write it as "${bare.name}: …" below it, or as a text in quotes`;
    throw this.#error(`invalid config format for ${entity.name}`, at, cure);
  }

  #parameter(entity: EntitySpec, pair: Pair): RawParameter {
    const at = this.#place(pair.key);
    const name = keyOf(pair) ?? '';
    const spec = parameterNamed(entity, name);
    if (spec === undefined) {
      const text = `field ${shown(name)} not defined for command ${entity.name}: unknown field name ${shown(name)}`;
      throw this.#error(text, `${at}, ${entity.name}`, parametersOf(entity, name));
    }
    return { spec, label: spec.name, at, raw: this.#value(pair.value) };
  }

  #value(node: unknown): RawValue {
    const resolved = this.#resolved(node);
    const value: unknown =
      isScalar(resolved) || isSeq(resolved) || isMap(resolved) ? resolved.toJS(this.#document) : null;
    return { form: 'yaml', value };
  }

  /** Pairs, those of a merge (`<<: *base`) before the map's own, which win. */
  #pairsOf(map: YAMLMap): readonly Pair[] {
    const own = map.items.filter((pair) => keyOf(pair) !== '<<');
    const merged = map.items.filter((pair) => keyOf(pair) === '<<').map((pair) => this.#resolved(pair.value));
    const names = new Set(own.map(keyOf));
    const inherited = merged
      .flatMap((node) => (isSeq(node) ? node.items.map((item) => this.#resolved(item)) : [node]))
      .flatMap((node) => (isMap(node) ? this.#pairsOf(node) : []))
      .filter((pair) => !names.has(keyOf(pair)));
    return [...inherited, ...own];
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
  }

  #place(node: unknown): string {
    const { range } = (node ?? {}) as YamlNode; // every node of the parser has one
    return this.#lineAt(range?.[0] ?? 0);
  }

  #lineAt(offset: number): string {
    return `${this.#path}:${this.#lines.linePos(offset).line || 1}`;
  }

  #error(text: string, place: string, cure: string): ConfigError {
    return new ConfigError(`${PREFIX}${text}`, { place, cure });
  }
}

function cureFor(name: string): string {
  const lower = name.toLowerCase();
  if (lower !== name && entityNamed(lower) !== undefined) {
    return `in files entities are written in lower case: ${lower}`;
  }
  return didYouMean(nearest(name, entityNames()));
}

function keyOf(pair: Pair): string | undefined {
  const { key } = pair;
  const value: unknown = isScalar(key) ? key.value : key;
  if (typeof value === 'symbol') {
    return '<<'; // how the parser marks a merge
  }
  return typeof value === 'string' ? value : undefined;
}

/** The parser's extra scalars of YAML 1.1 that the reference reads as texts. */
function isRefused(tag: { readonly tag: string; readonly format?: string }): boolean {
  const kind = tag.tag.split(':').at(-1) ?? '';
  return NOT_SCALARS.has(kind) || tag.format === 'TIME';
}
