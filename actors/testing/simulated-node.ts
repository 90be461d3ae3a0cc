import type { SimulatedHost } from '../../runtime/simulation/host.js';
import { type CreateNodeOptions, checkedOptions } from '../checked-options.js';
import { MeshNode } from '../mesh-node.js';
import { compilePattern } from '../pattern.js';

/**
 * Starts a node as the program of a pretended host, whose name is the `host` of its addresses. Returns at once, since
 * time stands still until the world moves it: `await world.wait(node.started, 10_000)`. `host.stop()` stops the node in
 * order, `host.crash()` does not; afterwards the host may be given another one, which finds the same disk. Throws a
 * `MeshError` of code `invalid-configuration` and leaves the host as it was.
 *
 * ```ts
 * const world = new World({ seed: 1 });
 * const node = createSimulatedNode(world.host('alpha'), { id: 'alpha' });
 * await world.wait(node.started, 10_000);
 * await world.wait(world.host('alpha').stop(), 10_000);
 * ```
 */
export function createSimulatedNode(host: SimulatedHost, options: CreateNodeOptions): MeshNode {
  const checked = checkedOptions(options, compilePattern);
  return host.start((ports) => new MeshNode(checked, ports));
}
