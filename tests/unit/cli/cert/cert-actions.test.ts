import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { CertFiles } from '../../../../cli/cert/cert-files.js';
import { timeText } from '../../../../cli/cert/cert-time.js';
import { certificateFacts } from '../../../../cli/cert/certificate.js';
import { keyText } from '../../../../cli/cert/keys.js';
import { systemFiles } from '../../../../runtime/io/files.js';
import { CertStage, DAY_S, NOW_S } from './cert-stage.js';

const reader = new CertFiles(systemFiles);
const certificate = (stage: CertStage, name: string) => reader.certificate({ path: stage.path(name), parameter: '' });
const key = (stage: CertStage, name: string) => reader.privateKey({ path: stage.path(name), parameter: '' });
const request = (stage: CertStage, name: string) => reader.request({ path: stage.path(name), parameter: '' });

const authorityFiles = (stage: CertStage): readonly string[] => [
  ...['--cert', stage.path('ca.crt')],
  ...['--key', stage.path('ca.key')],
];
const signing = (stage: CertStage): readonly string[] => [
  ...['--ca', stage.path('ca.crt')],
  ...['--ca-key', stage.path('ca.key')],
];

describe('receptor cert init', () => {
  it('makes an authority with an RSA key, good at once on machines that are behind', async (t) => {
    const stage = new CertStage(t);

    const { code, out, err } = await stage.run('cert', 'init', 'mesh', ...authorityFiles(stage), '--days', '10');

    const { subject, validity, serial } = certificateFacts(await certificate(stage, 'ca.crt'));
    assert.deepEqual([code, err], [0, '']);
    assert.match(
      out,
      /^The authority CN=mesh is made, with a key of RSA \(2048 bits\), until 2026-06-11T00:00:00Z\.\n/,
    );
    assert.deepEqual([subject, validity], ['CN=mesh', { from: NOW_S - 300, to: NOW_S + 10 * DAY_S }]);
    assert.ok(serial.length > 16, serial);
    assert.ok((await certificate(stage, 'ca.crt')).checkPrivateKey(await key(stage, 'ca.key')));
    assert.deepEqual([stage.mode('ca.crt'), stage.mode('ca.key')], [0o600, 0o600]);
  });

  for (const [kind, text] of [
    ['ec', 'ECDSA (P-256)'],
    ['ed25519', 'Ed25519'],
  ] as const) {
    it(`makes one with a key of the kind ${kind}`, async (t) => {
      const stage = new CertStage(t);

      const { code } = await stage.run('cert', 'init', 'mesh', ...authorityFiles(stage), '--key-type', kind);

      assert.deepEqual([code, keyText(await key(stage, 'ca.key'))], [0, text]);
    });
  }

  it('leaves what is there, unless it is told to make it anew', async (t) => {
    const stage = new CertStage(t);
    await stage.authority();
    const before = stage.read('ca.key');
    const init = ['cert', 'init', 'mesh', ...authorityFiles(stage), '--key-type', 'ec'];

    const refused = await stage.run(...init);
    assert.equal(stage.read('ca.key'), before);
    const forced = await stage.run(...init, '--force', '-o', 'json');

    assert.deepEqual(
      [refused.code, refused.err],
      [1, 'Error: ca.key exists and is not overwritten\n  give another file; or --force, and what was in it is lost\n'],
    );
    assert.equal(forced.code, 0);
    assert.deepEqual(Object.keys(JSON.parse(forced.out)), ['certificate', 'key', 'subject', 'validTo']);
    assert.notEqual(stage.read('ca.key'), before);
  });
});

