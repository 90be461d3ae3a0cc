import { hashOf } from './double-run.js';
import { gossip } from './gossip.js';

/** Prints the hash of the gossip story for each seed on the command line: the other process of the determinism proof. */
for (const seed of process.argv.slice(2)) {
  process.stdout.write(`${seed} ${await hashOf(seed, gossip())}\n`);
}
