/** As much of a report of `node:test` as is counted. */
export interface TestReport {
  readonly name: string;
  readonly file?: string | undefined;
  /** 0 for what stands outermost in its file. */
  readonly nesting?: number | undefined;
  /** True or the reason. */
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined };
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  ms: number;
}

interface Skipped {
  readonly name: string;
  readonly file: string;
  readonly reason: string;
}

/** Counts what the tiers report, and prints the end of a run: times first, what was skipped last. */
export class TestTally {
  readonly #tiers = new Map<string, Counts>();
  readonly #failed: string[] = [];
  readonly #skipped: Skipped[] = [];
  readonly #figures: string[] = [];

  /** Tests that failed, in all tiers. */
  get failures(): number {
    return this.#failed.length;
  }

  /** Tests that were run or skipped, in all tiers. */
  get tests(): number {
    return this.#total().tests;
  }

  /** A report of a test; a suite is only the sum of its tests. */
  note(tier: string, hasPassed: boolean, report: TestReport): void {
    const { name, file = '', skip, todo, details } = report;
    if (details.type === 'suite') {
      return;
    }
    const counts = this.#of(tier);
    if (isSet(skip) || isSet(todo)) {
      const reason = [skip, todo].find((why) => typeof why === 'string' && why !== '');
      counts.skipped += 1;
      this.#skipped.push({ name, file, reason: typeof reason === 'string' ? reason : 'no reason given' });
    } else if (hasPassed) {
      counts.passed += 1;
    } else {
      counts.failed += 1;
      this.#failed.push(`${tier}: ${name}`);
    }
  }

  /** What a test has measured. */
  measured(figure: string): void {
    this.#figures.push(figure);
  }

  /** How long a tier took. */
  took(tier: string, ms: number): void {
    this.#of(tier).ms += ms;
  }

  /** The last lines of a run. */
  summary(): readonly string[] {
    const { tests, passed, failed, skipped, ms } = this.#total();
    const rows = Array.from(this.#tiers, ([tier, counts]) => rowOf(tier, counts));
    return [
      '',
      ['tier'.padEnd(12), ...['tests', 'passed', 'failed', 'skipped', 'time'].map((title) => title.padStart(9))].join(
        '',
      ),
      ...rows,
      '',
      ...this.#figures.map((figure) => `measured: ${figure}`),
      ...this.#failed.map((name) => `failed: ${name}`),
      `${tests} tests in ${seconds(ms)}`,
      `total: ${passed} passed, ${failed} failed, ${skipped} skipped`,
      ...this.#skipped.map(({ name, file, reason }) => `skipped: ${name} (${file}): ${reason}`),
    ];
  }

  #of(tier: string): Counts {
    const known = this.#tiers.get(tier);
    if (known !== undefined) {
      return known;
    }
    const counts: Counts = { passed: 0, failed: 0, skipped: 0, ms: 0 };
    this.#tiers.set(tier, counts);
    return counts;
  }

  #total(): Counts & { readonly tests: number } {
    const sum = { passed: 0, failed: 0, skipped: 0, ms: 0 };
    for (const counts of this.#tiers.values()) {
      sum.passed += counts.passed;
      sum.failed += counts.failed;
      sum.skipped += counts.skipped;
      sum.ms += counts.ms;
    }
    return { ...sum, tests: sum.passed + sum.failed + sum.skipped };
  }
}

/** Node reports an unset mark as undefined or false, and a mark without a reason as true or an empty text. */
function isSet(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}

function rowOf(tier: string, { passed, failed, skipped, ms }: Counts): string {
  const cells = [passed + failed + skipped, passed, failed, skipped, seconds(ms)];
  return [tier.padEnd(12), ...cells.map((cell) => `${cell}`.padStart(9))].join('');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
