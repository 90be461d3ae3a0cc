import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignatureCheck, SigningKey } from '../../../../runtime/quic/engine.js';
import { engineImports, type ImportContext } from '../../../../runtime/quic/imports.js';

const ED25519 = 0x0807;
const MEMORY_BYTES = 256;

/** Imports over a plain piece of memory. */
function pretend(over: Partial<ImportContext['host']> = {}, key?: SigningKey['sign']) {
  const bytes = new Uint8Array(MEMORY_BYTES);
  const printed: string[] = [];
  const failures: unknown[] = [];
  const imports = engineImports({
    host: {
      monotonicMicros: () => 1_234_567,
      wallMs: () => 1_780_000_000_000,
      fillRandom: (target) => target.fill(0xab),
      verifySignature: () => true,
      ...over,
    },
    bytes: () => bytes,
    key: (id) => (id === 1 && key !== undefined ? { kind: 'ed25519', sign: key } : undefined),
    printed: (text) => printed.push(text),
    hostFailed: (thrown) => failures.push(thrown),
  });
  const call = (module: string, name: string, ...rest: (number | bigint)[]): unknown => {
    const imported = imports[module]?.[name];
    assert.ok(typeof imported === 'function', `${module}.${name}`);
    return imported(...rest);
  };
  return { bytes, printed, failures, call };
}

const wasi = 'wasi_snapshot_preview1';

describe('sign', () => {
  it('gives a copy of the message to the key and writes the signature', () => {
    const seen: Uint8Array[] = [];
    const { bytes, call } = pretend({}, (scheme, message) => {
      assert.equal(scheme, 'ed25519');
      seen.push(message);
      return Uint8Array.of(9, 8, 7);
    });
    bytes.set([1, 2, 3], 10);

    const length = call('host', 'sign', 1, ED25519, 10, 3, 100, 64);
    bytes.fill(0, 10, 13);

    assert.equal(length, 3);
    assert.deepEqual(bytes.slice(100, 103), Uint8Array.of(9, 8, 7));
    assert.deepEqual(seen, [Uint8Array.of(1, 2, 3)]);
  });

  it('answers 0 for an unknown key, an unknown scheme, and a signature that does not fit', () => {
    const { call } = pretend({}, () => new Uint8Array(65));

    assert.equal(call('host', 'sign', 2, ED25519, 0, 1, 100, 64), 0);
    assert.equal(call('host', 'sign', 1, 0x0401, 0, 1, 100, 64), 0);
    assert.equal(call('host', 'sign', 1, ED25519, 0, 1, 100, 64), 0);
  });

  it('answers 0 when the key throws, and reports it', () => {
    const { call, failures } = pretend({}, () => {
      throw new Error('no such token');
    });

    assert.equal(call('host', 'sign', 1, ED25519, 0, 1, 100, 64), 0);
    assert.equal(failures.length, 1);
  });
});

describe('verify', () => {
  it('hands certificate, message and signature to the host', () => {
    const seen: SignatureCheck[] = [];
    const { bytes, call } = pretend({
      verifySignature: (check) => {
        seen.push(check);
        return true;
      },
    });
    bytes.set([1, 2, 3, 4, 5, 6]);

    assert.equal(call('host', 'verify', ED25519, 0, 1, 1, 2, 3, 3), 1);
    assert.deepEqual(seen, [
      {
        scheme: 'ed25519',
        certificate: Uint8Array.of(1),
        message: Uint8Array.of(2, 3),
        signature: Uint8Array.of(4, 5, 6),
      },
    ]);
  });

  it('says no for a no, for an unknown scheme and for a throw', () => {
    const refusing = pretend({ verifySignature: () => false });
    const throwing = pretend({
      verifySignature: () => {
        throw new Error('not a certificate');
      },
    });

    assert.equal(refusing.call('host', 'verify', ED25519, 0, 1, 1, 1, 2, 1), 0);
    assert.equal(refusing.call('host', 'verify', 0x0401, 0, 1, 1, 1, 2, 1), 0);
    assert.equal(throwing.call('host', 'verify', ED25519, 0, 1, 1, 1, 2, 1), 0);
    assert.equal(throwing.failures.length, 1);
  });
});

describe('the system imports', () => {
  it('give the wall clock and the monotonic clock in nanoseconds', () => {
    const { bytes, call } = pretend();
    const view = new DataView(bytes.buffer);

    call(wasi, 'clock_time_get', 0, 0n, 0);
    call(wasi, 'clock_time_get', 1, 0n, 8);

    assert.equal(view.getBigUint64(0, true), 1_780_000_000_000_000_000n);
    assert.equal(view.getBigUint64(8, true), 1_234_567_000n);
  });

  it('fill the asked range with chance, and nothing else', () => {
    const { bytes, call } = pretend();

    call(wasi, 'random_get', 4, 8);

    assert.deepEqual([...bytes.subarray(3, 13)], [0, ...new Array<number>(8).fill(0xab), 0]);
  });

  it('collect what the engine prints', () => {
    const { bytes, call, printed } = pretend();
    bytes.set(Buffer.from('panicked at'), 100);
    new Uint32Array(bytes.buffer).set([100, 9, 109, 2], 0);

    call(wasi, 'fd_write', 2, 0, 2, 64);

    assert.deepEqual(printed, ['panicked at']);
    assert.equal(new DataView(bytes.buffer).getUint32(64, true), 11);
  });

  it('have an empty environment', () => {
    const { bytes, call } = pretend();
    bytes.fill(0xff, 0, 8);

    assert.equal(call(wasi, 'environ_sizes_get', 0, 4), 0);
    assert.equal(call(wasi, 'environ_get', 0, 4), 0);
    assert.deepEqual([...bytes.subarray(0, 8)], new Array<number>(8).fill(0));
  });

  it('let a broken clock or broken chance through, because there is no answer to give', () => {
    const { call } = pretend({
      fillRandom: () => {
        throw new Error('no entropy');
      },
    });

    assert.throws(() => call(wasi, 'random_get', 0, 1), /no entropy/);
  });
});
