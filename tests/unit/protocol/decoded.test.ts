import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decoded, FAULT_MEANINGS, type FaultCode, faulty } from '../../../protocol/decoded.js';

test('a decoded value is told apart from a fault by ok', () => {
  assert.deepEqual(decoded(7), { ok: true, value: 7 });
  assert.deepEqual(faulty('json-type', 3, 'no text'), {
    ok: false,
    fault: { code: 'json-type', offset: 3, detail: 'no text' },
  });
});

test('a fault without a detail of its own says what its code means', () => {
  for (const code of Object.keys(FAULT_MEANINGS) as FaultCode[]) {
    assert.equal(faulty(code, 0).fault.detail, FAULT_MEANINGS[code]);
  }
});
