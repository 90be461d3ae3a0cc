import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeId, parseNodeId } from '../../../../protocol/names.js';
import { extensionFields } from '../../../../protocol/netceptor/extensions.js';
import {
  decodeRouteUpdate,
  encodeRouteUpdate,
  forwardedBy,
  type RouteUpdate,
} from '../../../../protocol/netceptor/route-update.js';
import {
  capturedFrames,
  fromHex,
  goTexts,
  jsonMessage,
  messageOf,
  textOf,
  toHex,
  utf8,
  wireFixture,
} from '../../../support/wire-vectors.js';

function update(text: string): RouteUpdate {
  const result = decodeRouteUpdate(jsonMessage(1, text));
  assert.ok(result.ok, text);
  return result.value;
}

function faultOf(text: string): string {
  const result = decodeRouteUpdate(jsonMessage(1, text));
  return result.ok ? 'ok' : result.fault.code;
}

function nodeId(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

const NAMES = '"NodeID":"a","ForwardingNode":"b"';

test('reads and writes every captured update, byte for byte', () => {
  const frames = capturedFrames('routing_update.json');
  assert.equal(frames.length, 6);
  for (const frame of frames) {
    const result = decodeRouteUpdate(messageOf(frame));
    assert.ok(result.ok);
    const expected = JSON.parse(frame.decoded.json_text ?? '') as Record<string, string | object>;
    assert.equal(result.value.nodeId, expected['NodeID']);
    assert.equal(result.value.updateId, expected['UpdateID']);
    assert.ok(frame.decoded.json_text?.includes(`"UpdateEpoch":${result.value.updateEpoch},`));
    assert.equal(Number(result.value.updateSequence), expected['UpdateSequence']);
    assert.deepEqual(Object.fromEntries(result.value.connections), expected['Connections']);
    assert.equal(result.value.forwardingNode, expected['ForwardingNode']);
    assert.equal(result.value.suspectedDuplicate, 0n);
    assert.equal(toHex(encodeRouteUpdate(result.value)), frame.frame_hex.slice(4));
  }
});

test('reads the updates captured on UDP and WebSocket too', () => {
  const datagrams = wireFixture<{ captured_udp_datagrams_hex: string[] }>('reject.json').captured_udp_datagrams_hex;
  const messages = wireFixture<{ items: { message_hex?: string }[] }>('websocket.json').items;
  const hexes = [...datagrams, ...messages.map((item) => item.message_hex ?? '')].filter((hex) => hex.startsWith('01'));
  assert.ok(hexes.length >= 6);
  for (const hex of hexes) {
    const result = decodeRouteUpdate(fromHex(hex));
    assert.ok(result.ok);
    assert.equal(toHex(encodeRouteUpdate(result.value)), hex);
  }
});

test('takes and refuses the documents that Go takes and refuses', () => {
  for (const { hex, error, reencoded } of goTexts().routing_updates) {
    const document = textOf(fromHex(hex));
    const result = decodeRouteUpdate(new Uint8Array([1, ...withNames(fromHex(hex))]));
    if (error !== null) assert.ok(!result.ok, document);
    else if (result.ok) compareWithGo(result.value, reencoded ?? '', document);
    else assert.ok(result.fault.code === 'name-character' || document === 'null', `${document}: ${result.fault.code}`);
  }
});

/** The document with names in front, since here an update without names is a fault. Its own names come later and win. */
function withNames(document: Uint8Array): Uint8Array {
  const inside = document.indexOf(0x7b) + 1;
  if (inside === 0) return document;
  const comma = /^\s*\}/.test(textOf(document.subarray(inside))) ? '' : ',';
  return new Uint8Array([...document.subarray(0, inside), ...utf8(NAMES + comma), ...document.subarray(inside)]);
}

function compareWithGo(value: RouteUpdate, reencoded: string, document: string): void {
  const asGo = JSON.parse(reencoded) as { NodeID: string; Connections: Record<string, number> | null };
  const withoutOddNames = Object.entries(asGo.Connections ?? {}).filter(([name]) => name !== '');
  assert.deepEqual(Object.fromEntries(value.connections), Object.fromEntries(withoutOddNames), document);
  assert.equal(value.nodeId, asGo.NodeID || 'a', document);
  assert.ok(
    reencoded.includes(`"UpdateEpoch":${value.updateEpoch},"UpdateSequence":${value.updateSequence},`),
    document,
  );
  assert.ok(reencoded.includes(`"SuspectedDuplicate":${value.suspectedDuplicate}}`), document);
}

test('an epoch above 2^53 keeps its last digit', () => {
  assert.equal(update(`{${NAMES},"UpdateEpoch":30118736391759401}`).updateEpoch, 30118736391759401n);
  assert.equal(faultOf(`{${NAMES},"UpdateEpoch":3.01e+16}`), 'json-type');
  assert.equal(faultOf(`{${NAMES},"UpdateEpoch":18446744073709551616}`), 'json-range');
});

