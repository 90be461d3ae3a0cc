import assert from 'node:assert/strict';
import { ConfigError } from '../../../../cli/config/config-error.js';
import { loadConfig } from '../../../../cli/config/load.js';
import { type Plan, planOf } from '../../../../cli/config/plan.js';

/** The plan for a command line, on a machine called `machine`. */
export async function plan(...args: readonly string[]): Promise<Plan> {
  return planOf(await loadConfig(args), 'machine');
}

/** The line with which a command line is refused. */
export async function refusal(...args: readonly string[]): Promise<string> {
  try {
    await plan(...args);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, `${thrown}`);
    return thrown.line;
  }
  return assert.fail('it was taken');
}

/** Asserts that a refusal begins so, and names the argument. */
export async function refuses(args: readonly string[], text: string, place: string): Promise<void> {
  const line = await refusal(...args);
  assert.ok(line.startsWith(`Error: ${text} (at ${place};`), line);
}
