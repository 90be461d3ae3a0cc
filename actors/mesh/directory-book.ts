import { compareInstants, type GoTime, goTime, type Instant, instantFromMs } from '../../protocol/go-time.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import { NO_EXTENSIONS } from '../../protocol/netceptor/extensions.js';
import {
  CONTROL_SERVICE_TAG,
  encodeServiceAdvert,
  type ReceivedAdvert,
  type ServiceAdvert,
  type WorkCommand,
} from '../../protocol/netceptor/service-advert.js';
import { FRAME_PREFIX_BYTES } from '../../protocol/netceptor/stream-framing.js';
import type { Self } from '../../runtime/self.js';
import type { MeshPorts } from '../ports.js';
import { advertChanged } from '../topics.js';
import { AdvertBook } from './advert-book.js';
import type { AdvertList, DirectoryMessage, OwnService } from './directory-vocabulary.js';
import { fitsFrame, framed } from './framed.js';

type DirectoryPorts = Pick<MeshPorts, 'node' | 'clock' | 'forwarder'>;

/** What the directory knows, and what it tells. Plain code for one life of the directory. */
export class DirectoryBook {
  readonly #ports: DirectoryPorts;
  readonly #self: Self<DirectoryMessage>;
  readonly #foreign = new AdvertBook();
  readonly #own = new Map<ServiceName, OwnService>();
  #workTypes: readonly WorkCommand[] = [];
  #lastTime: Instant = { seconds: 0, nanoseconds: 0 };

  constructor(ports: DirectoryPorts, self: Self<DirectoryMessage>) {
    this.#ports = ports;
    this.#self = self;
  }

  /** Takes in what a neighbour sent and passes it on unchanged, if it is news. */
  accept(advert: ReceivedAdvert, via: NodeId | undefined): void {
    if (advert.nodeId === this.#ports.node.id) {
      this.#outlast(advert);
      return;
    }
    if (!this.#foreign.accept(advert)) {
      return;
    }
    const { nodeId: node, service, cancel: gone } = advert;
    this.#flood(advert.raw, via);
    this.#self.publish(advertChanged, { node, service, gone });
  }

  addService(service: OwnService): void {
    this.#own.set(service.service, service);
  }

  /** Takes a service back, also in the mesh. */
  dropService(service: ServiceName): void {
    const own = this.#own.get(service);
    if (own !== undefined) {
      this.#own.delete(service);
      this.#flood(encodeServiceAdvert({ ...this.#advertOf(own), tags: null, workCommands: null, cancel: true }));
    }
  }

  setWorkTypes(workTypes: readonly WorkCommand[]): void {
    this.#workTypes = workTypes;
  }

  /** Tells one neighbour all that is offered anywhere. What its lane does not take comes with the next repeat. */
  tellNeighbour(peer: NodeId): void {
    const lane = this.#ports.forwarder.lanes.get(peer);
    const own = Array.from(this.#own.values(), (service) => encodeServiceAdvert(this.#advertOf(service)));
    for (const message of [...own.filter(fitsFrame), ...this.#foreign.messages()]) {
      const frame = framed(message);
      if (lane?.push(frame, FRAME_PREFIX_BYTES, frame.length) !== true) {
        return;
      }
    }
  }

  /** Tells all neighbours, and through them the mesh, what is offered here. */
  tellMesh(): void {
    for (const own of this.#own.values()) {
      this.#flood(encodeServiceAdvert(this.#advertOf(own)));
    }
  }

  /** Everything that is offered; our own services as of now. */
  adverts(): AdvertList {
    return [...Array.from(this.#own.values(), (own) => this.#advertOf(own)), ...this.#foreign.offered()];
  }

  #advertOf(own: OwnService): ServiceAdvert {
    const [tag, value] = CONTROL_SERVICE_TAG;
    const isControl = own.tags[tag] === value;
    return {
      nodeId: this.#ports.node.id,
      service: own.service,
      time: this.#nextTime(),
      connType: own.connType,
      tags: new Map(Object.entries(own.tags)),
      workCommands: isControl && this.#workTypes.length > 0 ? this.#workTypes : null,
      cancel: false,
      extensions: NO_EXTENSIONS,
    };
  }

  /** Now, but always later than before: two adverts of one moment would be one. */
  #nextTime(): GoTime {
    const now = instantFromMs(this.#ports.clock.wallMs());
    const isLater = compareInstants(now, this.#lastTime) > 0;
    const { seconds, nanoseconds } = this.#lastTime;
    const isFull = nanoseconds === 999_999_999;
    const next = isFull ? { seconds: seconds + 1, nanoseconds: 0 } : { seconds, nanoseconds: nanoseconds + 1 };
    this.#lastTime = isLater ? now : next;
    return goTime(this.#lastTime);
  }

  /** One of our own came back. If it is later than our clock (which was set back), the next ones must be later still. */
  #outlast(own: ReceivedAdvert): void {
    if (compareInstants(own.time, this.#lastTime) > 0) {
      this.#lastTime = own.time;
    }
  }

  /** Tells all neighbours but one. Only one of our own can be too long for a frame: by what its configuration says. */
  #flood(message: Uint8Array, except?: NodeId): void {
    if (!fitsFrame(message)) {
      return;
    }
    const frame = framed(message);
    for (const [neighbour, lane] of this.#ports.forwarder.lanes) {
      if (neighbour !== except) {
        lane.push(frame, FRAME_PREFIX_BYTES, frame.length);
      }
    }
  }
}
