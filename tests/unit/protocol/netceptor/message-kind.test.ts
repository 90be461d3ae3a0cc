import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, MESSAGE_KIND } from '../../../../protocol/netceptor/message-kind.js';

test('the bytes 0 to 3 are the kinds of the Go dialect, the rest is free', () => {
  for (const [kind, { byte, prefix }] of Object.entries(MESSAGE_KIND)) {
    assert.equal(kindOf(byte), kind);
    assert.equal(prefix.charCodeAt(0), byte);
  }
  assert.equal(kindOf(4), undefined);
  assert.equal(kindOf(255), undefined);
});
