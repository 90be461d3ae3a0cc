import { MeshNode } from '../../actors/mesh-node.js';
import type { NodeOptions } from '../../actors/node-options.js';
import type { NodeId } from '../../protocol/names.js';
import type { SessionAddress } from '../../runtime/ports.js';
import type { NetworkFaults } from '../../runtime/simulation/faults.js';
import type { SimulatedPorts } from '../../runtime/simulation/host.js';
import { World } from '../../runtime/simulation/world.js';
import type { Links } from './topologies.js';

/** Records that no healthy mesh makes. */
const ALARMS = new Set(['failure', 'unhandled']);

export interface MeshWorldOptions {
  readonly seed: string | number;
  readonly size: number;
  readonly links: Links;
  readonly faults?: NetworkFaults;
  /** Cost of link number `at`; both ends have the same. */
  readonly cost?: (at: number) => number;
  /** Links over message sessions, which lose and reorder, instead of streams. */
  readonly transport?: 'tcp' | 'udp';
  readonly more?: (id: string) => Partial<NodeOptions>;
  /** The outside of a node, if it is not to be the one of its host: to put a fault in on purpose. */
  readonly outside?: (ports: SimulatedPorts) => SimulatedPorts;
  /** Called with each node as it starts. */
  readonly onStart?: (node: MeshNode) => void;
}

/** A pretended mesh of real nodes: `n0`, `n1`, … each on a host of its own name. */
export class MeshWorld {
  readonly world: World;
  /** What happened that should not: `node kind address subject`. */
  readonly alarms: string[] = [];
  readonly #options: MeshWorldOptions;
  readonly #nodes = new Map<string, MeshNode>();

  constructor(options: MeshWorldOptions) {
    this.#options = options;
    const { seed, faults } = options;
    this.world = new World(faults === undefined ? { seed } : { seed, faults });
    for (let at = 0; at < options.size; at += 1) {
      this.start(idOf(at));
    }
  }

  /** True when a ping may be lost without anybody's fault. */
  get isLossy(): boolean {
    return this.#options.transport === 'udp' && (this.#options.faults?.loss ?? 0) > 0;
  }

  /** Nodes that are running. */
  get nodes(): readonly MeshNode[] {
    return [...this.#nodes.values()];
  }

  /** The hosts of all nodes, of those too that are not running. */
  hostNames(): readonly string[] {
    return Array.from({ length: this.#options.size }, (_, at) => idOf(at));
  }

  node(id: string): MeshNode {
    const node = this.#nodes.get(id);
    if (node === undefined) {
      throw new Error(`${id} is not running`);
    }
    return node;
  }

  isRunning(id: string): boolean {
    return this.#nodes.has(id);
  }

  start(id: string): MeshNode {
    const { outside = (ports) => ports, onStart } = this.#options;
    const node = this.world.host(id).start((ports) => new MeshNode(this.#optionsFor(id), outside(ports)));
    node.hub.read('news', (record) => {
      if (ALARMS.has(record.kind)) {
        this.alarms.push(`${id} ${record.kind} ${record.address} ${record.subject} ${JSON.stringify(record.detail)}`);
      }
    });
    this.#nodes.set(id, node);
    onStart?.(node);
    return node;
  }

  crash(id: string, options: { readonly isSilent: boolean } = { isSilent: false }): void {
    this.#nodes.delete(id);
    this.world.host(id).crash(options);
  }

  async stop(id: string): Promise<void> {
    const node = this.node(id);
    this.#nodes.delete(id);
    await this.world.wait(this.world.host(id).stop(), 60_000);
    const left = node.system.counts();
    if (left.actors + left.asks + left.hearers > 0) {
      this.alarms.push(`${id} left behind ${JSON.stringify(left)}`);
    }
  }

  /** Pairs of running nodes with a link between them, and its cost, as configured. */
  edges(): readonly (readonly [string, string, number])[] {
    return this.#options.links
      .map(([a, b], at) => [idOf(a), idOf(b), this.#costOf(at)] as const)
      .filter(([a, b]) => this.isRunning(a) && this.isRunning(b) && !this.#isCut(a, b));
  }

  #isCut(a: string, b: string): boolean {
    return this.world.network.isCut(a, b) || this.world.network.isCut(b, a);
  }

  #costOf(at: number): number {
    return this.#options.cost?.(at) ?? 1;
  }

  #optionsFor(id: string): NodeOptions {
    const { links, transport = 'tcp', more } = this.#options;
    const at = Number(id.slice(1));
    const mine = links.map((link, index) => ({ link, index })).filter(({ link }) => link[0] === at);
    const dialledBy = links.map((link, index) => ({ link, index })).filter(({ link }) => link[1] === at);
    return {
      id: id as NodeId, // made by idOf
      listeners: [
        {
          address: addressOf(id, transport),
          nodeCosts: Object.fromEntries(dialledBy.map(({ link, index }) => [idOf(link[0]), this.#costOf(index)])),
        },
      ],
      peers: mine.map(({ link, index }) => ({
        address: addressOf(idOf(link[1]), transport),
        cost: this.#costOf(index),
      })),
      ...more?.(id),
    };
  }
}

export function idOf(at: number): string {
  return `n${at}`;
}

/** The port that every pretended node listens on; each has a host of its own. */
const PORT = 27_199;

/** Where the node on a host listens. */
export function addressOf(host: string, transport: 'tcp' | 'udp'): SessionAddress {
  return { transport, host, portNumber: PORT };
}
