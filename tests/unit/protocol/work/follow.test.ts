import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeFollowBlock,
  encodeFollowEnd,
  encodeFollowStatus,
  FOLLOW_HEADER_BYTES_MAX,
} from '../../../../protocol/work/follow.js';
import { newUnitStatus, type UnitStatus } from '../../../../protocol/work/status.js';
import { textOf } from '../../../support/wire-vectors.js';

const STATUS: UnitStatus = {
  state: 2,
  detail: 'exit status 0',
  stdoutSize: 6,
  workType: 'cat',
  extraData: { type: 'command', pid: 1, params: 'private' },
};

test('each header is one line', () => {
  const status =
    '{"Detail":"exit status 0","ExtraData":null,"State":2,"StateName":"Succeeded","StdoutSize":6,"WorkType":"cat"}';
  assert.equal(textOf(encodeFollowStatus(STATUS)), `{"Status":${status}}\n`);
  assert.equal(textOf(encodeFollowBlock(3, 70_000)), '{"Offset":3,"Length":70000}\n');
  assert.equal(textOf(encodeFollowEnd(STATUS, 6)), `{"End":true,"Size":6,"Status":${status}}\n`);
});

test('a header fits its limit, however long the texts of the status', () => {
  const long = { ...newUnitStatus('<'.repeat(1_000_000)), detail: '\u2028'.repeat(1_000_000) };
  assert.ok(encodeFollowStatus(long).length <= FOLLOW_HEADER_BYTES_MAX);
  assert.ok(encodeFollowEnd(long, Number.MAX_SAFE_INTEGER).length <= FOLLOW_HEADER_BYTES_MAX);
});
