import { cleanText } from '../log/line.js';

/** Characters. A longer cell is cut in the middle column of a table, so that the table stays one. */
const CELL_LENGTH_MAX = 120;

/** Lines with columns below one another, names of the columns first; no line has blanks at its end. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [columns, ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => displayWidth(row[at] ?? ''))));
  return cells
    .map(
      (row) =>
        `${row
          .map((text, at) => padded(text, widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** `name: value` lines with the values below one another. */
export function facts(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length)) + 1;
  return entries.map(([name, value]) => `${`${`${name}:`.padEnd(width)} ${cleanText(value)}`.trimEnd()}\n`).join('');
}

function cell(text: string): string {
  const clean = cleanText(text);
  return clean.length > CELL_LENGTH_MAX ? `${clean.slice(0, CELL_LENGTH_MAX - 1)}…` : clean;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Characters; wide ones of East Asia count for two columns. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;
