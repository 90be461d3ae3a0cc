import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { secureAccepted, secureDialled } from '../../../../runtime/io/secure-socket.js';
import { parseFingerprint } from '../../../../runtime/security/fingerprint.js';
import { type ClientProfile, PLAIN_CLIENT, type ServerProfile } from '../../../../runtime/security/profile.js';
import {
  authority,
  certificate,
  clientProfile,
  credentialsOf,
  extension,
  OID,
  purposes,
  serverNames,
  serverProfile,
  TODAY_MS,
} from '../../../support/certificate-maker.js';
import { realStage, until } from './real-stage.js';
import { securedParties } from './session-stage.js';
import { listenTo, scriptedServer, tcpEnds, untilNoTimers } from './socket-ends.js';

const { root, server, client } = securedParties();
const TRUSTED = [root.certificate];
const middle = certificate({ name: 'middle', by: root, extensions: [authority()] });
const SERVING = serverProfile(credentialsOf(server));
const DIALLING = clientProfile(TRUSTED);
const MUTUAL: Partial<ServerProfile> = { clients: 'certified', authorities: TRUSTED };

/** What one end of a handshake has come to. */
class End {
  /** `secured`, `CODE: text`. */
  readonly news: string[] = [];
  socket: TLSSocket | undefined;
  shown: Uint8Array | undefined;

  readonly handler = {
    secured: (socket: TLSSocket, shown: Uint8Array | undefined): void => {
      this.news.push('secured');
      this.socket = socket;
      this.shown = shown;
    },
    failed: ({ code, text }: { readonly code: string; readonly text: string }): void => {
      this.news.push(`${code}: ${text}`);
    },
  };
}

interface Handshake {
  readonly serving?: ServerProfile;
  readonly dialling?: ClientProfile;
  readonly host?: string;
}

/** Both ends of a handshake, each of which has come to its end. */
async function handshake(t: TestContext, { serving = SERVING, dialling = DIALLING, host = 'localhost' }: Handshake) {
  const [near, far] = await tcpEnds(t);
  const [here, there] = [new End(), new End()];
  secureAccepted(far, () => serving, there.handler);
  secureDialled(near, { profile: dialling, host }, here.handler);
  await until(() => here.news.length > 0 && there.news.length > 0);
  t.after(() => {
    here.socket?.destroy();
    there.socket?.destroy();
  });
  return { here, there, near, far };
}

const leafOf = (...extensions: readonly Uint8Array[]) => certificate({ name: 's', by: root, extensions });

describe('a handshake', () => {
  it('secures both ends, and bytes pass both ways', async (t) => {
    const { here, there } = await handshake(t, {});
    const [one, other] = [here.socket ?? assert.fail(`${here.news}`), there.socket ?? assert.fail(`${there.news}`)];
    const [heardHere, heardThere] = [listenTo(one), listenTo(other)];
    one.write('question');
    other.write('answer');
    await until(() => heardHere.text === 'answer' && heardThere.text === 'question');

    assert.deepEqual([here.news, there.news, one.getProtocol()], [['secured'], ['secured'], 'TLSv1.3']);
  });

  it('tells who the server is, and nothing of a client that was not asked', async (t) => {
    const { here, there } = await handshake(t, { dialling: { ...DIALLING, credentials: credentialsOf(client) } });

    assert.deepEqual([here.shown, there.shown], [server.der, undefined]);
  });

  it('tells who the client is that was asked', async (t) => {
    const { here, there } = await handshake(t, {
      serving: { ...SERVING, ...MUTUAL },
      dialling: { ...DIALLING, credentials: credentialsOf(client) },
    });

    assert.deepEqual([here.shown, there.shown], [server.der, client.der]);
  });

  it('takes chains with authorities between, in any order, on both sides', async (t) => {
    const low = certificate({ name: 's', by: middle, extensions: [serverNames('localhost')] });
    const lowClient = certificate({ name: 'c', by: middle });
    const { here, there } = await handshake(t, {
      serving: { ...SERVING, ...MUTUAL, credentials: credentialsOf(low, root, middle) },
      dialling: { ...DIALLING, credentials: credentialsOf(lowClient, middle) },
    });

    assert.deepEqual(
      [here.news, there.news, here.shown, there.shown],
      [['secured'], ['secured'], low.der, lowClient.der],
    );
  });

  it('may be of TLS 1.2 where both allow it', async (t) => {
    const { near, far, ...ends } = await lowered(t, 'TLSv1.2');

    assert.deepEqual([ends.news, ends.protocol], [['secured'], 'TLSv1.2']);
  });

  it('is refused to who speaks TLS 1.2 only, where 1.3 is asked for', async (t) => {
    const { news } = await lowered(t, 'TLSv1.3');

    assert.match(`${news}`, /^ERR_SSL_UNSUPPORTED_PROTOCOL: ./);
  });

  it('fits a server that has the curves of the reference alone', async (t) => {
    const [near, far] = await tcpEnds(t);
    const here = new End();
    const { createSecureContext, TLSSocket: Raw } = await import('node:tls');
    const { certificatePem: cert, keyPem: key } = SERVING.credentials;
    const context = createSecureContext({ cert, key, ecdhCurve: 'P-521:P-384:P-256' });
    const raw = new Raw(far, { isServer: true, secureContext: context });
    raw.on('error', () => undefined);
    secureDialled(near, { profile: DIALLING, host: 'localhost' }, here.handler);
    await until(() => here.news.length > 0);

    assert.deepEqual(here.news, ['secured']);
  });
});

