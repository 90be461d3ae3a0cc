import type { TestReport } from './test-tally.js';

interface Row {
  readonly name: string;
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * What was tested against what: a row for each outermost suite. Reports of its tests come before its own, and suites
 * do not overlap, because the files run one after the other.
 */
export class InteropMatrix {
  readonly #rows: Row[] = [];
  #open: Row = newRow('');

  note(hasPassed: boolean, { name, nesting, skip, details }: TestReport): void {
    if (details.type !== 'suite') {
      this.#open[outcomeOf(hasPassed, skip)] += 1;
    } else if (nesting === 0) {
      this.#rows.push({ ...this.#open, name });
      this.#open = newRow('');
    }
  }

  /** The table, without a row when nothing was told. */
  lines(): readonly string[] {
    // Tests of a suite that broke off, and tests outside of any.
    const rows = isEmpty(this.#open) ? this.#rows : [...this.#rows, { ...this.#open, name: 'outside of any suite' }];
    const width = Math.max(0, ...rows.map(({ name }) => name.length)) + 2;
    const table = rows.map(({ name, ...counts }) => line(name.padEnd(width), Object.values(counts)));
    return rows.length === 0 ? [] : ['', line('against'.padEnd(width), ['passed', 'failed', 'skipped']), ...table];
  }
}

function newRow(name: string): Row {
  return { name, passed: 0, failed: 0, skipped: 0 };
}

function isEmpty({ passed, failed, skipped }: Row): boolean {
  return passed + failed + skipped === 0;
}

function outcomeOf(hasPassed: boolean, skip: TestReport['skip']): 'passed' | 'failed' | 'skipped' {
  if (skip !== undefined && skip !== false) {
    return 'skipped';
  }
  return hasPassed ? 'passed' : 'failed';
}

function line(name: string, cells: readonly (string | number)[]): string {
  return [name, ...cells.map((cell) => `${cell}`.padStart(9))].join('');
}
