import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_NAMES } from '../../../../cli/cert/alternative-names.js';
import { CertError } from '../../../../cli/cert/cert-error.js';
import { isSameKey, newKey } from '../../../../cli/cert/keys.js';
import { makeRequest, readRequest } from '../../../../cli/cert/request.js';

const NAMES = { dns: ['localhost'], addresses: ['127.0.0.1'], nodeIds: ['alpha'] };

describe('a request', () => {
  for (const kind of ['rsa', 'ec', 'ed25519'] as const) {
    it(`with a key of the kind ${kind} is read again as it was made`, async () => {
      const key = await newKey({ kind });

      const request = readRequest(makeRequest({ commonName: 'alpha', names: NAMES }, key));

      assert.deepEqual([request.subject, request.possession], ['CN=alpha', 'proven']);
      assert.deepEqual(request.names, { ...NAMES, others: [] });
      assert.ok(isSameKey(request.publicKey, key));
    });
  }

  it('has the extension with the names also where there are none', async () => {
    const request = readRequest(makeRequest({ commonName: 'a', names: NO_NAMES }, await newKey({ kind: 'ec' })));

    assert.deepEqual(request.names, NO_NAMES);
    assert.equal(Buffer.from(request.namesExtension ?? []).toString('hex'), '30090603551d1104023000');
  });

  it('that was changed on the way is not proven', async () => {
    const bytes = makeRequest({ commonName: 'alpha', names: NAMES }, await newKey({ kind: 'ec' }));
    const at = Buffer.from(bytes).lastIndexOf('alpha');
    bytes[at] = 'b'.charCodeAt(0);

    const request = readRequest(bytes);

    assert.deepEqual([request.names.nodeIds, request.possession], [['blpha'], 'unproven']);
  });

  it('cannot be read where it is cut, and nothing else happens', async () => {
    const bytes = makeRequest({ commonName: 'alpha', names: NAMES }, await newKey({ kind: 'ec' }));

    for (let length = 0; length < bytes.length; length += 1) {
      assert.throws(
        () => readRequest(bytes.subarray(0, length)),
        (thrown) => thrown instanceof CertError && thrown.code === 'file-content',
      );
    }
  });

  it('with any byte changed says the same, or is unproven, or cannot be read', async () => {
    const bytes = makeRequest({ commonName: 'alpha', names: NAMES }, await newKey({ kind: 'ec' }));
    const whole = readRequest(bytes);
    const verdicts = new Set<string>();

    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      try {
        const { possession, subject, names, publicKey } = readRequest(changed);
        verdicts.add(possession);
        if (possession === 'proven') {
          // Bytes that say nothing: the kind of the outermost element, the bits that the signature does not use.
          assert.deepEqual([subject, names], [whole.subject, whole.names]);
          assert.ok(isSameKey(publicKey, whole.publicKey));
        }
      } catch (thrown) {
        assert.ok(thrown instanceof CertError, String(thrown));
        verdicts.add(thrown.code);
      }
    }

    assert.deepEqual(Array.from(verdicts).sort(), ['file-content', 'proven', 'unproven']);
  });
});