/** A client of TLS 1.2 against a server of ours: what the server came to. */
async function lowered(t: TestContext, minVersion: ServerProfile['minVersion']) {
  const [near, far] = await tcpEnds(t);
  const there = new End();
  secureAccepted(far, () => ({ ...SERVING, minVersion }), there.handler);
  const { connect } = await import('node:tls');
  const raw = connect({ socket: near, maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  raw.on('error', () => undefined);
  await until(() => there.news.length > 0);
  return { near, far, news: there.news, protocol: there.socket?.getProtocol() };
}

describe('the dialling end', () => {
  for (const [what, host, names] of [
    ['a name', 'localhost', serverNames('other.test', 'LOCALHOST')],
    ['a whole label as wildcard', 'a.mesh.test', serverNames('*.mesh.test')],
    ['an address', '127.0.0.1', serverNames([127, 0, 0, 1])],
    ['an address of IPv6', '::1', serverNames([...new Array<number>(15).fill(0), 1])],
    ['an address of IPv6 with a zone', 'fe80::1%eth0', serverNames([0xfe, 0x80, ...new Array<number>(13).fill(0), 1])],
  ] as const) {
    it(`takes a server by ${what}`, async (t) => {
      const { here } = await handshake(t, { serving: serverProfile(credentialsOf(leafOf(names))), host });

      assert.deepEqual(here.news, ['secured']);
    });
  }

  for (const [what, host, names] of [
    ['another name', 'localhost', serverNames('other.test')],
    ['a wildcard of two labels', 'a.b.mesh.test', serverNames('*.mesh.test')],
    ['a wildcard for a part of a label', 'abc.mesh.test', serverNames('a*.mesh.test')],
    ['another address', '127.0.0.1', serverNames([127, 0, 0, 2])],
    ['an address that is written as a name', '127.0.0.1', serverNames('127.0.0.1')],
    ['its common name alone', 's', extension(OID.unheardOf, Uint8Array.of(5, 0))],
  ] as const) {
    it(`refuses a server with ${what}`, async (t) => {
      const { here, near } = await handshake(t, { serving: serverProfile(credentialsOf(leafOf(names))), host });

      assert.match(`${here.news}`, /^untrusted: failed to verify certificate: certificate is valid for .*, not /);
      assert.ok(near.destroyed);
    });
  }

  const other = certificate({ name: 'other', extensions: [authority()] });
  const names = serverNames('localhost');
  const low = certificate({ name: 'low', by: middle, extensions: [names] });
  const expired = certificate({ name: 's', by: root, extensions: [names], toMs: TODAY_MS - 20_000_000_000 });
  for (const [what, handshakes, text] of [
    ['of an unknown authority', { dialling: clientProfile([other.certificate]) }, /signed by unknown authority$/],
    ['whose chain has a gap', { serving: serverProfile(credentialsOf(low)) }, /signed by unknown authority$/],
    ['whose certificate has expired', { serving: serverProfile(credentialsOf(expired)) }, /has expired/],
    [
      'whose certificate is for clients',
      { serving: serverProfile(credentialsOf(leafOf(names, purposes(OID.clientAuth)))) },
      /not meant for a server$/,
    ],
    ['that the authorities of this machine do not know', { dialling: PLAIN_CLIENT }, /signed by|itself/],
  ] as const) {
    it(`refuses a server ${what}`, async (t) => {
      const { here } = await handshake(t, handshakes);

      assert.match(`${here.news}`, /^untrusted: failed to verify certificate: /);
      assert.match(`${here.news}`, text);
    });
  }

  it('takes any server where nothing is verified, pins included', async (t) => {
    const pin = parseFingerprint('00'.repeat(32)) ?? assert.fail();
    const dialling = clientProfile([], { verification: 'none', pins: [pin] });
    const { here } = await handshake(t, { dialling, host: 'elsewhere.test' });

    assert.deepEqual([here.news, here.shown], [['secured'], server.der]);
  });

  it('takes a server whose certificate is pinned, and no other', async (t) => {
    const good = parseFingerprint(server.certificate.fingerprint512) ?? assert.fail();
    const bad = parseFingerprint(root.certificate.fingerprint256) ?? assert.fail();
    const taken = await handshake(t, { dialling: clientProfile(TRUSTED, { pins: [bad, good] }) });
    const refused = await handshake(t, { dialling: clientProfile(TRUSTED, { pins: [bad] }) });

    assert.deepEqual(taken.here.news, ['secured']);
    assert.deepEqual(refused.here.news, ['untrusted: presented certificate does not match any pinned fingerprint']);
  });

  it('fails at a server that speaks no TLS', async (t) => {
    const [near, far] = await tcpEnds(t);
    const here = new End();
    far.write('SSH-2.0-OpenSSH_9.6\r\n');
    secureDialled(near, { profile: DIALLING, host: 'localhost' }, here.handler);
    await until(() => here.news.length > 0);

    assert.match(`${here.news}`, /^ERR_SSL_/);
    assert.ok(near.destroyed);
  });

  for (const leave of ['end', 'destroy'] as const) {
    it(`fails when the other one leaves meanwhile: ${leave}`, async (t) => {
      const [near, far] = await tcpEnds(t);
      const here = new End();
      secureDialled(near, { profile: DIALLING, host: 'localhost' }, here.handler);
      const heard = listenTo(far);
      await until(() => heard.text.length > 0);
      far[leave]();
      await until(() => here.news.length > 0);

      assert.match(`${here.news}`, /^(tls-closed|ECONNRESET): ./);
      assert.equal(here.news.length, 1);
    });
  }
});

describe('the authorities of this machine', () => {
  /** What a dial comes to in a process that has our root among the authorities of its machine. */
  async function dialled(t: TestContext, host: string, leaf: typeof server): Promise<string> {
    const { root: folder, dispose } = await realStage();
    t.after(dispose);
    writeFileSync(join(folder, 'root.pem'), root.pem);
    const portNumber = await scriptedServer(t, (socket) => {
      secureAccepted(socket, () => serverProfile(credentialsOf(leaf)), new End().handler);
    });
    const [dial, profile] = ['io/sessions.js', 'security/profile.js'].map((path) =>
      JSON.stringify(new URL(`../../../../runtime/${path}`, import.meta.url).href),
    );
    const program = `
      const { systemSessions } = await import(${dial});
      const { PLAIN_CLIENT } = await import(${profile});
      const told = (text) => { console.log(text); process.exit(); };
      systemSessions.dial(
        { transport: 'tcp', host: ${JSON.stringify(host)}, portNumber: ${portNumber} },
        { opened: () => told('opened'), failed: ({ code, text }) => told(code + ': ' + text) },
        { secure: PLAIN_CLIENT },
      );`;
    const run = promisify(execFile);
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'root.pem') };
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env });
    return stdout.trim();
  }

  for (const [host, names] of [
    ['localhost', serverNames('localhost')],
    ['127.0.0.1', serverNames([127, 0, 0, 1])],
  ] as const) {
    it(`are enough for a server that they know, dialled as ${host}`, async (t) => {
      assert.equal(await dialled(t, host, leafOf(names)), 'opened');
    });
  }

  it('are not enough for one that has another name', async (t) => {
    const elsewhere = leafOf(serverNames('elsewhere.test'));

    assert.match(
      await dialled(t, '127.0.0.1', elsewhere),
      /^untrusted: .*valid for DNS:elsewhere\.test, not 127\.0\.0\.1$/,
    );
  });
});

