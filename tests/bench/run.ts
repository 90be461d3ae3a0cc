import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { inProcess } from './in-process.bench.js';
import { processes } from './processes.bench.js';
import { type Bench, type Row, tableOf } from './row.js';

const BENCHES: readonly Bench[] = [inProcess, processes];

/** `npm run bench [-- WORD]`: all figures, or the groups whose name holds the word. */
async function main(): Promise<void> {
  const word = process.argv[2] ?? '';
  const reference = process.env['RECEPTOR_REF'];
  const [cpu] = cpus();
  console.log(`node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown cpu'}`);
  console.log(reference === undefined ? 'without the reference: RECEPTOR_REF is not set' : `reference: ${reference}`);
  const all: Row[] = [];
  for (const bench of BENCHES.filter(({ name }) => name.includes(word))) {
    console.log(`\n${bench.name}`);
    const rows = await bench.run(reference);
    console.log(tableOf(rows));
    all.push(...rows);
  }
  mkdirSync('dist/bench', { recursive: true });
  writeFileSync('dist/bench/latest.jsonl', all.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

await main();
