import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../../cli/config/config-error.js';
import { readConfigFile, readConfigText } from '../../../../cli/config/config-file.js';

/** Items as `label name=value …`, with the line of each. */
function read(text: string): readonly string[] {
  return readConfigText(text, 'mesh.yml').map(({ label, at, parameters }) =>
    [
      `${at} ${label}`,
      ...parameters.map(({ spec, raw }) => `${spec.name}=${raw.form === 'yaml' ? JSON.stringify(raw.value) : '?'}`),
    ].join(' '),
  );
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, `${thrown}`);
    return thrown.line;
  }
  return assert.fail('it was taken');
}

describe('a configuration file', () => {
  it('is a list of entities with parameters, a bare value, or nothing', () => {
    const text = '- node:\n    id: a\n    datadir: /x\n- local-only\n- trace:\n- log-level: debug\n- tcp-peer: b:1\n';

    assert.deepEqual(read(text), [
      'mesh.yml:1 node id="a" datadir="/x"',
      'mesh.yml:4 local-only',
      'mesh.yml:5 trace',
      'mesh.yml:6 log-level level="debug"',
      'mesh.yml:7 tcp-peer address="b:1"',
    ]);
  });

  it('may be empty', () => {
    assert.deepEqual(read(''), []);
    assert.deepEqual(read('# nothing yet\n'), []);
    assert.deepEqual(read('~\n'), []);
  });

  it('has the scalars of YAML 1.1: yes is true, a leading zero means octal', () => {
    const text = '- tcp-peer:\n    address: a:1\n    redial: yes\n- control-service:\n    permissions: 0660\n';

    assert.deepEqual(read(text), [
      'mesh.yml:1 tcp-peer address="a:1" redial=true',
      'mesh.yml:4 control-service permissions=432',
    ]);
  });

  it('has no base-60 numbers and no dates, as the reference', () => {
    assert.deepEqual(read('- tcp-peer:\n    address: 10:20\n- node: 2026-11-20\n'), [
      'mesh.yml:1 tcp-peer address="10:20"',
      'mesh.yml:3 node id="2026-11-20"',
    ]);
  });

  it('knows parameters in any case', () => {
    assert.deepEqual(read('- node:\n    ID: a\n'), ['mesh.yml:1 node id="a"']);
  });

  it('follows anchors and merges', () => {
    const text =
      '- tcp-peer: &base\n    address: a:1\n    cost: 2\n- tcp-peer:\n    <<: *base\n    address: b:1\n- tcp-peer: *base\n';

    assert.deepEqual(read(text), [
      'mesh.yml:1 tcp-peer address="a:1" cost=2',
      'mesh.yml:4 tcp-peer cost=2 address="b:1"',
      'mesh.yml:7 tcp-peer address="a:1" cost=2',
    ]);
  });

  it('is read from the disk', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'mesh.yml'), '- local-only\n');

    assert.equal(readConfigFile(join(folder, 'mesh.yml'), 'argument 2')[0]?.label, 'local-only');
  });
});

describe('a configuration file that makes no sense', () => {
  const cases: readonly (readonly [text: string, line: string])[] = [
    [
      'node:\n  id: a\n',
      'the top level is not a list (at mesh.yml:1; the file must be a list: each entity begins with "- ", such as "- node:")',
    ],
    [
      '- node:\n    id: a\n  log-level: info\n',
      'config format invalid: item has multiple names (at mesh.yml:1; begin each entity with "- ", and indent its parameters further than its name)',
    ],
    [
      '- Log-Level: info\n',
      'could not get config type for command Log-Level: unknown config type Log-Level (at mesh.yml:1; in files entities are written in lower case: log-level)',
    ],
    [
      '- local-only\n- tcp-per: x\n',
      'could not get config type for command tcp-per: unknown config type tcp-per (at mesh.yml:2; did you mean tcp-peer?)',
    ],
    [
      '- tcp-listener: 2222\n',
      'invalid config format for tcp-listener (at mesh.yml:1; write it as "port: …" below it, or as a text in quotes)',
    ],
    ['- [a]\n', 'unknown config file format (at mesh.yml:1; an item is a name, or a name with parameters: "- node:")'],
    ['- 5: 6\n', 'section key is not a string (at mesh.yml:1; the name of an entity is expected)'],
    [
      '- node:\n    id: a\n    zz: 1\n',
      'field zz not defined for command node: unknown field name zz (at mesh.yml:3, node; node knows id, datadir, maxidleconnectiontimeout, firewallrules)',
    ],
    ['- node:\n\tid: a\n', 'yaml: Tabs are not allowed as indentation (at mesh.yml:2; indent with blanks)'],
    [
      '- node:\n    id: "a\n- local-only\n',
      'yaml: Missing closing "quote (at mesh.yml:4; a quotation or a bracket above is not closed)',
    ],
    [
      '- node\n    id: a\n',
      'yaml: Implicit keys need to be on a single line (at mesh.yml:1; is a colon missing behind the name of an entity, such as "- node:"?)',
    ],
  ];
  for (const [text, line] of cases) {
    it(`is refused: ${JSON.stringify(text)}`, () => {
      assert.equal(
        refusal(() => readConfigText(text, 'mesh.yml')),
        `Error: error loading config file: ${line}`,
      );
    });
  }

  it('is refused when it holds two documents', () => {
    assert.match(
      refusal(() => readConfigText('- local-only\n---\n- trace\n', 'mesh.yml')),
      /one file holds one document/,
    );
  });

  it('is refused when it is not there, a directory, too large, or no text', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'large.yml'), '#'.repeat(5_000_000));
    writeFileSync(join(folder, 'bytes.yml'), Uint8Array.of(0xff, 0xfe, 0x00));

    const told = ['none.yml', '', 'large.yml', 'bytes.yml'].map((name) =>
      refusal(() => readConfigFile(join(folder, name), 'argument 2')).replaceAll(folder, 'F'),
    );

    assert.deepEqual(told, [
      'Error: error loading config file: open F/none.yml: no such file or directory (at argument 2; check the name after --config and the rights of the file)',
      'Error: error loading config file: read F: is a directory (at argument 2; give a file in it)',
      'Error: error loading config file: F/large.yml is too large (at argument 2; a configuration has at most 4194304 bytes)',
      'Error: error loading config file: F/bytes.yml is not UTF-8 (at argument 2; is it another file?)',
    ]);
  });
});
