/** A group of tests that costs alike: a folder below `tests/`. */
export interface Tier {
  readonly folder: string;
  /** Test files that run at once; undefined lets the machine decide. */
  readonly atOnce?: number;
}

export interface Plan {
  readonly tiers: readonly Tier[];
  /** Seeds of each simulated story, where the environment does not say otherwise. */
  readonly seeds: number;
}

const STRUCTURE: Tier = { folder: 'structure' };
const UNIT: Tier = { folder: 'unit' };
const PROPERTY: Tier = { folder: 'property' };
const SIMULATION: Tier = { folder: 'simulation' };
const CONTRACT: Tier = { folder: 'contract' };
/** Real processes with deadlines of their own: more of them at once would only make each other late. */
const E2E: Tier = { folder: 'e2e', atOnce: 2 };
const INTEROP: Tier = { folder: 'interop', atOnce: 1 };
const SOAK: Tier = { folder: 'soak', atOnce: 1 };

/** What each word of the command line runs. */
const PLANS: Readonly<Record<string, Plan>> = {
  check: { tiers: [STRUCTURE, UNIT, PROPERTY, SIMULATION], seeds: 20 },
  test: { tiers: [STRUCTURE, UNIT, PROPERTY, SIMULATION, CONTRACT, E2E], seeds: 200 },
  unit: { tiers: [UNIT], seeds: 20 },
  sim: { tiers: [SIMULATION], seeds: 200 },
  e2e: { tiers: [E2E], seeds: 20 },
  interop: { tiers: [INTEROP], seeds: 20 },
  soak: { tiers: [SOAK], seeds: 2_000 },
};

/** The words that `planFor` knows. */
export const COMMANDS: readonly string[] = Object.keys(PLANS);

/** What a word runs; undefined when it is none. */
export function planFor(command: string | undefined): Plan | undefined {
  return command !== undefined && Object.hasOwn(PLANS, command) ? PLANS[command] : undefined;
}
