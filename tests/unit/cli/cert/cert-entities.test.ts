import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { runCertEntity } from '../../../../cli/cert/cert-entities.js';
import { CertFiles } from '../../../../cli/cert/cert-files.js';
import { timeText } from '../../../../cli/cert/cert-time.js';
import { certificateFacts } from '../../../../cli/cert/certificate.js';
import { ConfigError } from '../../../../cli/config/config-error.js';
import { loadConfig } from '../../../../cli/config/load.js';
import { systemFiles } from '../../../../runtime/io/files.js';
import { chainRefusal } from '../../../../runtime/security/chain.js';
import { VirtualClock } from '../../../../runtime/simulation/virtual-clock.js';
import { FakeOutput } from '../log/text-output.js';
import { CertStage, NOW_S, saying } from './cert-stage.js';

const reader = new CertFiles(systemFiles);

/** Runs an entity in the folder of the stage; `FILE` in a word is a file there. */
async function run(stage: CertStage, line: string, input = saying()): Promise<string> {
  const output = new FakeOutput();
  const words = line.split(' ').map((word) => word.replace(/(cert|key|req)=(.+)/, `$1=${stage.folder}/$2`));
  const [item] = (await loadConfig(words)).items;
  assert.ok(item !== undefined);
  await runCertEntity(item, { files: systemFiles, clock: new VirtualClock(), output, input });
  return output.text;
}

async function refused(stage: CertStage, line: string, text: RegExp): Promise<void> {
  await assert.rejects(run(stage, line), (thrown) => {
    assert.ok(thrown instanceof ConfigError, String(thrown));
    assert.match(thrown.line.replaceAll(`${stage.folder}/`, ''), text);
    return true;
  });
}

const INIT = '--cert-init commonname=mesh bits=2048 outcert=ca.crt outkey=ca.key';
const REQUEST = '--cert-makereq commonname=alpha nodeid=alpha dnsname=localhost';
const SIGN = '--cert-signreq req=a.csr cacert=ca.crt cakey=ca.key outcert=a.crt';

