import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newKey } from '../../../../cli/cert/keys.js';
import { makeRequest, readRequest } from '../../../../cli/cert/request.js';
import { requestSummary } from '../../../../cli/cert/request-summary.js';

describe('the summary of a request', () => {
  it('is that of the reference', async () => {
    const names = { dns: ['localhost'], addresses: ['127.0.0.1', '::1'], nodeIds: ['alpha'] };
    const request = readRequest(makeRequest({ commonName: 'alpha', names }, await newKey({ kind: 'rsa' })));

    assert.equal(
      requestSummary(request),
      `Requested certificate:
  Subject: CN=alpha
  Encryption Algorithm: RSA (2048 bits)
  Signature Algorithm: SHA256-RSA
  Names:
    DNS Name: localhost
    IP Address: 127.0.0.1
    IP Address: ::1
    Receptor Node ID: alpha
`,
    );
  });

  it('hides no name, and obeys none', async () => {
    const names = { dns: [], addresses: [], nodeIds: ['a\n\u001b[2J'] };
    const request = readRequest(makeRequest({ commonName: 'a', names }, await newKey({ kind: 'ec' })));

    const text = requestSummary({ ...request, names: { ...request.names, others: ['email a@b'] } });

    assert.match(text, / {4}Receptor Node ID: a\\x0a\\x1b\[2J\n {4}Other: email a@b\n$/);
  });
});
