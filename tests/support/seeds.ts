/** How many seeds a run tells: `RECEPTOR_SEEDS`, or 20, as `npm run check` does. */
export function seedCount(): number {
  return Number(process.env['RECEPTOR_SEEDS'] ?? 20);
}

/** Seeds of a run: `RECEPTOR_SEED` is one to replay; else `1` up to as many as `seedCount` says. */
export function seeds(): readonly string[] {
  const one = process.env['RECEPTOR_SEED'];
  return one === undefined ? Array.from({ length: seedCount() }, (_, at) => `${at + 1}`) : [one];
}
