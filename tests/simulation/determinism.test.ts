import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { World } from '../../runtime/simulation/world.js';
import { hashOf, tellTwice } from '../support/double-run.js';
import { gossip, gossipOn } from '../support/gossip.js';
import { overSeeds } from '../support/seeded-stories.js';
import { seeds } from '../support/seeds.js';

const run = promisify(execFile);

describe('a simulated system of actors', () => {
  it('does the same in two runs of one seed in one process, and in another process', async () => {
    const script = fileURLToPath(new URL('../support/gossip-run.js', import.meta.url));
    const other = run(process.execPath, [script, ...seeds()]);

    const here: string[] = [];
    for (const seed of seeds()) {
      here.push(`${seed} ${await tellTwice(seed, gossip())}`);
    }

    assert.deepEqual((await other).stdout.trim().split('\n'), here);
  });

  it('does something else with every other seed', async () => {
    const hashes = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      hashes.add(await hashOf(`other ${seed}`, gossip()));
    }

    assert.equal(hashes.size, 20);
  });

  it('leaves nothing open when it was stopped in order', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const world = new World({ seed: `lowered ${seed}` });
      await gossip()(world);

      assert.deepEqual(
        world.hosts().flatMap((host) => host.leftAtStop),
        [],
      );
      assert.equal(world.network.openPlaces, 0);
    }
  });
});

describe('the double run', () => {
  it('finds a program that draws past its ports', async () => {
    await assert.rejects(
      tellTwice('impure', gossip({ below: (limit) => Math.floor(Math.random() * limit) })),
      /told two stories/,
    );
  });

  it('finds a program that looks at the real clock', async () => {
    await assert.rejects(
      tellTwice('impure', gossip({ below: (limit) => Math.floor(performance.now() * 1_000) % limit })),
      /told two stories/,
    );
  });

  it('finds what one run leaves behind for the next', async () => {
    let calls = 0;

    await assert.rejects(
      tellTwice(
        'leftovers',
        gossip({
          below: (limit) => {
            calls += 1;
            return calls % limit;
          },
        }),
      ),
      /told two stories/,
    );
  });

  it('finds a difference that never reaches the network, and says where it begins', async () => {
    let runs = 0;

    await assert.rejects(
      tellTwice('silent', async (world) => {
        runs += 1;
        const { system, address } = gossipOn(world, 'a');
        await world.advance(100);
        if (runs === 2) {
          system.send(address, { type: 'unknown' });
        }
        await world.advance(100);
      }),
      /part at entry \d+:\n {2}\(the end\)\n {2}100\.000 a a dead-letter unknown/,
    );
  });
});

describe('a failing seed', () => {
  it('is reported with its number, how to see it again, and the end of its trace', async () => {
    const failing = overSeeds(async (world) => {
      gossipOn(world, 'a');
      await world.advance(10);
      assert.fail('a claim that does not hold');
    });

    await assert.rejects(failing, (error: Error) => {
      assert.match(
        error.message,
        /^seed \S+ failed: a claim that does not hold\nreplay: RECEPTOR_SEED=\S+ node --test /,
      );
      assert.match(error.message, /0\.000 a a step start/);
      return true;
    });
  });
});
