import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { type CheckQuestion, checkFindings, isUsableAs, TLS_ROLES } from '../../../../cli/cert/cert-check.js';
import { newKey } from '../../../../cli/cert/keys.js';
import { DAY_S, NOW_S, type NodeOptions, newAuthority, newNode } from './cert-stage.js';

async function questionOf(options: NodeOptions = {}): Promise<CheckQuestion> {
  const authority = await newAuthority();
  const { certificate, key } = await newNode('alpha', authority, options);
  const common = { nodeId: 'alpha', hosts: [], wallMs: NOW_S * 1_000 };
  return { ...common, chain: [certificate], key, authorities: [authority.certificate] };
}

/** Each finding as `weight role,role: text`. */
function told(question: CheckQuestion): readonly string[] {
  return checkFindings(question).map(({ weight, roles, text, cure }) => {
    assert.notEqual(cure, '');
    const whose = roles.length === TLS_ROLES.length ? '' : ` ${roles.join(',')}`;
    return `${weight}${whose}: ${text}`;
  });
}

describe('the check of a certificate', () => {
  it('finds nothing wrong with a good one', async () => {
    const question = await questionOf();

    assert.deepEqual(told(question), []);
    assert.deepEqual(told({ ...question, hosts: ['localhost'] }), []);
  });

  it('finds the key of another one', async () => {
    const question = await questionOf();

    assert.deepEqual(told({ ...question, key: await newKey({ kind: 'ec' }) }), [
      'fault: the private key is not the one of the certificate',
    ]);
    assert.deepEqual(told({ ...question, key: undefined }), []);
  });

  it('finds that it speaks for another node, and says so when only the case differs', async () => {
    const question = await questionOf({ names: { nodeIds: ['Alpha', 'beta'] } });

    const [finding] = checkFindings(question);

    assert.equal(finding?.text, 'it does not speak for the node "alpha": it has only "Alpha", "beta"');
    assert.match(finding?.cure ?? '', /^ids are compared with their case/);
    assert.match(
      checkFindings({ ...question, nodeId: 'x' })[0]?.cure ?? '',
      /receptor cert request x; or set skiprecep/,
    );
    assert.deepEqual(told(await questionOf({ names: { nodeIds: [] } })), [
      'fault: it does not speak for the node "alpha": it has no node id',
    ]);
  });

  it('finds that its time has not come, has passed, or passes soon', async () => {
    const validity = { from: NOW_S, to: NOW_S + 40 * DAY_S };
    const question = await questionOf({ validity });
    const at = (seconds: number) => told({ ...question, wallMs: seconds * 1_000 });

    assert.deepEqual(at(validity.from - 1), ['fault: it begins at 2026-06-01T00:00:00Z']);
    assert.deepEqual(at(validity.from), []);
    assert.deepEqual(at(validity.from + 10 * DAY_S), []);
    assert.deepEqual(at(validity.from + 10 * DAY_S + 1), ['warning: it ends in 29 days, at 2026-07-11T00:00:00Z']);
    assert.deepEqual(at(validity.to + 1), ['fault: it ended at 2026-07-11T00:00:00Z']);
  });

  it('finds that nobody it knows has signed it', async () => {
    const question = await questionOf();
    const { certificate } = await newAuthority('other');

    assert.deepEqual(told({ ...question, authorities: [certificate] }), [
      'fault: certificate signed by unknown authority',
    ]);
    assert.equal(
      checkFindings({ ...question, authorities: [certificate] })[0]?.cure,
      'give the file of the authority that signed it, CN=mesh, with --ca',
    );
    assert.deepEqual(told({ ...question, authorities: undefined }), []);
  });

  it('finds that the authority has ended, or is another one of the same name', async () => {
    const question = await questionOf();
    const ended = await newAuthority('mesh', { from: NOW_S - 2 * DAY_S, to: NOW_S - DAY_S });
    const { certificate } = await newNode('alpha', ended);
    const known = { ...question, chain: [certificate], key: undefined, authorities: [ended.certificate] };
    const other = { ...question, authorities: [(await newAuthority()).certificate] };

    for (const [one, text] of [
      [known, /has expired/],
      [other, /the signature of .* was not made by/],
    ] as const) {
      const [finding, ...rest] = checkFindings(one);
      assert.match(finding?.text ?? '', text);
      assert.match(finding?.cure ?? '', /^look at CN=mesh: /);
      assert.deepEqual(rest, []);
    }
  });

  it('finds which hosts it does not speak for, which only matters to a server', async () => {
    const question = await questionOf({ names: { dns: ['a.example'], addresses: ['192.0.2.1'] } });
    const hosts = ['a.example', '192.0.2.1', 'b.example', '::1'];

    const findings = checkFindings({ ...question, hosts });

    assert.deepEqual(told({ ...question, hosts }), [
      'fault tls-server: it does not speak for the host "b.example"',
      'fault tls-server: it does not speak for the host "::1"',
    ]);
    assert.deepEqual([isUsableAs('tls-server', findings), isUsableAs('tls-client', findings)], [false, true]);
  });

  it('warns of a certificate that no host can be dialled by', async () => {
    const findings = checkFindings(await questionOf({ names: { dns: [] } }));

    assert.deepEqual(
      findings.map(({ weight, roles }) => [weight, roles]),
      [['warning', ['tls-server']]],
    );
    assert.equal(isUsableAs('tls-server', findings), true);
  });

  it('finds that it is meant for one end only, and that its key is too small', () => {
    const certificate = new X509Certificate(CLIENT_ONLY);
    const wallMs = Date.parse(certificate.validFrom);

    const findings = told({
      nodeId: 'alpha',
      chain: [certificate],
      key: undefined,
      authorities: [certificate],
      hosts: ['localhost'],
      wallMs,
    });

    assert.deepEqual(findings, [
      'fault: its key is too small: RSA (1024 bits)',
      'fault tls-server: it is not meant for a server',
    ]);
  });

  it('has nothing to check without a certificate', async () => {
    assert.deepEqual(told({ ...(await questionOf()), chain: [] }), ['fault: there is no certificate in the file']);
  });
});

