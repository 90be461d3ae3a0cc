import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '../../../../protocol/netceptor/kinds.js';
import { allCapturedMessages, fromHex, jsonMessage, wireFixture } from '../../../support/wire-vectors.js';

const TYPES = ['data', 'route-update', 'service-advert', 'reject'];

function outcomeOf(message: Uint8Array): string {
  const result = decodeMessage(message);
  return result.ok ? result.value.type : result.fault.code;
}

test('reads every captured message as what its first byte says', () => {
  const messages = allCapturedMessages();
  assert.ok(messages.length > 40);
  for (const message of messages) assert.equal(outcomeOf(message), TYPES[message[0] ?? 9]);
});

test('cut anywhere, a captured JSON message is a fault', () => {
  for (const message of allCapturedMessages()) {
    if (message[0] === 0 || message[0] === 3) continue;
    for (let length = 0; length < message.length; length++) {
      assert.equal(decodeMessage(message.subarray(0, length)).ok, false);
    }
  }
});

test('every input that upsets the reference is a fault, or is named as unknown', () => {
  const { cases } = wireFixture<{ cases: { frame_hex?: string; message?: string; effect: string }[] }>(
    'malformed_inputs_observed.json',
  );
  const epoch = jsonMessage(1, '{"NodeID":"a","UpdateEpoch":3.01e+16,"ForwardingNode":"a"}');
  const lowerCase = jsonMessage(1, '{"nodeid":"a","updateid":"u","updateepoch":1,"forwardingnode":"a"}');
  const advertWith = (member: string) =>
    jsonMessage(2, `{"NodeID":"a","Service":"s","Time":"2026-11-20T23:16:28Z",${member}}`);
  const inputs: [string, Uint8Array, string][] = [
    ['0000', new Uint8Array(0), 'message-empty'],
    ['0300027b7d', fromHex('027b7d'), 'advert-empty'],
    ['02 "[]"', jsonMessage(2, '[]'), 'json-type'],
    ['00 01 (short data packet)', fromHex('0001'), 'message-too-short'],
    ['01 "[]"', jsonMessage(1, '[]'), 'json-type'],
    ['04 / fe + anything', fromHex('0401'), 'unknown'],
    ['01 with UpdateEpoch written 3.01e+16', epoch, 'json-type'],
    ['01 with all-lowercase field names', lowerCase, 'route-update'],
    ['02 Time "yesterday"', advertWith('"Time":"yesterday"'), 'time-format'],
    ['02 ConnType 300', advertWith('"ConnType":300'), 'json-range'],
    ['02 Tags {"a":1}', advertWith('"Tags":{"a":1}'), 'json-type'],
  ];
  assert.deepEqual(
    cases.map((each) => each.frame_hex ?? each.message),
    inputs.map(([name]) => name),
  );
  for (const [name, message, outcome] of inputs) assert.equal(outcomeOf(message), outcome, name);
});

test('a null advert, which ends Receptor 1.6.9, is a fault', () => {
  assert.equal(outcomeOf(jsonMessage(2, 'null')), 'json-type');
  assert.equal(outcomeOf(jsonMessage(2, '{"Cancel":true}')), 'advert-empty');
});

test('an unknown kind is told with its byte, a reject is read whatever its body', () => {
  assert.deepEqual(decodeMessage(fromHex('fe00')), { ok: true, value: { type: 'unknown', kind: 254 } });
  assert.equal(outcomeOf(fromHex('03')), 'reject');
  assert.equal(outcomeOf(fromHex('03ffff')), 'reject');
});
