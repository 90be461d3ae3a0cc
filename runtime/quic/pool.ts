import type { QuicConnection } from './connection.js';
import { type EndpointListener, QuicEndpoint } from './endpoint.js';
import type { EngineHost } from './engine.js';
import { EngineInstance } from './instance.js';
import type { DialSettings, ListenSettings } from './settings.js';

export interface PoolLimits {
  /**
   * Dialled connections that share an instance. Default 64: with 1 MiB windows they stay far below the 4 GiB of an
   * instance, and one fault takes no more than these.
   */
  readonly dialsPerInstance?: number;
  /** An instance that becomes empty with more linear memory than this is dropped, as it never shrinks. Default 16 MiB. */
  readonly idleMemoryBytes?: number;
}

/** What a pool holds now. */
export interface PoolCounts {
  /** Instances for dials, the idle one included. */
  readonly dialInstances: number;
  /** Each listener has an instance of its own. */
  readonly listeners: number;
  readonly dials: number;
  /** Linear memory of all instances. */
  readonly memoryBytes: number;
}

/** A dial and the endpoint that its datagrams go to. The endpoint frees itself when the connection is gone. */
export interface Dial {
  readonly endpoint: QuicEndpoint;
  readonly connection: QuicConnection;
}

interface DialInstance {
  readonly instance: EngineInstance;
  dials: number;
}

const DIALS_PER_INSTANCE = 64;
const IDLE_MEMORY_BYTES = 16 * 1_048_576;

/**
 * Gives out engine instances. Neither one for everything (a fault would take all, and memory ends at 4 GiB) nor one for
 * each connection (V8 reserves 10 GB of addresses for each): one for each listener, and one for some 64 dials.
 * In the simulation each node has a pool of its own, so that its chance does not depend on other nodes.
 */
export class EnginePool {
  readonly #host: EngineHost;
  readonly #limits: Required<PoolLimits>;
  readonly #listeners = new Set<EngineInstance>();
  #dialInstances: DialInstance[] = [];

  constructor(host: EngineHost, limits: PoolLimits = {}) {
    this.#host = host;
    this.#limits = { dialsPerInstance: DIALS_PER_INSTANCE, idleMemoryBytes: IDLE_MEMORY_BYTES, ...limits };
  }

  get counts(): PoolCounts {
    const dialled = this.#dialInstances;
    const instances = [...this.#listeners, ...dialled.map((place) => place.instance)];
    return {
      dialInstances: dialled.length,
      listeners: this.#listeners.size,
      dials: dialled.reduce((sum, place) => sum + place.dials, 0),
      memoryBytes: instances.reduce((sum, instance) => sum + instance.memoryBytes, 0),
    };
  }

  /** Opens a listener. Free it when it is not needed any more. Throws `invalid-use` for settings out of their range. */
  listen(settings: ListenSettings, listener: EndpointListener = {}): QuicEndpoint {
    const instance = new EngineInstance(this.#host);
    const endpoint = QuicEndpoint.listening(instance, settings, {
      failed: (connections) => listener.failed?.(connections),
      freed: () => {
        this.#listeners.delete(instance);
        listener.freed?.();
      },
    });
    this.#listeners.add(instance);
    return endpoint;
  }

  /** Begins a handshake with `peer`. Throws `invalid-use` for settings out of their range. */
  dial(settings: DialSettings, peer: number, listener: EndpointListener = {}): Dial {
    const place = this.#place();
    const endpoint = QuicEndpoint.dialling(place.instance, settings, {
      failed: (connections) => {
        this.#drop(place);
        listener.failed?.(connections);
      },
      freed: () => {
        place.dials -= 1;
        this.#tidy();
        listener.freed?.();
      },
    });
    place.dials += 1;
    try {
      return { endpoint, connection: endpoint.connect(peer) };
    } catch (thrown) {
      endpoint.free();
      throw thrown;
    }
  }

  // The first one with room, so that the later ones empty and can go.
  #place(): DialInstance {
    const { dialsPerInstance } = this.#limits;
    const free = this.#dialInstances.find((place) => place.dials < dialsPerInstance);
    if (free !== undefined) {
      return free;
    }
    const place = { instance: new EngineInstance(this.#host), dials: 0 };
    this.#dialInstances.push(place);
    return place;
  }

  // One idle instance stays, so that a dial now and then does not build one each time.
  #tidy(): void {
    let mayStay = true;
    this.#dialInstances = this.#dialInstances.filter((place) => {
      if (place.dials > 0) {
        return true;
      }
      const stays = mayStay && place.instance.memoryBytes <= this.#limits.idleMemoryBytes;
      mayStay = mayStay && !stays;
      return stays;
    });
  }

  #drop(dead: DialInstance): void {
    this.#dialInstances = this.#dialInstances.filter((place) => place !== dead);
  }
}
