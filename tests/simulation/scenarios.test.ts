import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseScenario, Scenario, writeScenario } from '../support/scenario.js';

/** `RECEPTOR_REWRITE=1` writes the traces anew, for a reviewer to read the difference. */
const REWRITES = process.env['RECEPTOR_REWRITE'] === '1';

const folder = fileURLToPath(new URL('../../../fixtures/scenarios', import.meta.url));

describe('scenarios', () => {
  for (const file of scenarioFiles()) {
    it(basename(file, '.txt').replaceAll('-', ' '), async () => {
      const text = readFileSync(file, 'utf8');
      const steps = parseScenario(text);
      assert.ok(steps.length > 0, `${file} tells no story`);

      const scenario = new Scenario(basename(file));
      const traces: (readonly string[])[] = [];
      for (const { command } of steps) {
        traces.push(await scenario.step(command));
      }

      if (REWRITES) {
        writeFileSync(file, writeScenario(text, traces));
      }
      const told = writeScenario(text, traces);
      assert.equal(REWRITES ? told : text, told, `${file}: read the difference, then RECEPTOR_REWRITE=1`);
    });
  }
});

/** Those that a failing seed left behind lie in folders of their own. */
function scenarioFiles(): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'));
  return names.sort().map((name) => join(folder, name));
}
