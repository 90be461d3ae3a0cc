import { type NodeId, parseServiceName, type ServiceName } from '../../protocol/names.js';
import { destinationServiceHi, destinationServiceLo, serviceKey } from '../../protocol/netceptor/datagram.js';
import type { Unreachable } from '../../protocol/netceptor/unreachable.js';
import { WordTable } from '../../protocol/word-table.js';

/** What a bound service hears. Called in the packet's way: keep it short, never await. */
export interface ServiceHandler {
  /** A packet for this service: header and payload are `bytes[start, end)`. The bytes are the handler's to keep. */
  packet(bytes: Uint8Array, start: number, end: number): void;
  /** A packet that this service sent did not arrive. */
  unreachable?(notice: Unreachable, reporter: NodeId): void;
}

/** The services of this node by their eight bytes: one live map, since 5,000 short-lived ones come and go with dials. */
export class ServiceTable {
  readonly #services = new WordTable<ServiceHandler>();

  get size(): number {
    return this.#services.size;
  }

  /** Binds a name; `undefined` when it is in use. Returns what frees it. */
  bind(service: ServiceName, handler: ServiceHandler): (() => void) | undefined {
    const { hi, lo } = serviceKey(service);
    if (this.#services.get(hi, lo) !== undefined) {
      return undefined;
    }
    this.#services.set(hi, lo, handler);
    return () => {
      if (this.#services.get(hi, lo) === handler) {
        this.#services.delete(hi, lo);
      }
    };
  }

  isBound(service: ServiceName): boolean {
    const { hi, lo } = serviceKey(service);
    return this.#services.get(hi, lo) !== undefined;
  }

  /** Who is to have the packet that starts here. */
  handlerOf(bytes: Uint8Array, start: number): ServiceHandler | undefined {
    return this.#services.get(destinationServiceHi(bytes, start), destinationServiceLo(bytes, start));
  }

  /** A packet of ours did not arrive: tells the service that sent it. */
  tellUnreachable(notice: Unreachable, reporter: NodeId): void {
    const service = parseServiceName(notice.fromService);
    if (service.ok) {
      const { hi, lo } = serviceKey(service.value);
      this.#services.get(hi, lo)?.unreachable?.(notice, reporter);
    }
  }
}
