import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { InteropMatrix } from './support/interop-matrix.js';
import { type TestReport, TestTally } from './support/test-tally.js';
import { COMMANDS, planFor, type Tier } from './support/test-tiers.js';

/** The compiled tests, and the sources that they were compiled from. */
const COMPILED = fileURLToPath(new URL('.', import.meta.url));
const SOURCES = fileURLToPath(new URL('../../tests/', import.meta.url));

/** A file that takes longer hangs; the soak alone may take hours. */
const FILE_TIMEOUT_MS = 600_000;

/** Compiled test files of a tier whose path contains `filter`. What is left of a deleted source is not run. */
function filesOf({ folder }: Tier, filter: string): readonly string[] {
  const top = join(COMPILED, folder);
  if (!existsSync(top)) {
    return [];
  }
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js') && join(folder, name).includes(filter))
    .map((name) => join(top, name))
    .filter((file) => existsSync(join(SOURCES, relative(COMPILED, file).replace(/\.js$/, '.ts'))))
    .sort();
}

interface Tallies {
  readonly tally: TestTally;
  readonly matrix: InteropMatrix;
}

async function runTier(tier: Tier, files: readonly string[], { tally, matrix }: Tallies): Promise<void> {
  const startMs = performance.now();
  const reports = run({
    files: [...files],
    concurrency: tier.atOnce ?? availableParallelism(),
    ...(tier.folder === 'soak' ? {} : { timeout: FILE_TIMEOUT_MS }),
  });
  const note = (hasPassed: boolean, report: TestReport): void => {
    tally.note(tier.folder, hasPassed, report);
    if (tier.folder === 'interop') {
      matrix.note(hasPassed, report);
    }
  };
  reports.on('test:pass', (report) => note(true, report));
  reports.on('test:fail', (report) => note(false, report));
  reports.on('test:diagnostic', ({ nesting, message }) => {
    // What stands outside of all tests is the count of the runner itself.
    if (tier.folder === 'soak' && nesting > 0) {
      tally.measured(message);
    }
  });
  for await (const text of reports.compose(new spec())) {
    process.stdout.write(text);
  }
  tally.took(tier.folder, performance.now() - startMs);
}

async function main(command: string | undefined, filter: string): Promise<number> {
  const plan = planFor(command);
  if (plan === undefined) {
    process.stderr.write(`usage: node dist/tests/run.js ${COMMANDS.join('|')} [part of a path]\n`);
    return 2;
  }
  process.env['RECEPTOR_SEEDS'] ??= `${plan.seeds}`;
  const tallies: Tallies = { tally: new TestTally(), matrix: new InteropMatrix() };
  const { tally, matrix } = tallies;
  for (const tier of plan.tiers) {
    const files = filesOf(tier, filter);
    if (files.length > 0) {
      await runTier(tier, files, tallies);
    }
  }
  process.stdout.write(`${[...matrix.lines(), ...tally.summary()].join('\n')}\n`);
  if (tally.tests === 0) {
    process.stderr.write('no test was found: is everything compiled?\n');
    return 1;
  }
  return tally.failures === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv[2], process.argv[3] ?? '');
