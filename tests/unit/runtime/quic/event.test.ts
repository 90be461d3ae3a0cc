import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeEvent } from '../../../../runtime/quic/event.js';

const noText = (): string => assert.fail('only a loss has a text');

describe('decodeEvent', () => {
  it('knows each type of the native side', () => {
    const table = Uint32Array.from([1, 2, 3, 4, 5, 6, 9].flatMap((type) => [type, 8, 0, 0]));

    const types = [0, 1, 2, 3, 4, 5, 6].map((index) => decodeEvent(table, index, noText)?.type);

    assert.deepEqual(types, [
      'connected',
      'streams-opened',
      'streams-available',
      'readable',
      'writable',
      'finished',
      'drained',
    ]);
  });

  it('tells the stream and the code of a stop', () => {
    const event = decodeEvent(Uint32Array.of(7, 4, 499, 1), 0, noText);

    assert.deepEqual(event, { type: 'stopped', stream: 4, code: 2 ** 32 + 499 });
  });

  it('tells code and reason of a close by the peer application', () => {
    const event = decodeEvent(Uint32Array.of(0, 0, 0, 0, 8, 1, 500, 0), 1, () => 'read data error');

    assert.deepEqual(event, {
      type: 'lost',
      loss: { kind: 'application-closed', code: 500, reason: 'read data error' },
    });
  });

  it('takes the TLS alert out of a CRYPTO_ERROR and says on whose side it was', () => {
    const ours = decodeEvent(Uint32Array.of(8, 3, 0x12a, 0), 0, () => 'bad certificate');
    const theirs = decodeEvent(Uint32Array.of(8, 2, 0x178, 0), 0, () => '');

    assert.deepEqual(ours, {
      type: 'lost',
      loss: { kind: 'transport-closed', by: 'us', code: 0x12a, alert: 42, reason: 'bad certificate' },
    });
    assert.deepEqual(theirs, {
      type: 'lost',
      loss: { kind: 'transport-closed', by: 'peer', code: 0x178, alert: 120, reason: '' },
    });
  });

  it('finds no alert in other codes of the transport', () => {
    for (const code of [0x0, 0xff, 0x200]) {
      const event = decodeEvent(Uint32Array.of(8, 2, code, 0), 0, () => '');

      assert.equal(event?.type === 'lost' && event.loss.kind === 'transport-closed' && event.loss.alert, undefined);
    }
  });

  it('tells losses that have only a kind', () => {
    const kinds = [4, 5, 6].map((kind) => {
      const event = decodeEvent(Uint32Array.of(8, kind, 0, 0), 0, () => '');
      return event?.type === 'lost' && event.loss.kind;
    });

    assert.deepEqual(kinds, ['timed-out', 'reset', 'version-mismatch']);
  });

  it('passes over a type that it does not know', () => {
    assert.equal(decodeEvent(Uint32Array.of(77, 0, 0, 0), 0, noText), undefined);
  });
});
