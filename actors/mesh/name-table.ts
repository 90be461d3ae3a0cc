import type { U64 } from '../../protocol/bytes.js';
import { hashName } from '../../protocol/hash.js';
import type { NodeId } from '../../protocol/names.js';
import { WordTable } from '../../protocol/word-table.js';

/** Names that one node may hold: a mesh has hundreds; a flood of invented names must not fill the memory. */
const NAMES_MAX = 100_000;

/**
 * Turns names into the hashes that packets carry, and back. A packet can be read only if both its names are known:
 * our own, those of accepted routing updates, of neighbours, and those that we sent to (mesh-protocol 3.1).
 */
export class NameTable {
  readonly #hashes = new Map<NodeId, U64>();
  readonly #names = new WordTable<NodeId>();

  get size(): number {
    return this.#hashes.size;
  }

  /** The hash of a name, which is known from now on. Of two names with one hash the first keeps it. */
  hashOf(name: NodeId): U64 {
    const known = this.#hashes.get(name);
    if (known !== undefined) {
      return known;
    }
    const hash = hashName(name);
    if (this.#hashes.size < NAMES_MAX) {
      this.#hashes.set(name, hash);
      if (this.#names.get(hash.hi, hash.lo) === undefined) {
        this.#names.set(hash.hi, hash.lo, name);
      }
    }
    return hash;
  }

  nameOf(high: number, low: number): NodeId | undefined {
    return this.#names.get(high, low);
  }
}
