import { MESSAGE_KIND } from '../../../protocol/netceptor/message-kind.js';
import { FrameCutter } from '../../../protocol/netceptor/stream-framing.js';
import type { World } from '../../../runtime/simulation/world.js';

/**
 * Watches every data packet on every link of a world: while it watches, no packet may take the same link in the same
 * direction with two different hop counts. A packet is known by its bytes without the hop count; the same count twice is
 * a copy that the network made.
 */
export class LoopWatch {
  /** What was seen: `from>to` and the packet. */
  readonly loops: string[] = [];
  packets = 0;
  readonly #seen = new Map<string, Map<string, number>>();
  #isWatching = false;

  constructor(world: World, transport: 'tcp' | 'udp') {
    world.network.readers.add((from, to, bytes, fate) => {
      const link = `${from}>${to}`;
      if (transport === 'udp') {
        this.#frame(link, fate === 'lost' ? new Uint8Array(0) : bytes);
        return;
      }
      // A lane never cuts a frame in two.
      new FrameCutter().push(bytes, (buffer, start, end) => this.#frame(link, buffer.slice(start, end)));
    });
  }

  /** Watches from now on; the routes must be quiet. */
  begin(): void {
    this.#isWatching = true;
    this.#seen.clear();
  }

  end(): void {
    this.#isWatching = false;
  }

  #frame(link: string, frame: Uint8Array): void {
    if (!this.#isWatching || frame.length === 0 || frame[0] !== MESSAGE_KIND.data.byte) {
      return;
    }
    this.packets += 1;
    const packet = frame.slice();
    const hops = packet[1] ?? 0;
    packet[1] = 0;
    const key = Buffer.from(packet).toString('latin1');
    const links = this.#seen.get(key) ?? new Map<string, number>();
    this.#seen.set(key, links);
    if ((links.get(link) ?? hops) !== hops) {
      this.loops.push(`${link} ${Buffer.from(packet.subarray(0, 36)).toString('hex')}`);
    }
    links.set(link, hops);
  }
}
