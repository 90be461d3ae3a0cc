import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_NAMES } from '../../../../cli/cert/alternative-names.js';
import { CertError, type CertErrorCode } from '../../../../cli/cert/cert-error.js';
import { CertFiles } from '../../../../cli/cert/cert-files.js';
import {
  demandCommonName,
  demandInTime,
  demandSignable,
  loadAuthority,
  makeAuthority,
  signRequest,
} from '../../../../cli/cert/cert-making.js';
import { certificateFacts } from '../../../../cli/cert/certificate.js';
import { newKey } from '../../../../cli/cert/keys.js';
import { makeRequest, readRequest } from '../../../../cli/cert/request.js';
import { systemFiles } from '../../../../runtime/io/files.js';
import { CertStage, DAY_S, NOW_S, newAuthority } from './cert-stage.js';

const files = new CertFiles(systemFiles);
const FILE = { path: 'a.csr', parameter: 'req' };
const SOON = { serial: Uint8Array.of(9), validity: { from: NOW_S, to: NOW_S + DAY_S } };
const NAMES = { dns: [], addresses: [], nodeIds: ['alpha'] };

const like =
  (code: CertErrorCode, text: RegExp, parameter?: string) =>
  (thrown: unknown): boolean => {
    assert.ok(thrown instanceof CertError, String(thrown));
    assert.match(thrown.message, text);
    return thrown.code === code && thrown.parameter === parameter;
  };

async function requestOf(names = NAMES) {
  return readRequest(makeRequest({ commonName: 'alpha', names }, await newKey({ kind: 'ec' })));
}

describe('making an authority', () => {
  it('gives it the name, and needs one', async () => {
    const key = await newKey({ kind: 'ec' });

    assert.equal(certificateFacts(makeAuthority('mesh', key, SOON)).subject, 'CN=mesh');
    assert.throws(() => makeAuthority('', key, SOON), like('name-invalid', /^must provide CommonName$/, 'commonname'));
    assert.throws(() => demandCommonName(''), CertError);
  });

  it('is refused where it would end before it begins', async () => {
    const what = { ...SOON, validity: { from: NOW_S, to: NOW_S } };
    const key = await newKey({ kind: 'ec' });

    assert.throws(
      () => makeAuthority('mesh', key, what),
      like('time-invalid', /^a certificate cannot end/, 'notafter'),
    );
  });
});

describe('loading an authority', () => {
  const named = (stage: CertStage, cert: string, key: string) =>
    [
      { path: stage.path(cert), parameter: 'cacert' },
      { path: stage.path(key), parameter: 'cakey' },
    ] as const;

  it('gives its certificate and its key', async (t) => {
    const stage = new CertStage(t);
    await stage.authority();

    const { certificate, key } = await loadAuthority(files, ...named(stage, 'ca.crt', 'ca.key'));

    assert.ok(certificate.checkPrivateKey(key));
  });

  it('is refused where the two do not belong together', async (t) => {
    const stage = new CertStage(t);
    await stage.node('alpha', await stage.authority());

    await assert.rejects(
      loadAuthority(files, ...named(stage, 'ca.crt', 'alpha.key')),
      like('authority-unfit', /^x509: provided PrivateKey doesn't match parent's PublicKey$/, 'cakey'),
    );
  });

  it('is refused where it is none', async (t) => {
    const stage = new CertStage(t);
    await stage.node('alpha', await stage.authority());

    await assert.rejects(
      loadAuthority(files, ...named(stage, 'alpha.crt', 'alpha.key')),
      like('authority-unfit', /alpha\.crt is not the certificate of an authority$/, 'cacert'),
    );
  });
});

describe('signing', () => {
  it('takes over what was asked for', async () => {
    const [authority, request] = [await newAuthority(), await requestOf()];

    const facts = certificateFacts(signRequest(request, authority, SOON));

    assert.deepEqual(
      [facts.subject, facts.issuer, facts.serial, facts.validity, facts.names.nodeIds],
      ['CN=alpha', 'CN=mesh', '09', SOON.validity, ['alpha']],
    );
  });

  it('is refused without names', async () => {
    const request = await requestOf({ ...NAMES, nodeIds: [] });
    const bare = { ...request, namesExtension: undefined };

    assert.throws(() => demandSignable(request, FILE), like('request-unfit', /^cannot sign: no names found/, 'req'));
    const authority = await newAuthority();
    assert.throws(() => signRequest(bare, authority, SOON), like('request-unfit', /^cannot sign: no names/, 'req'));
    demandSignable({ ...request, names: { ...NO_NAMES, dns: ['a'] } }, FILE);
  });

  it('is refused for a request whose key nobody is known to have', async () => {
    const request = await requestOf();

    demandSignable(request, FILE);
    assert.throws(
      () => demandSignable({ ...request, possession: 'unproven' }, FILE),
      like('request-unfit', /^the signature of a\.csr is wrong$/, 'req'),
    );
  });

  it('is refused with an authority that has ended, or has not begun', async () => {
    const authority = await newAuthority('mesh', SOON.validity);
    const ca = { path: 'ca.crt', parameter: 'x' };

    demandInTime(authority, NOW_S, ca);
    demandInTime(authority, NOW_S + DAY_S, ca);
    assert.throws(
      () => demandInTime(authority, NOW_S - 1, ca),
      like('authority-unfit', /begins at 2026-06-01T00/, 'x'),
    );
    assert.throws(() => demandInTime(authority, NOW_S + DAY_S + 1, ca), like('authority-unfit', /ended at 2026-/, 'x'));
  });
});
