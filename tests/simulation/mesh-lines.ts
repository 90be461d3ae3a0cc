import assert from 'node:assert/strict';
import type { NodeId } from '../../protocol/names.js';
import { MeshWorld, type MeshWorldOptions } from '../support/mesh-world.js';
import { GoSafety } from './checkers/nothing-kills-go.js';

/** What must hold at the end of every story: no alarm, and nothing on the wire that ends a Go node. */
export class WatchedMesh extends MeshWorld {
  readonly safety: GoSafety;

  constructor(options: MeshWorldOptions) {
    super(options);
    this.safety = new GoSafety(this.world, options.transport);
  }

  /** True when packets from one node to another have somewhere to go. */
  isRouted(from: string, to: string): boolean {
    const { forwarder, names } = this.node(from).ports;
    return forwarder.laneTo(names.hashOf(to as NodeId))?.isOpen === true;
  }

  assertHealthy(): void {
    assert.deepEqual(this.alarms, []);
    assert.deepEqual(this.safety.faults, []);
  }

  /** Stops every node; nothing may stay open. */
  async lower(): Promise<void> {
    for (const { id } of [...this.nodes]) {
      await this.stop(id);
    }
    await this.world.advance(5_000);
    assert.equal(this.world.network.openSessions, 0);
    assert.equal(this.world.network.openPlaces, 0);
    this.assertHealthy();
  }
}

/** A line of nodes, `n0` to `n<hops>`, whose routes are found. */
export async function lineOf(hops: number, more: Partial<MeshWorldOptions> = {}): Promise<WatchedMesh> {
  const links = Array.from({ length: hops }, (_, at) => [at + 1, at] as const);
  return await meshOf(links, hops + 1, { seed: `line of ${hops}`, ...more });
}

/** A mesh whose routes are found. */
export async function meshOf(
  links: MeshWorldOptions['links'],
  size: number,
  more: Partial<MeshWorldOptions> = {},
): Promise<WatchedMesh> {
  const mesh = new WatchedMesh({ seed: 'mesh', size, links, ...more });
  const isComplete = async (): Promise<boolean> => {
    for (const node of mesh.nodes) {
      const { routes } = await mesh.world.wait(node.view(), 1_000);
      if (routes.size < size - 1) {
        return false;
      }
    }
    return true;
  };
  await mesh.world.advance(1_000);
  for (let seconds = 1; !(await isComplete()); seconds += 1) {
    assert.ok(seconds < 60, 'the mesh does not come up');
    await mesh.world.advance(1_000);
  }
  await mesh.world.advance(3_000);
  return mesh;
}