test('field names match without regard to case', () => {
  const all = 'nodeid,updateid,updateepoch,updatesequence,connections,forwardingnode,suspectedduplicate'.split(',');
  const text = `{"${all[0]}":"a","${all[1]}":"u","${all[2]}":5,"${all[3]}":6,"${all[4]}":{"b":2},"${all[5]}":"c","${all[6]}":7}`;
  const { connections, ...rest } = update(text);
  assert.deepEqual(Object.fromEntries(connections), { b: 2 });
  assert.deepEqual(
    [rest.nodeId, rest.updateId, rest.updateEpoch, rest.updateSequence, rest.forwardingNode, rest.suspectedDuplicate],
    ['a', 'u', 5n, 6n, 'c', 7n],
  );
});

test('leaves out connections whose names are no node ids and keeps the others', () => {
  const { connections } = update(`{${NAMES},"Connections":{"":1,"b":2,"x\\ny":3,"localhost":4,"__proto__":5}}`);
  assert.deepEqual(
    [...connections],
    [
      ['b', 2],
      ['__proto__', 5],
    ],
  );
});

test('a cost that is no number, or no finite one, spoils the update', () => {
  assert.equal(faultOf(`{${NAMES},"Connections":{"b":"1"}}`), 'json-type');
  assert.equal(faultOf(`{${NAMES},"Connections":{"b":1e400}}`), 'json-range');
  assert.equal(faultOf(`{${NAMES},"Connections":[1]}`), 'json-type');
});

test('an update without names is a fault', () => {
  assert.equal(faultOf('{}'), 'name-empty');
  assert.equal(faultOf('{"NodeID":"a"}'), 'name-empty');
  assert.equal(faultOf('{"NodeID":"a","ForwardingNode":"x\\u0000"}'), 'name-character');
  assert.equal(faultOf(`{${NAMES},"UpdateID":"${'x'.repeat(65)}"}`), 'update-id-too-long');
  assert.equal(faultOf(`{${NAMES},"UpdateID":"${'x'.repeat(64)}"}`), 'ok');
});

test('refuses a message of another kind or without a document', () => {
  const codes = {
    '': 'message-kind',
    '027b7d': 'message-kind',
    '01': 'json-syntax',
    '017b': 'json-syntax',
    '015b5d': 'json-type',
  };
  for (const [hex, code] of Object.entries(codes)) {
    const result = decodeRouteUpdate(fromHex(hex));
    assert.equal(!result.ok && result.fault.code, code, hex);
  }
});

test('unknown fields are kept as they are, and bounded', () => {
  const { extensions } = update(`{${NAMES},"ReceptorMesh":{"v": [1, 2.50]},"Big":12345678901234567890}`);
  assert.deepEqual(
    [...extensions],
    [
      ['ReceptorMesh', '{"v": [1, 2.50]}'],
      ['Big', '12345678901234567890'],
    ],
  );

  const many = Array.from({ length: 65 }, (_, i) => `"x${i}":1`).join(',');
  assert.equal(faultOf(`{${NAMES},${many}}`), 'json-fields');
  assert.equal(faultOf(`{${NAMES},"x":[1,}`), 'json-syntax');
});

test('our own fields are written behind the seven that Go writes', () => {
  const extensions = extensionFields([['ReceptorMesh', [1]]]);
  assert.ok(extensions.ok);

  const message = encodeRouteUpdate({ ...update(`{${NAMES}}`), extensions: extensions.value });

  assert.ok(textOf(message).endsWith(',"SuspectedDuplicate":0,"ReceptorMesh":[1]}'));
  const back = decodeRouteUpdate(message);
  assert.deepEqual(back.ok && [...back.value.extensions], [['ReceptorMesh', '[1]']]);
});

test('a forwarded update names us as its sender and drops fields meant for the neighbour alone', () => {
  const received = update(`{${NAMES},"UpdateID":"u","Connections":{"b":1},"X":1}`);

  const forwarded = forwardedBy(received, nodeId('me'));

  assert.deepEqual({ ...forwarded }, { ...received, forwardingNode: 'me', extensions: new Map() });
});

test('connections are written in Go order with Go numbers', () => {
  const connections = new Map(
    [
      ['b', 1.5],
      ['B', 1e21],
      ['a', 1],
      ['a.', 1e-7],
    ].map(([id, cost]) => [nodeId(String(id)), Number(cost)]),
  );
  const text = textOf(encodeRouteUpdate({ ...update(`{${NAMES}}`), connections }));
  assert.ok(text.includes('"Connections":{"B":1e+21,"a":1,"a.":1e-7,"b":1.5}'), text);
});
