import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeUnreachable,
  encodeUnreachable,
  PING_SERVICE,
  PROBLEM,
  UNREACHABLE_SERVICE,
} from '../../../../protocol/netceptor/unreachable.js';
import { capturedFrames, messageOf, toHex, utf8 } from '../../../support/wire-vectors.js';

const NOTICES = [...capturedFrames('unreachable.json'), ...capturedFrames('ping.json')].filter(
  (frame) => frame.decoded['to_service'] === UNREACHABLE_SERVICE,
);

test('reads and writes every captured notice, byte for byte', () => {
  assert.equal(NOTICES.length, 3);
  for (const frame of NOTICES) {
    const payload = messageOf(frame).subarray(36);
    const notice = decodeUnreachable(payload);
    assert.ok(notice.ok);
    assert.deepEqual(
      Object.values(notice.value),
      Object.values(JSON.parse(String(frame.decoded['payload_json_text'])) as object),
    );
    assert.ok(Object.values<string>(PROBLEM).includes(notice.value.problem));
    assert.equal(toHex(encodeUnreachable(notice.value)), toHex(payload));
  }
});

test('a notice may come from a strange node but must name two nodes', () => {
  const strange = decodeUnreachable(utf8('{"fromnode":"a","tonode":"b","PROBLEM":"moon","x":1,"FromService":null}'));
  assert.deepEqual(strange, {
    ok: true,
    value: { fromNode: 'a', toNode: 'b', fromService: '', toService: '', problem: 'moon' },
  });
  for (const text of [
    '{}',
    '{"FromNode":"a"}',
    '{"ToNode":"a"}',
    '{"FromNode":1,"ToNode":"b"}',
    'null',
    '[]',
    '',
    '{',
  ]) {
    assert.equal(decodeUnreachable(utf8(text)).ok, false, text);
  }
});

test('the problems and the services have the words of the wire', () => {
  assert.deepEqual(Object.values(PROBLEM), ['service unknown', 'message expired', 'blocked by firewall']);
  assert.deepEqual([UNREACHABLE_SERVICE, PING_SERVICE], ['unreach', 'ping']);
});
