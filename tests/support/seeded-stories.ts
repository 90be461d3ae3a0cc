import { World, type WorldOptions } from '../../runtime/simulation/world.js';
import { seeds } from './seeds.js';

/** What happens in one world. It throws when something is wrong. */
export type Story = (world: World) => Promise<void>;

/** Lines of the trace in the report of a failing seed. */
const REPORT_LINES = 30;

/** Tells a story once for each seed. The first that fails ends it, with all that is needed to see it again. */
export async function overSeeds(story: Story, options: Omit<WorldOptions, 'seed'> = {}): Promise<void> {
  for (const seed of seeds()) {
    const world = new World({ ...options, seed });
    try {
      await story(world);
    } catch (thrown) {
      throw new Error(reportOf(world, thrown), { cause: thrown });
    }
  }
}

function reportOf(world: World, thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : `${thrown}`;
  const file = process.argv[1] ?? 'the test file';
  const lines = [
    `seed ${world.seed} failed: ${text}`,
    `replay: RECEPTOR_SEED=${world.seed} node --test ${file}`,
    `the last ${REPORT_LINES} of ${world.trace.count} entries of its trace:`,
    ...world.trace.tail(REPORT_LINES).map((line) => `  ${line}`),
  ];
  return lines.join('\n');
}
