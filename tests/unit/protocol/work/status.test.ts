import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEW_REMOTE } from '../../../../protocol/work/extra-data.js';
import {
  decodeStatusFile,
  encodeStatusFile,
  newUnitStatus,
  writeStatusReply,
} from '../../../../protocol/work/status.js';
import { controlTranscript, textOf, utf8 } from '../../../support/wire-vectors.js';

function faultOf(text: string): string {
  const result = decodeStatusFile(utf8(text));
  return result.ok ? 'ok' : result.fault.code;
}

test('reads and writes every recorded status file alike', () => {
  for (const { file } of controlTranscript().units) {
    const status = decodeStatusFile(utf8(file));
    assert.ok(status.ok);
    assert.equal(textOf(encodeStatusFile(status.value)), file);
  }
});

test('a new unit waits and says so', () => {
  assert.equal(
    textOf(encodeStatusFile(newUnitStatus('cat'))),
    '{"State":0,"Detail":"Unit Created","StdoutSize":0,"WorkType":"cat","ExtraData":null}\n',
  );
});

test('a reply has the keys in order, the name of the state, and no secret', () => {
  const remote = { ...NEW_REMOTE, remoteParams: new Map([['secret_x', 'y']]) };
  const reply = writeStatusReply(newUnitStatus('remote', remote));
  assert.ok(!reply.includes('secret_x'));
  assert.deepEqual(Object.keys(JSON.parse(reply) as object), [
    'Detail',
    'ExtraData',
    'State',
    'StateName',
    'StdoutSize',
    'WorkType',
  ]);
  assert.ok(textOf(encodeStatusFile(newUnitStatus('remote', remote))).includes('secret_x'), 'the file keeps it');
});

test('reads a foreign file with Go rules and keeps strange states', () => {
  const status = decodeStatusFile(utf8('{"state":-7,"DETAIL":"x","StdoutSize":null,"Other":[1],"State":9}'));
  assert.deepEqual(status, {
    ok: true,
    value: { state: 9, detail: 'x', stdoutSize: 0, workType: '', extraData: { type: 'none' } },
  });
});

test('what a file does not say has the value zero', () => {
  const nothing = { state: 0, detail: '', stdoutSize: 0, workType: '', extraData: { type: 'none' } };
  assert.deepEqual(decodeStatusFile(utf8('{}')), { ok: true, value: nothing });
});

test('a file that is empty, cut, or no status is a fault', () => {
  const [unit] = controlTranscript().units;
  assert.ok(unit);
  for (let length = 0; length < unit.file.length - 2; length++) {
    assert.equal(decodeStatusFile(utf8(unit.file.slice(0, length))).ok, false);
  }
  assert.equal(faultOf('{"State":"1"}'), 'json-type');
  assert.equal(faultOf('{"State":1.5}'), 'json-type');
  assert.equal(faultOf('{"StdoutSize":1e30}'), 'json-type');
  assert.equal(faultOf('{"StdoutSize":99999999999999999999}'), 'json-range');
  assert.equal(faultOf('{"ExtraData":{"a":}}'), 'json-syntax');
  assert.equal(faultOf('{"WorkType":"remote","ExtraData":{"SignWork":1}}'), 'json-type');
  assert.equal(faultOf('null'), 'json-type');
});
