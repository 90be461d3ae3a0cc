import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OURS, submit } from './client.js';
import { Line, NAMES } from './line.js';
import { PLACES, type Way } from './places.js';
import { REFERENCE } from './tools.js';

const DRIPPED = '1\n2\n3\n4\n5\n6\n7\n8\n';

/** Work of all directions begins, something happens while it runs, and all its output is there afterwards. */
async function outlives(line: Line, ways: readonly Way[], happening: () => Promise<void>): Promise<void> {
  const units = await Promise.all(ways.map(([at, node]) => submit(OURS, line, at, 'drip', '--node', node, '-n')));
  await Promise.all(ways.map(([at], index) => line.unit(at, units[index] ?? '', ({ StdoutSize }) => StdoutSize > 0)));

  await happening();
  await line.routed();

  for (const [index, [at]] of ways.entries()) {
    const unit = units[index] ?? '';
    await line.unit(at, unit, ({ StateName }) => StateName === 'Succeeded');
    const { code, out } = await OURS.ask(line, at, 'work', 'results', unit);
    assert.deepEqual([at, code, out], [at, 0, DRIPPED]);
  }
}

describe(`${REFERENCE.name} and ours through deaths and pauses`, { concurrency: PLACES.length }, () => {
  for (const { name, makes, go, ways } of PLACES) {
    it(`keep all work and find each other again, with Go ${name}`, REFERENCE.test, async (t) => {
      const line = await new Line(t, makes).up();

      for (const victim of NAMES) {
        await outlives(line, ways, () => line.restart(victim));
      }
      await outlives(line, ways, () => line.pause(go, () => line.lonely(go)));
      await line.whole();
    });
  }
});
