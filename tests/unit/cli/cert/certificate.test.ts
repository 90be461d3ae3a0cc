import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { receptorNamesOf } from '../../../../actors/security/receptor-names.js';
import { NO_NAMES } from '../../../../cli/cert/alternative-names.js';
import { CertError } from '../../../../cli/cert/cert-error.js';
import {
  authorityCertificate,
  certificateFacts,
  nodeCertificate,
  readCertificate,
} from '../../../../cli/cert/certificate.js';
import { commonNameDer } from '../../../../cli/cert/distinguished-name.js';
import { isSameKey, newKey } from '../../../../cli/cert/keys.js';
import { makeRequest, readRequest } from '../../../../cli/cert/request.js';
import { chainRefusal } from '../../../../runtime/security/chain.js';
import { extensionsOf } from '../../../../runtime/security/extensions.js';
import { DAY_S, NOW_S, newAuthority, newNode } from './cert-stage.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the certificate of an authority', () => {
  it('has the extensions of the reference in its order, and is signed by itself', async () => {
    const { certificate } = await newAuthority();
    const facts = certificateFacts(certificate);

    assert.deepEqual(
      [facts.subject, facts.issuer, facts.serial, facts.validity, facts.names, facts.signatureAlgorithm],
      ['CN=mesh', 'CN=mesh', '01', { from: NOW_S - DAY_S, to: NOW_S + 365 * DAY_S }, NO_NAMES, 'ECDSA-SHA256'],
    );
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.ca, true);
    assert.equal(facts.keyIdentifier?.length, 20);
    assert.ok(
      hex(certificate.raw).includes(
        `300e0603551d0f0101ff040403020284${'301d0603551d250416301406082b0601050507030206082b06010505070301'}` +
          `300f0603551d130101ff040530030101ff301d0603551d0e04160414${hex(facts.keyIdentifier ?? new Uint8Array(0))}`,
      ),
    );
  });
});

describe('the certificate of a node', () => {
  it('has the extensions of the reference in its order, and the names that were asked for', async () => {
    const authority = await newAuthority();
    const { certificate, key } = await newNode('alpha', authority);
    const facts = certificateFacts(certificate);
    const id = hex(certificateFacts(authority.certificate).keyIdentifier ?? new Uint8Array(0));

    assert.deepEqual([facts.subject, facts.issuer], ['CN=alpha', 'CN=mesh']);
    assert.deepEqual(facts.names, { dns: ['localhost'], addresses: [], nodeIds: ['alpha'], others: [] });
    assert.deepEqual(receptorNamesOf(certificate.raw), ['alpha']);
    assert.equal(extensionsOf(certificate.raw)?.isAuthority, undefined);
    assert.ok(isSameKey(certificate.publicKey, key));
    assert.ok(
      hex(certificate.raw).includes(
        `300e0603551d0f0101ff040403020780${'301d0603551d250416301406082b0601050507030206082b06010505070301'}` +
          `301f0603551d23041830168014${id}`,
      ),
    );
  });

  for (const kind of ['rsa', 'ec', 'ed25519'] as const) {
    it(`is accepted at both ends, with keys of the kind ${kind}`, async () => {
      const validity = { from: NOW_S, to: NOW_S + DAY_S };
      const [caKey, key] = [await newKey({ kind }), await newKey({ kind })];
      const above = authorityCertificate(commonNameDer('mesh'), caKey, { serial: Uint8Array.of(0x80), validity });
      const request = readRequest(makeRequest({ commonName: 'a', names: { ...NO_NAMES, nodeIds: ['a'] } }, key));
      const wanted = {
        subject: request.subjectDer,
        publicKey: request.publicKey,
        names: request.namesExtension ?? assert.fail('no names'),
      };

      const leaf = nodeCertificate(wanted, { certificate: above, key: caKey }, { serial: Uint8Array.of(2), validity });

      for (const purpose of ['server', 'client'] as const) {
        const question = { presented: [leaf.raw], authorities: [above], purpose };
        assert.equal(chainRefusal({ ...question, wallMs: NOW_S * 1_000 }), undefined);
        assert.match(chainRefusal({ ...question, wallMs: (NOW_S + 2 * DAY_S) * 1_000 }) ?? '', /expired/);
      }
      assert.equal(certificateFacts(above).serial, '80');
    });
  }
});

describe('what is no certificate', () => {
  it('is an error that says what is expected', () => {
    assert.throws(
      () => readCertificate(Buffer.from('3000', 'hex')),
      (thrown) => thrown instanceof CertError && thrown.code === 'file-content' && thrown.cure !== '',
    );
  });
});
