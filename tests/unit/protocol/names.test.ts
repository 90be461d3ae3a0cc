import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decoded } from '../../../protocol/decoded.js';
import {
  isLocalhost,
  type NodeId,
  newName,
  parseConfiguredNodeId,
  parseNodeId,
  parseServiceName,
  parseUnitId,
  RANDOM_NAME_BYTES,
  resolveNode,
  unitIdFor,
} from '../../../protocol/names.js';

function codeOf(result: Decoded<unknown>): string {
  return result.ok ? 'ok' : result.fault.code;
}

function detailOf(result: Decoded<unknown>): string {
  return result.ok ? '' : result.fault.detail;
}

function nodeId(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

test('takes any foreign node id that can stand in a log line', () => {
  for (const text of ['a', 'node-1.example.org', 'a b', 'a/b', 'é', '日本', 'x'.repeat(255), 'localhost2', '😀']) {
    assert.deepEqual(parseNodeId(text), { ok: true, value: text });
  }
});

test('refuses foreign node ids that are empty, too long, reserved, or hold control characters', () => {
  assert.equal(codeOf(parseNodeId('')), 'name-empty');
  assert.equal(codeOf(parseNodeId('x'.repeat(256))), 'name-too-long');
  assert.equal(codeOf(parseNodeId('é'.repeat(128))), 'name-too-long');
  for (const text of ['a\nb', 'a\u0000', '\u007f', 'a\u0085b', '\ud800']) {
    assert.equal(codeOf(parseNodeId(text)), 'name-character', JSON.stringify(text));
  }
  for (const text of ['localhost', 'LocalHost', 'localho\u017ft'])
    assert.equal(codeOf(parseNodeId(text)), 'name-reserved');
});

test('checks a configured node id with the words of Receptor 1.6.9', () => {
  assert.equal(codeOf(parseConfiguredNodeId('AZaz09.-_@:')), 'ok');
  assert.equal(detailOf(parseConfiguredNodeId('LocalHost')), 'node ID "localhost" is reserved');
  for (const text of ['a b', 'é', 'a/b', 'locaLho\u017ft']) {
    const allowed = 'node id can only contain a-z, A-Z, 0-9 or special characters . - _ @ : but received: ';
    assert.equal(detailOf(parseConfiguredNodeId(text)), allowed + text);
  }
  assert.equal(codeOf(parseConfiguredNodeId('')), 'name-empty');
  assert.equal(codeOf(parseConfiguredNodeId('x'.repeat(256))), 'name-too-long');
});

test('a service name has 1 to 8 bytes and no control character', () => {
  for (const text of ['a', 'control', '12345678', 'éééé', 'a b'])
    assert.equal(codeOf(parseServiceName(text)), 'ok', text);
  assert.equal(codeOf(parseServiceName('')), 'name-empty');
  assert.equal(detailOf(parseServiceName('123456789')), 'service name too long');
  assert.equal(codeOf(parseServiceName('ééééé')), 'name-too-long');
  assert.equal(codeOf(parseServiceName('a\u0000b')), 'name-character');
});

test('a unit id has letters and digits only and never leads out of a folder', () => {
  assert.equal(codeOf(parseUnitId('n1UtDpIkc7')), 'ok');
  assert.equal(codeOf(parseUnitId('x'.repeat(128))), 'ok');
  assert.equal(codeOf(parseUnitId('')), 'name-empty');
  assert.equal(codeOf(parseUnitId('x'.repeat(129))), 'name-too-long');
  for (const text of ['../x', 'a b', 'n.1x', 'é', '.', 'a/b', 'a\n'])
    assert.equal(codeOf(parseUnitId(text)), 'name-character');
});

test('localhost means this node, an impossible name no node', () => {
  const self = nodeId('me');

  assert.equal(resolveNode('LOCALHOST', self), self);
  assert.equal(resolveNode('other', self), 'other');
  assert.equal(resolveNode('', self), undefined);
  assert.equal(isLocalhost('localhost '), false);
});

test('a new name has eight letters or digits and depends on every byte range evenly', () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 248; byte++) {
    const name = newName(new Uint8Array(RANDOM_NAME_BYTES).fill(byte));
    assert.match(name, /^[0-9a-zA-Z]{8}$/);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  assert.equal(counts.size, 62);
  assert.deepEqual(new Set(counts.values()), new Set([4]));
});

test('a new name passes over bytes that would favour some letters', () => {
  const random = new Uint8Array(RANDOM_NAME_BYTES).fill(1);
  random.set([255, 250, 248], 0);

  assert.equal(newName(random), '11111111');
});

test('a new name is complete even from a poor draw', () => {
  assert.match(newName(new Uint8Array(RANDOM_NAME_BYTES).fill(255)), /^[0-9a-zA-Z]{8}$/);
  assert.match(newName(new Uint8Array(0)), /^[0-9a-zA-Z]{8}$/);
});

test('a unit id is made of the letters and digits of the node id and eight random ones', () => {
  const random = new Uint8Array(RANDOM_NAME_BYTES).fill(10);

  assert.equal(unitIdFor(nodeId('n.1'), random), 'n1aaaaaaaa');
  assert.equal(unitIdFor(nodeId('Az-0129.x'), random), 'Az0129xaaaaaaaa');
  assert.equal(unitIdFor(nodeId('日本'), random), 'aaaaaaaa');
  const long = unitIdFor(nodeId('n'.repeat(255)), random);
  assert.equal(codeOf(parseUnitId(long)), 'ok');
  assert.equal(long.length, 128);
});
