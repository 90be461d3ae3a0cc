import { readU32Be } from '../../protocol/bytes.js';
import { sourceHi, sourceLo } from '../../protocol/netceptor/datagram.js';
import { WordTable } from '../../protocol/word-table.js';

/** Where the source service stands in a packet's header (mesh-protocol 3.1). */
const SOURCE_SERVICE = 20;

interface Peer {
  readonly number: number;
  readonly node: WordTable<Peer>;
  readonly hi: number;
  readonly lo: number;
  uses: number;
}

/** Numbers for the far ends of a listener's connections: the engine knows a peer only by a number. */
export class PeerNumbers {
  readonly #nodes = new WordTable<WordTable<Peer>>();
  readonly #peers = new Map<number, Peer>();
  #next = 1;

  get size(): number {
    return this.#peers.size;
  }

  /** The number of the node and service that the packet came from. */
  numberOf(bytes: Uint8Array, start: number): number {
    const [high, low] = [sourceHi(bytes, start), sourceLo(bytes, start)];
    let node = this.#nodes.get(high, low);
    if (node === undefined) {
      node = new WordTable<Peer>();
      this.#nodes.set(high, low, node);
    }
    const hi = readU32Be(bytes, start + SOURCE_SERVICE);
    const lo = readU32Be(bytes, start + SOURCE_SERVICE + 4);
    const known = node.get(hi, lo);
    if (known !== undefined) {
      return known.number;
    }
    const peer: Peer = { number: this.#next, node, hi, lo, uses: 0 };
    this.#next = this.#next === 0xffff_ffff ? 1 : this.#next + 1;
    node.set(hi, lo, peer);
    this.#peers.set(peer.number, peer);
    return peer.number;
  }

  /** A connection to this peer lives. */
  use(number: number): void {
    const peer = this.#peers.get(number);
    if (peer !== undefined) {
      peer.uses += 1;
    }
  }

  /** A connection to this peer is over; with the last one the number is forgotten. True while there are others. */
  release(number: number): boolean {
    const peer = this.#peers.get(number);
    if (peer !== undefined) {
      peer.uses -= 1;
      this.releaseUnused(number);
    }
    return this.#peers.has(number);
  }

  /** Forgets a number that no connection uses. */
  releaseUnused(number: number): void {
    const peer = this.#peers.get(number);
    if (peer !== undefined && peer.uses <= 0) {
      this.#peers.delete(number);
      peer.node.delete(peer.hi, peer.lo);
    }
  }
}
