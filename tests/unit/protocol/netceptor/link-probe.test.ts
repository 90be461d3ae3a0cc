import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeMessage } from '../../../../protocol/netceptor/kinds.js';
import { decodeLinkProbe, encodeLinkProbe, KIN_FIELD } from '../../../../protocol/netceptor/link-probe.js';
import { toHex } from '../../../support/wire-vectors.js';

describe('a link probe', () => {
  it('is a letter and a number of four bytes', () => {
    assert.equal(toHex(encodeLinkProbe({ type: 'probe', token: 0x01020304 })), '5001020304');
    assert.equal(toHex(encodeLinkProbe({ type: 'answer', token: 0xfffffffe })), '41fffffffe');
  });

  it('reads back what was written', () => {
    for (const type of ['probe', 'answer'] as const) {
      for (const token of [0, 1, 0x7fffffff, 0xffffffff]) {
        const read = decodeLinkProbe(encodeLinkProbe({ type, token }));
        assert.deepEqual(read, { ok: true, value: { type, token } });
      }
    }
  });

  it('is nothing that is of another kind, or too short', () => {
    assert.equal(decodeLinkProbe(new Uint8Array(0)).ok, false);
    assert.equal(decodeLinkProbe(new Uint8Array([4, 0, 0, 0, 0])).ok, false);
    const short = decodeLinkProbe(new Uint8Array([0x50, 0, 0, 0]));
    assert.equal(!short.ok && short.fault.code, 'message-too-short');
  });

  it('may be followed by what later versions add', () => {
    const read = decodeLinkProbe(new Uint8Array([0x50, 0, 0, 0, 9, 1, 2, 3]));
    assert.deepEqual(read, { ok: true, value: { type: 'probe', token: 9 } });
  });

  it('is of a kind that Go tolerates, and named by a field that Go does not know', () => {
    for (const type of ['probe', 'answer'] as const) {
      const read = decodeMessage(encodeLinkProbe({ type, token: 1 }));
      assert.equal(read.ok && read.value.type, 'unknown');
    }
    assert.equal(KIN_FIELD, 'ReceptorMesh');
  });
});
