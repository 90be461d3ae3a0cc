import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultOf, untrusted } from '../../../../actors/streams/stream-faults.js';

describe('the fault of a stream', () => {
  it('is none for an end in order', () => {
    assert.equal(faultOf({ kind: 'application-closed', code: 0, reason: 'normal close' }), undefined);
  });

  it('has the words of the reference where users match them', () => {
    assert.deepEqual(untrusted('insecure connection to secure service'), {
      code: 'untrusted',
      text: 'CRYPTO_ERROR 0x12a (local): insecure connection to secure service',
    });
    assert.deepEqual(
      faultOf({ kind: 'transport-closed', by: 'peer', code: 0x12a, alert: 42, reason: 'bad certificate' }),
      { code: 'untrusted', text: 'CRYPTO_ERROR 0x12a (remote): bad certificate' },
    );
    assert.deepEqual(faultOf({ kind: 'application-closed', code: 500, reason: 'Read Data Error' }), {
      code: 'closed-by-peer',
      text: 'Application error 0x1f4 (remote): Read Data Error',
    });
  });

  it('tells TLS apart from the rest of the transport', () => {
    const lost = (code: number): string =>
      faultOf({ kind: 'transport-closed', by: 'us', code, alert: undefined, reason: 'x' })?.code ?? '';
    assert.deepEqual([0x0ff, 0x100, 0x1ff, 0x200].map(lost), ['transport', 'untrusted', 'untrusted', 'transport']);
    assert.equal(
      faultOf({ kind: 'transport-closed', by: 'us', code: 10, alert: undefined, reason: 'x' })?.text,
      'transport error 0xa (local): x',
    );
  });

  it('has a code for each other loss', () => {
    assert.equal(faultOf({ kind: 'timed-out' })?.code, 'timeout');
    assert.equal(faultOf({ kind: 'reset' })?.code, 'reset');
    assert.equal(faultOf({ kind: 'version-mismatch' })?.code, 'version-mismatch');
    assert.deepEqual(faultOf({ kind: 'engine-fault', reason: 'unreachable' }), {
      code: 'engine-fault',
      text: 'the stream engine failed: unreachable',
    });
  });
});
