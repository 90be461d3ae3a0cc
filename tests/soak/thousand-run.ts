import { seededRandom } from '../../runtime/random.js';
import { routeFaults } from '../simulation/checkers/routes-are-shortest.js';
import { CONVERGED_WITHIN_MS, HEALED_WITHIN_MS, hurt, quiet } from '../simulation/mesh-story.js';
import { MeshWorld } from '../support/mesh-world.js';
import { tellLine } from '../support/story-teller.js';
import { linksOf } from '../support/topologies.js';

export interface ToldThousand {
  readonly faults: readonly string[];
  /** What each phase took. */
  readonly course: readonly string[];
}

/** What a phase took: virtual time, CPU and memory of this process. */
function courseLine(phase: string, virtualMs: number): string {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
  return (
    `${phase} after ${virtualMs} ms of virtual time; so far ${performance.now().toFixed(0)} ms, ` +
    `${((user + system) / 1e6).toFixed(1)} s of CPU, ${mib(rss)} resident, ${mib(heapUsed)} of heap`
  );
}

/** A mesh comes up, is hurt, and heals. */
async function thousand(seed: string, size: number): Promise<ToldThousand> {
  const links = linksOf('random', size, seededRandom(`thousand ${seed}`));
  const course = [`${links.length} links, mean degree ${((2 * links.length) / size).toFixed(1)}`];
  const mesh = new MeshWorld({ seed, size, links });
  const note = (phase: string, virtualMs: number): void => {
    course.push(courseLine(phase, virtualMs));
    process.stderr.write(`${course.at(-1)}\n`);
  };
  const faults: string[] = [];
  note('right', await quiet(mesh, CONVERGED_WITHIN_MS, faults, 'after the start'));
  await hurt(mesh, mesh.world.random('story'));
  note('hurt', mesh.world.nowMs);
  note('healed', await quiet(mesh, HEALED_WITHIN_MS, faults, 'after the healing'));
  faults.push(...(await routeFaults(mesh)), ...mesh.alarms);
  return { faults, course };
}

const [seed = '1', size = '1000'] = process.argv.slice(2);
await tellLine(seed, () => thousand(seed, Number(size)));