describe('--cert-init', () => {
  it('makes an authority for ten years, numbered by the second', async (t) => {
    const stage = new CertStage(t);

    assert.equal(await run(stage, INIT), '');

    const certificate = await reader.certificate({ path: stage.path('ca.crt'), parameter: '' });
    const key = await reader.privateKey({ path: stage.path('ca.key'), parameter: '' });
    const { subject, serial, validity, signatureAlgorithm } = certificateFacts(certificate);
    assert.deepEqual(
      [subject, serial, signatureAlgorithm],
      ['CN=mesh', NOW_S.toString(16).toUpperCase(), 'SHA256-RSA'],
    );
    assert.deepEqual([validity.from, timeText(validity.to)], [NOW_S, '2036-06-01T00:00:00Z']);
    assert.ok(certificate.checkPrivateKey(key));
    assert.deepEqual([stage.mode('ca.crt'), stage.mode('ca.key')], [0o600, 0o600]);
    assert.match(stage.read('ca.key'), /^-----BEGIN RSA PRIVATE KEY-----\n/);
  });

  it('heeds the times that are given', async (t) => {
    const stage = new CertStage(t);

    await run(stage, `${INIT} notbefore=2026-01-01T00:00:00Z notafter=2027-01-01T01:00:00+01:00`);

    const certificate = await reader.certificate({ path: stage.path('ca.crt'), parameter: '' });
    const { from, to } = certificateFacts(certificate).validity;
    assert.deepEqual([from, to].map(timeText), ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']);
  });

  it('overwrites neither key nor certificate, unless it is told to', async (t) => {
    const stage = new CertStage(t);
    stage.write('ca.key', 'old');

    await refused(
      stage,
      INIT,
      /^Error: ca\.key exists and is not overwritten \(at argument 5, --cert-init, outkey; .*force=true/,
    );
    assert.equal(stage.read('ca.key'), 'old');
    assert.throws(() => stage.read('ca.crt'));
    await run(stage, `${INIT} force=true`);
    assert.notEqual(stage.read('ca.key'), 'old');
  });

  it('is refused with the place and the cure', async (t) => {
    const stage = new CertStage(t);

    await refused(
      stage,
      INIT.replace('2048', '512'),
      /^Error: rsa: key too small \(at argument 3, --cert-init, bits; give 2048/,
    );
    await refused(
      stage,
      INIT.replace('mesh', ''),
      /^Error: must provide CommonName \(at argument 2, --cert-init, commonname/,
    );
    await refused(stage, `${INIT} notafter=tomorrow`, /^Error: parsing time "tomorrow" as .*notafter; write it as/);
    await refused(stage, `${INIT} notafter=2020-01-01T00:00:00Z`, /^Error: a certificate cannot end at 2020-/);
    await refused(stage, INIT.replace('ca.crt', 'ca.key'), /ca\.key is given twice/);
  });
});

describe('--cert-makereq', () => {
  it('makes a key and a request, or takes a key that is there', async (t) => {
    const stage = new CertStage(t);

    await run(stage, `${REQUEST} ipaddress=127.0.0.1 bits=2048 outreq=a.csr outkey=a.key`);
    await run(stage, `${REQUEST} nodeid=beta outreq=b.csr inkey=a.key`);

    const [first, second] = [
      await reader.request({ path: stage.path('a.csr'), parameter: '' }),
      await reader.request({ path: stage.path('b.csr'), parameter: '' }),
    ];
    const key = createPublicKey(await reader.privateKey({ path: stage.path('a.key'), parameter: '' }));
    assert.deepEqual(first.names, { dns: ['localhost'], addresses: ['127.0.0.1'], nodeIds: ['alpha'], others: [] });
    assert.deepEqual(second.names.nodeIds, ['alpha', 'beta']);
    assert.ok(first.publicKey.equals(key) && second.publicKey.equals(key));
    assert.deepEqual([first.subject, first.possession, stage.mode('a.csr')], ['CN=alpha', 'proven', 0o600]);
  });

  it('is refused where the key is not clear, in the words of the reference', async (t) => {
    const stage = new CertStage(t);
    const line = `${REQUEST} outreq=a.csr`;

    await refused(stage, line, /^Error: must provide either InKey or OutKey /);
    await refused(stage, `${line} inkey=a outkey=b`, /^Error: cannot use both InKey and OutKey /);
    await refused(stage, `${line} outkey=b`, /^Error: must specify key bits when creating a new key /);
    await refused(
      stage,
      `${line} inkey=a bits=2048`,
      /^Error: cannot specify key bits when reading an already-existing/,
    );
    await refused(stage, `${line} inkey=a`, /^Error: open a: no such file or directory .*inkey/);
  });

  it('is refused for names that are none', async (t) => {
    const stage = new CertStage(t);
    await stage.authority();

    await refused(
      stage,
      `${REQUEST} ipaddress=x outreq=a.csr inkey=ca.key`,
      /^Error: invalid IP address: x .*ipaddress/,
    );
    await refused(
      stage,
      `${REQUEST.replace('localhost', 'a..b')} outreq=a.csr inkey=ca.key`,
      /^Error: invalid DNS name/,
    );
  });

  it('overwrites a request, and no key', async (t) => {
    const stage = new CertStage(t);
    await stage.authority();
    stage.write('a.csr', 'old');

    await refused(stage, `${REQUEST} bits=2048 outreq=b.csr outkey=ca.key`, /^Error: ca\.key exists and is not/);
    await refused(stage, `${REQUEST} inkey=ca.key outreq=ca.key`, /^Error: ca\.key holds a private key and is not/);
    await run(stage, `${REQUEST} inkey=ca.key outreq=a.csr`);
    assert.match(stage.read('a.csr'), /^-----BEGIN CERTIFICATE REQUEST-----\n/);
  });
});

describe('--cert-signreq', () => {
  async function requested(t: ConstructorParameters<typeof CertStage>[0]) {
    const stage = new CertStage(t);
    const authority = await stage.authority();
    stage.write('a.key', stage.read('ca.key'));
    await run(stage, `${REQUEST} outreq=a.csr inkey=a.key`);
    return { stage, authority };
  }

  it('asks, and signs for a year', async (t) => {
    const { stage, authority } = await requested(t);

    const text = await run(stage, SIGN, saying('yes\n'));

    const certificate = await reader.certificate({ path: stage.path('a.crt'), parameter: '' });
    const { from, to } = certificateFacts(certificate).validity;
    assert.match(text, /^Requested certificate:\n {2}Subject: CN=alpha\n[\s\S]*\nSign certificate \(yes\/no\)\? $/);
    assert.deepEqual([from, to].map(timeText), ['2026-06-01T00:00:00Z', '2027-06-01T00:00:00Z']);
    const question = { presented: [certificate.raw], authorities: [authority.certificate], wallMs: NOW_S * 1_000 };
    assert.equal(chainRefusal({ ...question, purpose: 'server' }), undefined);
    assert.equal(stage.mode('a.crt'), 0o600);
  });

  it('signs nothing after a no', async (t) => {
    const { stage } = await requested(t);

    await assert.rejects(run(stage, SIGN, saying('no\n')), /user declined/);
    assert.throws(() => stage.read('a.crt'));
  });

  it('does not ask with verify=true, and writes over an old certificate', async (t) => {
    const { stage } = await requested(t);
    stage.write('a.crt', 'old');

    assert.equal(await run(stage, `${SIGN} verify=true`), '');
    assert.match(stage.read('a.crt'), /^-----BEGIN CERTIFICATE-----\n/);
  });

  it('writes over no key, no authority and no request', async (t) => {
    const { stage } = await requested(t);
    const [ca, key, request] = ['ca.crt', 'a.key', 'a.csr'].map((name) => stage.read(name));

    for (const [name, text] of [
      ['a.key', /^Error: a\.key holds a private key and is not overwritten/],
      ['ca.crt', /^Error: outcert is the same file as cacert/],
      ['a.csr', /^Error: outcert is the same file as req/],
    ] as const) {
      await refused(stage, `${SIGN.replace('outcert=a.crt', `outcert=${name}`)} verify=true`, text);
    }
    assert.deepEqual(
      ['ca.crt', 'a.key', 'a.csr'].map((name) => stage.read(name)),
      [ca, key, request],
    );
  });

  it('is refused without names', async (t) => {
    const { stage } = await requested(t);
    await run(stage, '--cert-makereq commonname=a outreq=a.csr inkey=a.key');

    await refused(
      stage,
      `${SIGN} verify=true`,
      /^Error: cannot sign: no names found in certificate .*--cert-signreq, req/,
    );
  });
});
