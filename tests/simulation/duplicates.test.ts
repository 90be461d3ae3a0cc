import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshNode } from '../../actors/mesh-node.js';
import type { NodeId } from '../../protocol/names.js';
import { seededRandom } from '../../runtime/random.js';
import { addressOf, idOf, MeshWorld } from '../support/mesh-world.js';
import { seeds } from '../support/seeds.js';
import { linksOf, TOPOLOGY_KINDS } from '../support/topologies.js';
import { CONVERGED_WITHIN_MS, quiet } from './mesh-story.js';

/** Both hear of each other within a flood; then one ordinary flood later all believe the older one again. */
const FOUND_WITHIN_MS = 30_000;

/** Of two nodes that start in the same second chance says which is the older one. */
const AGE_MS = 2_000;

describe('two nodes with one id', () => {
  for (const seed of seeds()) {
    it(`seed ${seed}: are found wherever the younger one joins; it has to go, and the mesh is as before`, async () => {
      const random = seededRandom(`duplicates ${seed}`);
      const kind = TOPOLOGY_KINDS[random.below(TOPOLOGY_KINDS.length)] ?? 'line';
      const size = 5 + random.below(8);
      const links = linksOf(kind, size, random.split('links'));
      const mesh = new MeshWorld({ seed, size, links });
      const faults: string[] = [];
      await quiet(mesh, CONVERGED_WITHIN_MS, faults, 'after the start');
      await mesh.world.advance(AGE_MS);
      const elder = random.below(size);
      const isNear = (at: number): boolean =>
        at === elder || links.some(([a, b]) => (a === elder && b === at) || (b === elder && a === at));
      const doors = Array.from({ length: size }, (_, at) => at).filter((at) => !isNear(at));
      const door = doors[random.below(doors.length)];

      const dials = door ?? (elder === 0 ? 1 : 0);
      const younger = mesh.world.host('younger').start(
        (ports) =>
          new MeshNode(
            {
              id: idOf(elder) as NodeId, // the id of a node that runs
              peers: [{ address: addressOf(idOf(dials), 'tcp') }],
            },
            ports,
          ),
      );
      let end: string | undefined;
      younger.ended.then(({ type }) => {
        end = type;
      }, assert.fail);
      await mesh.world.until(() => end !== undefined, FOUND_WITHIN_MS);

      // A neighbour of the older one refuses the younger, which then belongs to no mesh.
      const isRefused = door === undefined;
      assert.equal(end, isRefused ? undefined : 'duplicate', `${kind} of ${size}: ${idOf(elder)} at ${idOf(dials)}`);
      if (isRefused) {
        assert.equal((await mesh.world.wait(younger.view(), 1_000)).routes.size, 0);
      }
      await quiet(mesh, CONVERGED_WITHIN_MS, faults, 'after the younger one');
      assert.deepEqual(faults, []);
      assert.deepEqual(mesh.alarms, []);
    });
  }
});