/**
 * openssl req -x509 -newkey rsa:1024 -nodes -subj /CN=alpha -days 30000 -addext extendedKeyUsage=clientAuth
 *   -addext "subjectAltName=DNS:localhost,otherName:1.3.6.1.4.1.2312.19.1;UTF8:alpha"
 */
const CLIENT_ONLY = `-----BEGIN CERTIFICATE-----
MIICQTCCAaqgAwIBAgIUBT7CKlEne56H/wnLszIv1eQLitUwDQYJKoZIhvcNAQEL
BQAwEDEOMAwGA1UEAwwFYWxwaGEwIBcNMjYxMTI5MTM1MjM0WhgPMjEwOTAxMTgx
MzUyMzRaMBAxDjAMBgNVBAMMBWFscGhhMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB
iQKBgQDZ1I19Z8bthP8Lp9jEDTke3J1CRx1QrtEXiF9Kfu8JyZObwrKJlKZnXu/d
fexJp5tC2uX6qL+ulIyanmILf3kOZ1akVgSIxXr2c9NSBIy9x7ALhOtik3dJNeTe
i7fXeeuYHIgZRGExKymErqOqngjWrITLHNlpQ0lHLTN1AM27PwIDAQABo4GVMIGS
MB0GA1UdDgQWBBRirxnoAhvTMEGQYQ9oRvE0KLtSQTAfBgNVHSMEGDAWgBRirxno
AhvTMEGQYQ9oRvE0KLtSQTAPBgNVHRMBAf8EBTADAQH/MBMGA1UdJQQMMAoGCCsG
AQUFBwMCMCoGA1UdEQQjMCGCCWxvY2FsaG9zdKAUBgkrBgEEAZIIEwGgBwwFYWxw
aGEwDQYJKoZIhvcNAQELBQADgYEApISg407afjXIvSylXmPpL++3ysmPI7Dz2Rwr
oyLAXAM40U2v9HbeuGi4xAKlVOnl/VtNsePrdwMeLAN7t937XBACvxqZ54bSSHEC
Z5PfWQrKpwGsR+rlOJhv1GJAMBhCxufzppz+LvYkYg15gzeGH84rUsOQQWsT7SQz
DnfkVHU=
-----END CERTIFICATE-----
`;
