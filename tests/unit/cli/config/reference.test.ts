import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entityReference } from '../../../../cli/config/reference.js';
import { entityNames } from '../../../../cli/config/schema.js';
import { EXIT, EXIT_MEANINGS, type ExitName } from '../../../../cli/exit-code.js';

const GUIDE = new URL('../../../../../docs/guide/', import.meta.url);

/** Compares what stands between two marks of a page; `RECEPTOR_WRITE_DOCS=1` writes it. */
function checkPage(page: string, mark: string, expected: string): void {
  const path = fileURLToPath(new URL(page, GUIDE));
  const text = readFileSync(path, 'utf8');
  const [before = '', rest = ''] = text.split(`<!-- ${mark} -->\n`);
  const [between = '', behind = ''] = rest.split(`<!-- /${mark} -->`);
  if (process.env['RECEPTOR_WRITE_DOCS'] === '1') {
    writeFileSync(path, `${before}<!-- ${mark} -->\n${expected}<!-- /${mark} -->${behind}`);
    return;
  }
  assert.equal(between, expected, `${page} is stale: RECEPTOR_WRITE_DOCS=1 node --test <this file>`);
}

describe('the configuration in the documentation', () => {
  it('is that of the table', () => {
    checkPage('configure.md', 'entities', entityReference());
  });

  it('names every entity', () => {
    const text = entityReference();

    assert.deepEqual(
      entityNames().filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });
});

describe('the exit codes in the documentation', () => {
  it('are those of the program', () => {
    const rows = Object.entries(EXIT).map(([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as ExitName]} |\n`);

    checkPage('cli.md', 'exit codes', rows.join(''));
  });
});
