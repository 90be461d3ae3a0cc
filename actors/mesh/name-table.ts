import type { U64 } from '../../protocol/bytes.js';
import { hashName } from '../../protocol/hash.js';
import type { NodeId } from '../../protocol/names.js';
import { WordTable } from '../../protocol/word-table.js';

/**
 * Names that one node may hold: a mesh has hundreds; a flood of invented names must not fill the memory. Ten for each
 * node that a topology has room for, so that those who go on sending updates are never the oldest.
 */
const NAMES_MAX = 100_000;

/**
 * Turns names into the hashes that packets carry, and back. A packet can be read only if both its names are known:
 * our own, those of accepted routing updates, of neighbours, and those that we sent to (mesh-protocol 3.1). When there
 * is no room for another one, the name that was not learned for longest is forgotten.
 */
export class NameTable {
  /** What was learned last stands last. */
  readonly #hashes = new Map<NodeId, U64>();
  readonly #names = new WordTable<NodeId>();

  get size(): number {
    return this.#hashes.size;
  }

  /** The hash of a name, which is known from now on. Of two names with one hash the first keeps it. */
  hashOf(name: NodeId): U64 {
    return this.#hashes.get(name) ?? this.#add(name, hashName(name));
  }

  /** The same, of a name that is in use: it is the last to be forgotten. */
  learn(name: NodeId): U64 {
    const known = this.#hashes.get(name);
    if (known === undefined) {
      return this.hashOf(name);
    }
    this.#hashes.delete(name);
    this.#hashes.set(name, known);
    return known;
  }

  /** The node is gone; its packets cannot be read any more. */
  forget(name: NodeId): void {
    const hash = this.#hashes.get(name);
    if (hash === undefined) {
      return;
    }
    this.#hashes.delete(name);
    if (this.#names.get(hash.hi, hash.lo) === name) {
      this.#names.delete(hash.hi, hash.lo);
    }
  }

  nameOf(high: number, low: number): NodeId | undefined {
    return this.#names.get(high, low);
  }

  #add(name: NodeId, hash: U64): U64 {
    const [oldest] = this.#hashes.size < NAMES_MAX ? [] : this.#hashes.keys();
    if (oldest !== undefined) {
      this.forget(oldest);
    }
    this.#hashes.set(name, hash);
    if (this.#names.get(hash.hi, hash.lo) === undefined) {
      this.#names.set(hash.hi, hash.lo, name);
    }
    return hash;
  }
}
