import { type NodeId, parseConfiguredNodeId, parseServiceName } from '../protocol/names.js';
import { systemPorts } from '../runtime/io/system-ports.js';
import { MeshError } from './errors.js';
import { MeshNode } from './mesh-node.js';
import type { ControlServiceOptions, LinkOptions, NodeOptions } from './node-options.js';

/** `NodeOptions` with plain texts for the names; they are checked when the node is made. */
export interface CreateNodeOptions extends Omit<NodeOptions, 'id' | 'controlServices'> {
  /** Unique in the mesh: letters, digits and `. - _ @ :`. */
  readonly id: string;
  readonly controlServices?: readonly PlainControlService[];
}

export interface PlainControlService extends Omit<ControlServiceOptions, 'service'> {
  /** The name on the mesh, at most 8 bytes; missing where the mesh is not to reach it. */
  readonly service?: string;
}

/**
 * Starts a node on this machine. Resolves when all its parts are ready; rejects with a `MeshError` of code
 * `invalid-configuration` or `start-failed`, and then nothing of it is left.
 *
 * ```ts
 * const node = await createNode({
 *   id: 'alpha',
 *   listeners: [{ address: { transport: 'tcp', host: '0.0.0.0', portNumber: 2222 } }],
 * });
 * console.log(await node.view());
 * await node.stop();
 * ```
 */
export async function createNode(options: CreateNodeOptions): Promise<MeshNode> {
  const node = new MeshNode(checkedOptions(options), systemPorts);
  await node.started;
  return node;
}

function checkedOptions(options: CreateNodeOptions): NodeOptions {
  for (const link of [...(options.listeners ?? []), ...(options.peers ?? [])]) {
    demandCost(link);
  }
  const controlServices = (options.controlServices ?? []).map(checkedService);
  return { ...options, id: checkedId(options.id), controlServices };
}

function checkedId(text: string): NodeId {
  const id = parseConfiguredNodeId(text);
  if (!id.ok) {
    throw new MeshError('invalid-configuration', id.fault.detail, { id: text });
  }
  return id.value;
}

function checkedService({ service, ...places }: PlainControlService): ControlServiceOptions {
  if (service === undefined) {
    demandPlace(places);
    return places;
  }
  const name = parseServiceName(service);
  if (!name.ok) {
    throw new MeshError('invalid-configuration', name.fault.detail, { service });
  }
  return { ...places, service: name.value };
}

/** A service that nobody can reach would never say that it is ready. */
function demandPlace({ sockets = [] }: Omit<PlainControlService, 'service'>): void {
  if (sockets.length === 0) {
    throw new MeshError('invalid-configuration', 'no listeners specified');
  }
}

/** A cost that is no number more than 0 would be no cost to any route computation. */
function demandCost({ cost = 1 }: LinkOptions): void {
  if (!(cost > 0) || !Number.isFinite(cost)) {
    throw new MeshError('invalid-configuration', 'connection cost must be positive', { cost });
  }
}
