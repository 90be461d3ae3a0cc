import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readArguments } from '../../../../cli/config/arguments.js';
import { ConfigError } from '../../../../cli/config/config-error.js';
import { readConfigText } from '../../../../cli/config/config-file.js';
import { settleItem } from '../../../../cli/config/config-item.js';
import { planOf } from '../../../../cli/config/plan.js';
import type { RawItem } from '../../../../cli/config/raw-item.js';

/** Arguments as a confused user might put them together. */
const ARGUMENT = fc.oneof(
  fc.constantFrom('--node', '--tcp-listener', '-tcp-peer', '--control-service', '--work-command', '--log-level', '-'),
  fc.constantFrom('id=a', 'port=0', '0', 'address=b:1', 'b:1', 'cost=1e999', 'nodecost={}', 'allowedpeers=[', 'x'),
  fc.constantFrom('filename=a.sock', 'permissions=0o600', 'tcplisten=:', 'worktype=w', 'command=c', 'params="', '='),
  fc.string({ unit: 'binary' }),
);

const YAML = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('- ', 'node', ': ', '\n', '  ', 'id', '[', '{', '&a', '*a', '<<', '~', '0600', '!!set', '"', "'"),
    )
    .map((parts) => parts.join('')),
  fc.json().map((text) => `- node: ${text}`),
);

/** All the way to a plan; only a fault of the configuration may come in between. */
function plan(read: () => readonly RawItem[]): void {
  try {
    const items = read().map((raw) => settleItem(raw).item);
    planOf({ items, warnings: [] }, 'machine');
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, `${thrown instanceof Error ? thrown.stack : thrown}`);
    assert.doesNotMatch(thrown.line, /\p{Control}/u);
  }
}

describe('a configuration of nonsense', () => {
  it('on the command line is planned, or refused in one line', () => {
    const read = (args: readonly string[]) => () => readArguments(args, () => []);

    fc.assert(
      fc.property(fc.array(ARGUMENT, { maxLength: 8 }), (args) => plan(read(args))),
      { numRuns: 2_000 },
    );
  });

  it('in a file is planned, or refused in one line', () => {
    fc.assert(
      fc.property(YAML, (text) => plan(() => readConfigText(text, 'mesh.yml'))),
      { numRuns: 2_000 },
    );
  });
});
