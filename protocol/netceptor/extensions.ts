// Our own fields in the JSON messages of the Go dialect (mesh-protocol 2.8). Go ignores fields that it does not know:
// in a routing update they reach the direct neighbour, in an advertisement the whole mesh.
import { type Decoded, decoded, faulty } from '../decoded.js';
import { type JsonValue, writeJson, writeMembers } from '../json/writer.js';
import { foldCase } from '../text.js';

/** Fields by name, each as its JSON text: unread, so that no digit of a foreign number is lost. */
export type ExtensionFields = ReadonlyMap<string, string>;

/** Unknown fields of one message. More than our releases will ever name; bounds what a peer can make us hold. */
export const EXTENSION_FIELDS_MAX = 64;

export const NO_EXTENSIONS: ExtensionFields = new Map();

/** Letters and digits: readers that also overlook `-` and `_` can't take such a name for another. */
const EXTENSION_NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;
/** Every field name of the Go dialect, in lower case: in an extension they would be read as the real thing. */
const TAKEN = new Set(
  [
    ...['NodeID', 'UpdateID', 'UpdateEpoch', 'UpdateSequence', 'Connections', 'ForwardingNode', 'SuspectedDuplicate'],
    ...['Service', 'Time', 'ConnType', 'Tags', 'WorkCommands', 'Cancel', 'WorkType', 'Secure'],
    ...['FromNode', 'ToNode', 'FromService', 'ToService', 'Problem'],
  ].map(foldCase),
);

/** Fields to send along. Refuses a name that is no name, taken, or given twice but for its case. */
export function extensionFields(fields: Iterable<readonly [name: string, value: JsonValue]>): Decoded<ExtensionFields> {
  const texts = new Map<string, string>();
  const seen = new Set(TAKEN);
  for (const [name, value] of fields) {
    const folded = foldCase(name);
    if (!EXTENSION_NAME.test(name) || seen.has(folded)) return faulty('extension-name', 0, `extension field ${name}`);
    if (texts.size >= EXTENSION_FIELDS_MAX) return faulty('json-fields', 0, 'too many extension fields');
    seen.add(folded);
    texts.set(name, writeJson(value));
  }
  return decoded(texts);
}

/** The fields as they stand at the end of an object: nothing, or a comma and the members. */
export function extensionMembers(fields: ExtensionFields): string {
  return fields.size === 0 ? '' : `,${writeMembers(fields)}`;
}

/** Collects the unknown fields of a message while it is read; most messages have none. */
export class ExtensionCollector {
  #fields: Map<string, string> | undefined;

  /** Keeps a field; false when there are too many. */
  keep(name: string, json: string): boolean {
    this.#fields ??= new Map();
    if (this.#fields.size >= EXTENSION_FIELDS_MAX) return false;
    this.#fields.set(name, json);
    return true;
  }

  get fields(): ExtensionFields {
    return this.#fields ?? NO_EXTENSIONS;
  }
}
