import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decoded } from '../../../../protocol/decoded.js';
import { GO_ZERO_TIME } from '../../../../protocol/go-time.js';
import {
  type ExtraData,
  NEW_REMOTE,
  NO_EXTRA_DATA,
  readExtraData,
  redactedExtraData,
  UNKNOWN_WORK_TYPE,
  writeExtraData,
} from '../../../../protocol/work/extra-data.js';
import { controlTranscript } from '../../../support/wire-vectors.js';

function read(json: string, workType = 'cat'): ExtraData {
  const result = readExtraData(json, workType);
  assert.ok(result.ok, json);
  return result.value;
}

function codeOf(result: Decoded<unknown>): string {
  return result.ok ? 'ok' : result.fault.code;
}

test('reads and writes the extra data of every recorded unit alike', () => {
  for (const { file } of controlTranscript().units) {
    const json = file.slice(file.indexOf('"ExtraData":') + 12, -2);
    const workType = /"WorkType":"([^"]*)"/.exec(file)?.[1] ?? '';
    assert.equal(writeExtraData(read(json, workType)), json);
  }
});

test('a new remote unit looks as the reference writes one', () => {
  assert.equal(
    writeExtraData(NEW_REMOTE),
    '{"RemoteNode":"","RemoteWorkType":"","RemoteParams":{},"RemoteUnitID":"","RemoteStarted":false,"LocalCancelled":false,"LocalReleased":false,"SignWork":false,"TLSClient":"","Expiration":"0001-01-01T00:00:00Z"}',
  );
});

test('tells a command from remote work and from what it does not know', () => {
  assert.deepEqual(read('{"Pid":17,"Params":"-x"}'), { type: 'command', pid: 17, params: '-x' });
  assert.deepEqual(read('{"pid":17,"PARAMS":""}'), { type: 'command', pid: 17, params: '' });
  assert.deepEqual(read('null'), NO_EXTRA_DATA);
  assert.deepEqual(read('"Unknown WorkType"'), UNKNOWN_WORK_TYPE);
  for (const json of [
    '{"Pid":1.5,"Params":""}',
    '{"Pid":1}',
    '{"Pid":1,"Params":"","Image":"x"}',
    '[1]',
    '{}',
    '{"RemoteNode":"n"}',
  ]) {
    assert.deepEqual(read(json), { type: 'other', json });
  }
});

test('remote work reads with Go rules: any case, null for nothing, unknown fields passed over', () => {
  const remote = read(
    '{"REMOTENODE":"n","remoteparams":{"a":"b","c":null},"SignWork":true,"TLSClient":null,"Adopted":true}',
    'remote',
  );
  assert.deepEqual(remote, {
    ...NEW_REMOTE,
    remoteNode: 'n',
    remoteParams: new Map([
      ['a', 'b'],
      ['c', ''],
    ]),
    signWork: true,
  });
  assert.deepEqual(read('{}', 'remote'), { ...NEW_REMOTE, expiration: GO_ZERO_TIME });
});

test('remote work with a wrong type is a fault', () => {
  const cases = {
    '{"RemoteNode":1}': 'json-type',
    '{"RemoteStarted":"yes"}': 'json-type',
    '{"RemoteParams":[]}': 'json-type',
    '{"RemoteParams":{"a":1}}': 'json-type',
    '{"Expiration":5}': 'json-type',
    '{"Expiration":"soon"}': 'time-format',
  };
  for (const [json, code] of Object.entries(cases)) assert.equal(codeOf(readExtraData(json, 'remote')), code, json);
});

test('secrets of remote work and credentials of Kubernetes units are not shown', () => {
  const remote: ExtraData = {
    ...NEW_REMOTE,
    remoteParams: new Map([
      ['params', 'x'],
      ['secret_kube_config', 'k'],
      ['SECRET_x', 'y'],
      ['mysecret_', 'z'],
    ]),
  };
  const shown = redactedExtraData(remote);
  assert.deepEqual(shown.type === 'remote' && [...shown.remoteParams.keys()], ['params', 'mysecret_']);
  assert.equal(remote.remoteParams.size, 4, 'what was given stays as it is');

  const pod = read('{"Image":"i","KubeConfig":"k","KubePod":"p","PodName":"n"}');
  assert.equal(writeExtraData(redactedExtraData(pod)), '{"Image":"i","KubeConfig":"","KubePod":"","PodName":"n"}');
});

test('what holds no secrets is shown unchanged, number by number', () => {
  for (const json of ['{"a": 12345678901234567890}', '"x"', '[1]', '{bad']) {
    const extra: ExtraData = { type: 'other', json };
    assert.equal(redactedExtraData(extra), extra);
  }
  const command: ExtraData = { type: 'command', pid: 1, params: 'secret_' };
  assert.equal(redactedExtraData(command), command);
  assert.equal(redactedExtraData(NO_EXTRA_DATA), NO_EXTRA_DATA);
});
