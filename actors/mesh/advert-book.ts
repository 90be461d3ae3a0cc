import { compareInstants, type GoTime } from '../../protocol/go-time.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import { NO_EXTENSIONS } from '../../protocol/netceptor/extensions.js';
import type { ReceivedAdvert, ServiceAdvert } from '../../protocol/netceptor/service-advert.js';

/** Services that are kept, tombstones included: ten for each node of the largest mesh that we aim at. */
export const ADVERTS_MAX = 100_000;
/** Bytes of their messages: what a real one takes, times the services above, and twice that. Read, each takes as much. */
export const ADVERT_BYTES_MAX = 64 * 1_048_576;

/** What was last heard of a service. A tombstone (`advert.cancel`) stays, so that an old copy cannot raise the dead. */
interface Entry {
  readonly advert: ServiceAdvert;
  /** As it came; a tombstone is told to nobody later, and keeps none. */
  readonly message: Uint8Array;
}

const NO_MESSAGE = new Uint8Array(0);

/**
 * Who offers what. A later advertisement replaces an earlier one, to the nanosecond; a cancellation leaves a tombstone,
 * which is what ends a cancellation that circles in a ring (mesh-protocol 3.3). Changed in place; one owner.
 */
export class AdvertBook {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** Entries, tombstones included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of the messages that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes an advertisement in; false when it is not later than what is known, or finds no room: it is not passed on. */
  accept(advert: ReceivedAdvert): boolean {
    const key = keyOf(advert.nodeId, advert.service);
    const known = this.#entries.get(key);
    if (known !== undefined && compareInstants(advert.time, known.advert.time) <= 0) {
      return false;
    }
    if (known === undefined && this.#entries.size >= ADVERTS_MAX && !this.#dropOldestTombstone()) {
      return false;
    }
    const entry = advert.cancel ? tombstoneOf(advert) : entryOf(advert);
    const bytes = this.#bytes - (known?.message.length ?? 0) + entry.message.length;
    if (bytes > ADVERT_BYTES_MAX) {
      return false;
    }
    this.#bytes = bytes;
    this.#entries.set(key, entry);
    return true;
  }

  /** When a service was last heard of. */
  timeOf(node: NodeId, service: ServiceName): GoTime | undefined {
    return this.#entries.get(keyOf(node, service))?.advert.time;
  }

  /** Services that are offered, in the order in which they became known. */
  *offered(): IterableIterator<ServiceAdvert> {
    for (const { advert } of this.#entries.values()) {
      if (!advert.cancel) {
        yield advert;
      }
    }
  }

  /** The messages of all offered services, as they came: for a new neighbour. */
  *messages(): IterableIterator<Uint8Array> {
    for (const { advert, message } of this.#entries.values()) {
      if (!advert.cancel) {
        yield message;
      }
    }
  }

  #dropOldestTombstone(): boolean {
    for (const [key, { advert }] of this.#entries) {
      if (advert.cancel) {
        return this.#entries.delete(key);
      }
    }
    return false;
  }
}

function entryOf({ raw, ...advert }: ReceivedAdvert): Entry {
  return { advert, message: raw.slice() };
}

/** What a cancellation says beyond its name and its time is of no use to anybody. */
function tombstoneOf({ raw: _, ...advert }: ReceivedAdvert): Entry {
  const bare = { ...advert, tags: null, workCommands: null, extensions: NO_EXTENSIONS };
  return { advert: bare, message: NO_MESSAGE };
}

function keyOf(node: NodeId, service: ServiceName): string {
  return `${service}\0${node}`;
}