describe('the accepting end', () => {
  const strict = { ...SERVING, ...MUTUAL };
  const stranger = certificate({ name: 'c' });
  const forServers = certificate({ name: 'c', by: root, extensions: [purposes(OID.serverAuth)] });
  for (const [what, credentials, text] of [
    ['shows no certificate', undefined, /^untrusted: client didn't provide a certificate$/],
    ['shows one of its own making', credentialsOf(stranger), /^untrusted: .*signed by unknown authority$/],
    ['shows one for servers', credentialsOf(forServers), /^untrusted: .*not meant for a client$/],
  ] as const) {
    it(`refuses a client that ${what}`, async (t) => {
      const { there, far } = await handshake(t, { serving: strict, dialling: { ...DIALLING, credentials } });

      assert.match(`${there.news}`, text);
      assert.ok(far.destroyed);
    });
  }

  it('takes a client whose certificate is pinned, and no other', async (t) => {
    const good = parseFingerprint(client.certificate.fingerprint256) ?? assert.fail();
    const bad = parseFingerprint(server.certificate.fingerprint256) ?? assert.fail();
    const dialling = { ...DIALLING, credentials: credentialsOf(client) };
    const taken = await handshake(t, { serving: { ...strict, pins: [good] }, dialling });
    const refused = await handshake(t, { serving: { ...strict, pins: [bad] }, dialling });

    assert.deepEqual(taken.there.news, ['secured']);
    assert.deepEqual(refused.there.news, ['untrusted: presented certificate does not match any pinned fingerprint']);
  });

  it('fails at a client that speaks no TLS', async (t) => {
    const [near, far] = await tcpEnds(t);
    const there = new End();
    secureAccepted(far, () => SERVING, there.handler);
    near.write('GET / HTTP/1.1\r\n\r\n');
    await until(() => there.news.length > 0);

    assert.match(`${there.news}`, /^ERR_SSL_HTTP_REQUEST: ./);
    assert.ok(far.destroyed);
  });
});

describe('a handshake that stalls', () => {
  it('fails after 15 seconds, on either side', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const [[near], [, far]] = [await tcpEnds(t), await tcpEnds(t)];
    const [here, there] = [new End(), new End()];
    secureDialled(near, { profile: DIALLING, host: 'localhost' }, here.handler);
    secureAccepted(far, () => SERVING, there.handler);
    t.mock.timers.tick(14_999);
    assert.deepEqual([here.news.length, there.news.length], [0, 0]);
    t.mock.timers.tick(1);
    await untilNoTimers(() => near.destroyed && far.destroyed);

    const told = ['ETIMEDOUT: no TLS handshake within 15 s'];
    assert.deepEqual([here.news, there.news], [told, told]);
  });
});

describe('a socket or a profile that is not fit for a handshake', () => {
  it('is told, not thrown, when the socket is gone already', async (t) => {
    const [near, far] = await tcpEnds(t);
    const [here, there] = [new End(), new End()];
    near.destroy();
    far.destroy();
    secureDialled(near, { profile: DIALLING, host: 'localhost' }, here.handler);
    secureAccepted(far, () => SERVING, there.handler);

    assert.match(`${here.news}`, /^tls-closed: /);
    assert.match(`${there.news}`, /^tls-closed: /);
  });

  it('is told, not thrown, when OpenSSL does not take the key', async (t) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
    const weak = credentialsOf(certificate({ name: 's', key: privateKey }));
    const [near, far] = await tcpEnds(t);
    const [here, there] = [new End(), new End()];
    secureDialled(near, { profile: { ...DIALLING, credentials: weak }, host: 'localhost' }, here.handler);
    secureAccepted(far, () => serverProfile(weak), there.handler);

    for (const { news } of [here, there]) {
      assert.match(`${news}`, /^tls-unusable: the TLS configuration cannot be used: ./);
    }
    assert.ok(near.destroyed && far.destroyed);
  });
});
