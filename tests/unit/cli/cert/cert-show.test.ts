import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { itemView } from '../../../../cli/cert/cert-show.js';
import { keyPem, newKey } from '../../../../cli/cert/keys.js';
import { pemText } from '../../../../cli/cert/pem.js';
import { makeRequest } from '../../../../cli/cert/request.js';
import { parseFingerprint, pinRefusal } from '../../../../runtime/security/fingerprint.js';
import { CertStage, DAY_S, NOW_S, newAuthority } from './cert-stage.js';

const NAMES = { dns: ['localhost'], addresses: ['127.0.0.1'], nodeIds: ['alpha'] };

describe('receptor cert show', () => {
  it('shows a certificate for people', async (t) => {
    const stage = new CertStage(t);
    const { certificate } = await stage.node('alpha', await stage.authority());
    const digest = (name: string) => createHash(name).update(certificate.raw).digest('hex');

    const { code, out, err } = await stage.run('cert', 'show', stage.path('alpha.crt'));

    assert.deepEqual([code, err], [0, '']);
    assert.equal(
      out,
      `File:       alpha.crt
Kind:       certificate
Subject:    CN=alpha
Issuer:     CN=mesh
Serial:     02
Node ids:   alpha
DNS names:  localhost
Addresses:  (none)
Valid from: 2026-05-31T00:00:00Z
Valid to:   2027-06-01T00:00:00Z (365 days left)
Good for:   client, server
Key:        ECDSA (P-256)
Signature:  ECDSA-SHA256
SHA-256:    ${digest('sha256')}
SHA-512:    ${digest('sha512')}
`,
    );
  });

  it('shows fingerprints as pins take them', async (t) => {
    const stage = new CertStage(t);
    const { certificate } = await stage.node('alpha', await stage.authority());

    const { out } = await stage.run('cert', 'show', stage.path('alpha.crt'), '-o', 'json');

    const [view] = JSON.parse(out) as Record<string, string>[];
    for (const name of ['sha256', 'sha512']) {
      const pin = parseFingerprint(view?.[name] ?? '');
      assert.ok(pin?.algorithm === name);
      assert.equal(pinRefusal([pin], certificate.raw), undefined);
    }
  });

  it('shows every item of every file, and of keys nothing secret', async (t) => {
    const stage = new CertStage(t);
    const authority = await stage.authority();
    const request = pemText('CERTIFICATE REQUEST', makeRequest({ commonName: 'alpha', names: NAMES }, authority.key));
    stage.write('all', stage.read('ca.crt') + request + stage.read('ca.key'));
    const paths = [stage.path('all'), stage.path('ca.key')];

    const { code, out } = await stage.run('cert', 'show', ...paths, '-o', 'json');
    const table = await stage.run('cert', 'show', ...paths);

    const views = JSON.parse(out) as Record<string, unknown>[];
    assert.equal(code, 0);
    assert.deepEqual(
      views.map((view) => [view['file'], view['kind'], view['key']]),
      [
        ['all', 'certificate of an authority', 'ECDSA (P-256)'],
        ['all', 'certificate request', 'ECDSA (P-256)'],
        ['all', 'private key', 'ECDSA (P-256)'],
        ['ca.key', 'private key', 'ECDSA (P-256)'],
      ],
    );
    assert.deepEqual([views[1]?.['nodeIds'], views[1]?.['addresses']], [['alpha'], ['127.0.0.1']]);
    assert.match(table.out, /\nSignature: ECDSA-SHA256 \(signed by its key\)\n\nFile: all\nKind: private key\n/);
    for (const line of keyPem(authority.key).split('\n').slice(1, -2)) {
      assert.ok(!out.includes(line) && !table.out.includes(line));
    }
  });

  it('says that a certificate has expired, or is not yet valid', async () => {
    const { certificate: value } = await newAuthority('mesh', { from: NOW_S, to: NOW_S + DAY_S });
    const stateAt = (now: number) => {
      const { state, daysLeft } = itemView({ type: 'certificate', value }, now);
      return [state, daysLeft];
    };

    assert.deepEqual([NOW_S - 1, NOW_S, NOW_S + DAY_S, NOW_S + DAY_S + 1].map(stateAt), [
      ['not yet valid', 1],
      ['valid', 1],
      ['valid', 0],
      ['expired', -1],
    ]);
  });

  it('shows a public key', async () => {
    const value = createPublicKey(await newKey({ kind: 'ed25519' }));

    assert.deepEqual(itemView({ type: 'public-key', value }, NOW_S), { kind: 'public key', key: 'Ed25519' });
  });

  it('ends with 1 at a file that is not there', async (t) => {
    const stage = new CertStage(t);

    assert.deepEqual(await stage.run('cert', 'show', stage.path('no')), {
      code: 1,
      out: '',
      err: 'Error: open no: no such file or directory\n  check its name\n',
    });
  });
});
