import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError } from '../../../../cli/config/config-error.js';
import { loadConfig } from '../../../../cli/config/load.js';

const folder = mkdtempSync(join(tmpdir(), 'load-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function refusal(...args: readonly string[]): Promise<string> {
  try {
    await loadConfig(args);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, `${thrown}`);
    return thrown.line.replaceAll(`${folder}/`, '');
  }
  return assert.fail('it was taken');
}

describe('a configuration', () => {
  it('is the arguments, with the files in their places', async () => {
    const { items } = await loadConfig(['--node', 'id=a', '--config', file('one.yml', '- local-only\n'), '--trace']);

    assert.deepEqual(
      items.map(({ entity, source }) => `${entity.name} from ${source}`),
      ['node from arguments', 'local-only from file', 'trace from arguments'],
    );
  });

  it('gathers the warnings of its items', async () => {
    const { warnings } = await loadConfig(['--node', 'id=a', 'id=b', '--log-level', 'info', 'debug']);

    assert.equal(warnings.length, 2);
  });

  it('has a singleton once, wherever it stands', async () => {
    const one = file('node.yml', '- node:\n    id: b\n');
    const two = file('twice.yml', '- local-only\n- local-only\n');

    assert.deepEqual(
      [await refusal('--node', '--node'), await refusal('--config', two), await refusal('--node', '-c', one)],
      [
        'Error: directive "node" is only allowed once (at argument 2, --node; the other one is at argument 1)',
        'Error: error loading config file: only one local-only directive is allowed (at twice.yml:2, local-only; the other one is at twice.yml:1)',
        'Error: error loading config file: only one node directive is allowed (at node.yml:1, node; the other one is at argument 1)',
      ],
    );
  });

  it('has nothing beside the version', async () => {
    assert.equal(
      await refusal('--version', '--local-only'),
      'Error: cannot specify any other options with version (at argument 1, --version; give --version alone)',
    );
  });
});
