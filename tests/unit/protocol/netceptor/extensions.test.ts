import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EXTENSION_FIELDS_MAX,
  ExtensionCollector,
  extensionFields,
  extensionMembers,
  NO_EXTENSIONS,
} from '../../../../protocol/netceptor/extensions.js';

function codeOf(...fields: [string, number][]): string {
  const result = extensionFields(fields);
  return result.ok ? 'ok' : result.fault.code;
}

test('fields become members at the end of an object', () => {
  const fields = extensionFields([
    ['ReceptorMesh', { version: 1 }],
    ['Other', '<'],
  ]);

  assert.ok(fields.ok);
  assert.equal(extensionMembers(fields.value), ',"ReceptorMesh":{"version":1},"Other":"\\u003c"');
  assert.equal(extensionMembers(NO_EXTENSIONS), '');
});

test('refuses names that a Go node would take for its own, in any case', () => {
  for (const name of ['NodeID', 'nodeid', 'CANCEL', 'connections', 'Problem', 'worktype']) {
    assert.equal(codeOf([name, 1]), 'extension-name', name);
  }
});

test('refuses what is no plain name, and a name given twice', () => {
  for (const name of ['', '1a', 'a b', 'node-id', 'node_id', '\u212aind', 'x'.repeat(65)]) {
    assert.equal(codeOf([name, 1]), 'extension-name', name);
  }
  assert.equal(codeOf(['Abc', 1], ['aBC', 2]), 'extension-name');
});

test('bounds how many fields are sent and kept', () => {
  const fields = Array.from({ length: EXTENSION_FIELDS_MAX + 1 }, (_, i): [string, number] => [`x${i}`, i]);
  assert.equal(codeOf(...fields), 'json-fields');

  const collector = new ExtensionCollector();
  const kept = fields.map(([name]) => collector.keep(name, '1'));
  assert.equal(kept.filter(Boolean).length, EXTENSION_FIELDS_MAX);
  assert.equal(collector.fields.size, EXTENSION_FIELDS_MAX);
  assert.equal(new ExtensionCollector().fields, NO_EXTENSIONS);
});
