import { decodeMessage } from '../../../protocol/netceptor/kinds.js';
import { MESSAGE_KIND } from '../../../protocol/netceptor/message-kind.js';
import type { World } from '../../../runtime/simulation/world.js';

/** Kinds that a Go node knows, and our own, which it must get only after it has shown that it is no Go node. */
const KNOWN_KINDS: ReadonlySet<number> = new Set(Object.values(MESSAGE_KIND).map(({ byte }) => byte));

/** The six fields of an advertisement of which a Go node needs one (mesh-protocol 2.6). */
const ADVERT_FIELDS = ['NodeID', 'Service', 'Time', 'ConnType', 'Tags', 'WorkCommands'] as const;

export interface GoSafetyOptions {
  /** Hosts whose traffic is not ours, and so not judged. */
  readonly foreign?: readonly string[];
}

/**
 * Reads everything that hosts of ours send to each other over links, and notes what would end a Go node or spoil its
 * stream: an empty message, an advertisement without fields, a frame that is cut off, a message that cannot be read.
 */
export class GoSafety {
  /** `from>to: what`. */
  readonly faults: string[] = [];
  frames = 0;
  readonly #foreign: ReadonlySet<string>;

  constructor(world: World, transport: 'tcp' | 'udp' = 'tcp', { foreign = [] }: GoSafetyOptions = {}) {
    this.#foreign = new Set(foreign);
    world.network.readers.add((from, to, bytes) => {
      if (from === to || this.#foreign.has(from)) {
        return;
      }
      if (transport === 'udp') {
        this.#message(`${from}>${to}`, bytes);
      } else {
        this.#frames(`${from}>${to}`, bytes);
      }
    });
  }

  /** A lane never cuts a frame in two, so each write is a run of whole frames. */
  #frames(way: string, bytes: Uint8Array): void {
    let at = 0;
    while (at + 2 <= bytes.length) {
      const end = at + 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
      if (end > bytes.length) {
        break;
      }
      this.#message(way, bytes.subarray(at + 2, end));
      at = end;
    }
    if (at !== bytes.length) {
      this.faults.push(`${way}: a frame that is cut off`);
    }
  }

  #message(way: string, message: Uint8Array): void {
    this.frames += 1;
    const kind = message[0];
    if (kind === undefined) {
      this.faults.push(`${way}: an empty message`);
    } else if (kind === MESSAGE_KIND.serviceAdvert.byte && !hasAdvertField(message)) {
      this.faults.push(`${way}: an advertisement without fields`);
    } else if (KNOWN_KINDS.has(kind) && !decodeMessage(message).ok) {
      this.faults.push(`${way}: a message of kind ${kind} that cannot be read`);
    }
  }
}

/** Read by JSON of the language: another reader than the one under test. */
function hasAdvertField(message: Uint8Array): boolean {
  try {
    const advert: unknown = JSON.parse(new TextDecoder().decode(message.subarray(1)));
    return typeof advert === 'object' && advert !== null && ADVERT_FIELDS.some((field) => field in advert);
  } catch {
    return false;
  }
}
