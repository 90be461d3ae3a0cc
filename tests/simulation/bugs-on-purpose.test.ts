import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { destinationHi } from '../../protocol/netceptor/datagram.js';
import { seededRandom } from '../../runtime/random.js';
import { World } from '../../runtime/simulation/world.js';
import { idOf } from '../support/mesh-world.js';
import { LoopWatch } from './checkers/no-packet-loops.js';
import { GoSafety } from './checkers/nothing-kills-go.js';
import { routeFaults } from './checkers/routes-are-shortest.js';
import { lineOf, meshOf } from './mesh-lines.js';
import { calmPlanOf, planOf, play, type Sabotage } from './mesh-story.js';

/** What is wrong with a ring of six whose nodes are all spoilt in one way. */
async function faultsOf(sabotage: Sabotage): Promise<readonly string[]> {
  return (await play(calmPlanOf(1, 'ring', 6), sabotage)).faults;
}

describe('the story of a mesh, with a bug put in on purpose,', () => {
  it('finds nothing without one', async () => {
    assert.deepEqual(await faultsOf({}), []);
  });

  it('finds that packets of others are not passed on', async () => {
    const faults = await faultsOf({
      onStart: ({ ports: { forwarder, names, node } }) => {
        const pass = forwarder.pass.bind(forwarder);
        const own = names.hashOf(node.id);
        forwarder.pass = (bytes, start, end, hasPrefix) => {
          if (destinationHi(bytes, start) === own.hi) {
            pass(bytes, start, end, hasPrefix);
          }
        };
      },
    });

    assert.match(faults.join('\n'), /^ping n\d > n\d: timeout$/m);
  });

  it('finds that every update is taken for a copy', async () => {
    const faults = await faultsOf({
      onStart: ({ ports }) => {
        ports.seenUpdates.has = () => true;
      },
    });

    assert.match(faults.join('\n'), /^after the start: n\d has no route to n\d$/m);
  });

  it('finds that a node draws past its ports', async () => {
    const plan = planOf(2);
    const impure: Sabotage = { outside: (ports) => ({ ...ports, random: seededRandom(`${Math.random()}`) }) };

    const [one, other] = [await play(plan, impure), await play(plan, impure)];

    assert.notEqual(one.hash, other.hash);
  });

  it('finds that a node looks at the real clock', async () => {
    const plan = planOf(2);
    const impure: Sabotage = {
      outside: (ports) => ({
        ...ports,
        clock: { ...ports.clock, wallMs: () => performance.timeOrigin + performance.now() },
      }),
    };

    const [one, other] = [await play(plan, impure), await play(plan, impure)];

    assert.notEqual(one.hash, other.hash);
  });
});

describe('the checkers', () => {
  it('find routes that are not those of the graph', async () => {
    const mesh = await lineOf(3);
    mesh.world.network.partition(['n1'], ['n2']);

    const faults = await routeFaults(mesh);

    assert.ok(faults.includes('n0 has a route to n3, which it cannot reach'), faults.join('\n'));
  });

  it('find a detour', async () => {
    const ring = [0, 1, 2, 3, 4].map((at) => [(at + 1) % 5, at] as const);
    const mesh = await meshOf(ring, 5);
    const node = mesh.node('n0');
    const view = await mesh.world.wait(node.view(), 1_000);
    const routes = new Map(view.routes).set(mesh.node('n1').id, mesh.node('n4').id);
    node.view = () => Promise.resolve({ ...view, routes });

    assert.deepEqual(await routeFaults(mesh), ['n0 sends to n1 by n4 at cost 3, not 1']);
  });

  it('find a missing route', async () => {
    const mesh = await lineOf(2);
    const node = mesh.node('n0');
    const view = await mesh.world.wait(node.view(), 1_000);
    node.view = () => Promise.resolve({ ...view, routes: new Map() });

    assert.deepEqual(await routeFaults(mesh), ['n0 has no route to n1', 'n0 has no route to n2']);
  });

  it('find a packet that goes round', async () => {
    const mesh = await lineOf(2);
    const loops = new LoopWatch(mesh.world, 'tcp');
    const [a, b, c] = [0, 1, 2].map((at) => mesh.node(idOf(at)).id);
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    mesh.node(b).ports.forwarder.setRoutes(
      new Map([
        [a, a],
        [c, a],
      ]),
    );

    loops.begin();
    await mesh.world.wait(mesh.node(a).ping(c), 20_000);
    loops.end();

    assert.match(loops.loops[0] ?? '', /^n0>n1 |^n1>n0 /);
  });

  it('find what ends a Go node', () => {
    const world = new World({ seed: 'unsafe' });
    const safety = new GoSafety(world);
    const say = (...bytes: readonly number[]): void => {
      for (const reader of world.network.readers) {
        reader('a', 'b', Uint8Array.from(bytes), 'stream');
      }
    };

    say(0, 0);
    say(3, 0, 2, 0x7b, 0x7d);
    say(9, 0, 0);
    say(3, 0, 1, 0x7b, 0x7b);

    assert.deepEqual(safety.faults, [
      'a>b: an empty message',
      'a>b: an advertisement without fields',
      'a>b: a frame that is cut off',
      'a>b: a message of kind 1 that cannot be read',
    ]);
  });
});
