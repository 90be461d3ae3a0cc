import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the sources of these tests; the compiled ones run from elsewhere. */
const FOLDER = new URL('../../../../tests/unit/cli/golden/', import.meta.url);

/**
 * Compares a text with the file that was reviewed. `RECEPTOR_WRITE_GOLDEN=1` writes the file anew, for the review of a
 * change that was meant.
 */
export function checkGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`${name}.txt`, FOLDER));
  if (process.env['RECEPTOR_WRITE_GOLDEN'] === '1') {
    writeFileSync(path, text);
  }
  assert.ok(existsSync(path), `${path} is missing: write it with RECEPTOR_WRITE_GOLDEN=1`);
  assert.equal(text, readFileSync(path, 'utf8'));
}