describe('receptor cert request', () => {
  it('makes a key and a request for each node', async (t) => {
    const stage = new CertStage(t);
    const words = ['--dir', stage.folder, '--key-type', 'ec', '--dns', 'localhost', '--dns', 'b', '--ip', '::1'];

    const { code, out } = await stage.run('cert', 'request', 'alpha', 'beta', ...words);

    assert.equal(code, 0);
    assert.equal(
      out,
      'alpha: alpha.csr is to be signed; alpha.key stays with the node (ECDSA (P-256)).\n' +
        'beta: beta.csr is to be signed; beta.key stays with the node (ECDSA (P-256)).\n',
    );
    for (const id of ['alpha', 'beta']) {
      const { subject, names, possession, publicKey } = await request(stage, `${id}.csr`);
      assert.deepEqual([subject, possession], [`CN=${id}`, 'proven']);
      assert.deepEqual(names, { dns: ['localhost', 'b'], addresses: ['::1'], nodeIds: [id], others: [] });
      assert.ok(publicKey.equals(createPublicKey(await key(stage, `${id}.key`))));
      assert.equal(stage.mode(`${id}.key`), 0o600);
    }
  });

  it('asks again with a key that is there', async (t) => {
    const stage = new CertStage(t);
    await stage.authority();
    stage.write('alpha.csr', 'old');
    const words = ['--dir', stage.folder, '--use-key', stage.path('ca.key'), '-o', 'json'];

    const { code, out } = await stage.run('cert', 'request', 'alpha', ...words);

    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), { node: 'alpha', request: 'alpha.csr', key: 'ca.key' });
    assert.ok((await request(stage, 'alpha.csr')).publicKey.equals(createPublicKey(await key(stage, 'ca.key'))));
    assert.throws(() => stage.read('alpha.key'));
  });

  it('makes nothing where one of the keys is there already', async (t) => {
    const stage = new CertStage(t);
    stage.write('beta.key', 'old');

    const { code, err } = await stage.run('cert', 'request', 'alpha', 'beta', '--dir', stage.folder);

    assert.equal(code, 1);
    assert.match(err, /^Error: beta\.key exists and is not overwritten\n/);
    assert.equal(stage.read('beta.key'), 'old');
    assert.throws(() => stage.read('alpha.key'));
  });

  const refused: readonly (readonly [words: string, code: number, text: RegExp])[] = [
    ['a/b', 2, /^Error: no node can be called "a\/b"\n {2}node id can only contain/],
    ['localhost', 2, /^Error: no node can be called "localhost"\n/],
    ['alpha beta --use-key x', 2, /^Error: one key for several nodes\n/],
    ['alpha --key-type ec --bits 2048', 2, /^Error: a key of kind ec has one size\n/],
    ['alpha --key-type ec --ip x', 1, /^Error: invalid IP address: x\n/],
    ['alpha --key-type ec --dns a..b', 1, /^Error: invalid DNS name: a\.\.b\n/],
    ['alpha --use-key no', 1, /^Error: open .*no: no such file or directory\n/],
  ];
  for (const [words, wanted, text] of refused) {
    it(`refuses ${words}`, async (t) => {
      const stage = new CertStage(t);

      const { code, err } = await stage.run('cert', 'request', ...words.split(' '), '--dir', stage.folder);

      assert.equal(code, wanted);
      assert.match(err, text);
      assert.throws(() => stage.read('alpha.csr'));
    });
  }
});

