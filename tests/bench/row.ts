/** One figure of the bench. */
export interface Row {
  readonly scenario: string;
  readonly unit: string;
  readonly ours: number;
  /** The same scenario over the reference's binary, in the same run. */
  readonly reference?: number;
  /** What we aim at, in the same unit; `atMost` unless larger is better. */
  readonly aim?: number;
  readonly better: 'less' | 'more';
  readonly note?: string;
}

/** A group of figures that belong together. */
export interface Bench {
  readonly name: string;
  run(reference: string | undefined): Promise<readonly Row[]>;
}

/** A table for people; the same rows go to a file as JSON lines. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['scenario', 'ours', 'aim', 'Go', 'ratio', 'unit', ''];
  const body = rows.map((row) => [
    row.scenario,
    figure(row.ours),
    row.aim === undefined ? '' : `${row.better === 'less' ? '≤' : '≥'} ${figure(row.aim)}${holds(row) ? '' : ' !'}`,
    row.reference === undefined ? '' : figure(row.reference),
    row.reference === undefined || row.reference === 0 ? '' : figure(row.ours / row.reference),
    row.unit,
    row.note ?? '',
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...body].map((line) => line[at]?.length ?? 0)));
  return [head, ...body]
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function holds({ ours, aim, better }: Row): boolean {
  return aim === undefined || (better === 'less' ? ours <= aim : ours >= aim);
}

function figure(value: number): string {
  if (value === 0 || !Number.isFinite(value)) {
    return `${value}`;
  }
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