describe('receptor cert sign', () => {
  async function requested(t: ConstructorParameters<typeof CertStage>[0], ...nodes: readonly string[]) {
    const stage = new CertStage(t);
    await stage.authority();
    await stage.run('cert', 'request', ...nodes, '--key-type', 'ec', '--dns', 'localhost', '--dir', stage.folder);
    return stage;
  }

  it('signs each request, and gives each certificate its own number', async (t) => {
    const stage = await requested(t, 'alpha', 'beta');
    const requests = [stage.path('alpha.csr'), stage.path('beta.csr')];

    const { code, out } = await stage.run('cert', 'sign', ...requests, ...signing(stage), '--yes', '--days', '90');

    const facts = [await certificate(stage, 'alpha.crt'), await certificate(stage, 'beta.crt')].map(certificateFacts);
    assert.equal(code, 0);
    assert.match(out, /^alpha\.crt: CN=alpha, until 2026-08-30T00:00:00Z; it goes to the node\.\nbeta\.crt: /);
    assert.deepEqual(
      facts.map(({ issuer, names, validity }) => [issuer, names.nodeIds, validity.from, timeText(validity.to)]),
      [
        ['CN=mesh', ['alpha'], NOW_S - 300, '2026-08-30T00:00:00Z'],
        ['CN=mesh', ['beta'], NOW_S - 300, '2026-08-30T00:00:00Z'],
      ],
    );
    assert.notEqual(facts[0]?.serial, facts[1]?.serial);
    assert.equal((await stage.run('cert', 'check', 'alpha', ...checking(stage))).code, 0);
  });

  const checking = (stage: CertStage): readonly string[] => [
    ...['--cert', stage.path('alpha.crt')],
    ...['--key', stage.path('alpha.key')],
    ...['--ca', stage.path('ca.crt')],
  ];

  it('asks whoever sits there, and heeds the answer', async (t) => {
    const stage = await requested(t, 'alpha');
    const sign = ['cert', 'sign', stage.path('alpha.csr'), ...signing(stage)];
    stage.host.stdin.isTerminal = true;

    stage.host.stdin.pieces = ['no\n'];
    const refused = await stage.run(...sign);
    assert.throws(() => stage.read('alpha.crt'));
    stage.host.stdin.pieces = ['yes\n'];
    const signed = await stage.run(...sign);

    assert.deepEqual([refused.code, signed.code], [1, 0]);
    assert.match(refused.err, /^Requested certificate:\n[\s\S]*Sign certificate \(yes\/no\)\? Error: user declined\n/);
    assert.match(stage.read('alpha.crt'), /^-----BEGIN CERTIFICATE/);
  });

  it('signs nothing where nobody can be asked', async (t) => {
    const stage = await requested(t, 'alpha');

    const { code, err } = await stage.run('cert', 'sign', stage.path('alpha.csr'), ...signing(stage));

    assert.deepEqual([code, err.split('\n')[0]], [2, 'Error: nobody can be asked whether to sign']);
    assert.throws(() => stage.read('alpha.crt'));
  });

  it('signs for no longer than the authority lives, and says so', async (t) => {
    const stage = await requested(t, 'alpha');
    const words = [stage.path('alpha.csr'), ...signing(stage), '--yes', '--days', '3650', '-o', 'json'];

    const { out, err } = await stage.run('cert', 'sign', ...words);

    assert.match(err, /^\{"note":"The authority ends at 2027-06-01T00:00:00Z, and so does what it signs\."\}\n$/);
    const { validTo, certificate: made } = JSON.parse(out) as Record<string, string>;
    assert.deepEqual([validTo, made], ['2027-06-01T00:00:00Z', 'alpha.crt']);
  });

  it('signs nothing with an authority that has ended', async (t) => {
    const stage = await requested(t, 'alpha');
    await stage.authority({ from: NOW_S - 2 * DAY_S, to: NOW_S - DAY_S });

    const { code, err } = await stage.run('cert', 'sign', stage.path('alpha.csr'), ...signing(stage), '--yes');

    assert.equal(code, 1);
    assert.match(err, /^Error: the authority in ca\.crt ended at 2026-05-31T00:00:00Z\n/);
  });

  it('writes over an old certificate, and over nothing else', async (t) => {
    const stage = await requested(t, 'alpha');
    const sign = (cert: string) =>
      stage.run('cert', 'sign', stage.path('alpha.csr'), ...signing(stage), '--yes', '--cert', stage.path(cert));
    const before = ['alpha.csr', 'alpha.key', 'ca.crt', 'ca.key'].map((name) => stage.read(name));
    stage.write('old.crt', 'old');

    const codes: number[] = [];
    for (const name of ['old.crt', 'alpha.csr', 'alpha.key', 'ca.crt', 'ca.key']) {
      codes.push((await sign(name)).code);
    }

    assert.deepEqual(codes, [0, 2, 1, 2, 2]);
    assert.deepEqual(
      ['alpha.csr', 'alpha.key', 'ca.crt', 'ca.key'].map((name) => stage.read(name)),
      before,
    );
  });

  it('gives one file only to one certificate', async (t) => {
    const stage = await requested(t, 'alpha', 'beta');
    const requests = [stage.path('alpha.csr'), stage.path('beta.csr')];

    const { code } = await stage.run('cert', 'sign', ...requests, ...signing(stage), '--yes', '--cert', 'x');

    assert.equal(code, 2);
  });
});
