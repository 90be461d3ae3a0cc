import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { plan, refusal, refuses } from './plan-of.js';

const PIN = 'ab'.repeat(32);
const FILES = ['name=x', 'cert=c.pem', 'key=/k.pem'];

describe('the plan of a TLS configuration', () => {
  it('has the files of a server, from the folder in which it is started', async () => {
    const { node, tlsItems } = await plan('--local-only', '--tls-server', ...FILES);

    assert.deepEqual(node.tlsServers, [
      {
        name: 'x',
        cert: resolve('c.pem'),
        key: '/k.pem',
        skipReceptorNamesCheck: false,
        minTls13: true,
        requireClientCert: false,
        pinnedClientCert: [],
      },
    ]);
    assert.deepEqual(node.tlsClients, []);
    assert.deepEqual(
      tlsItems.map(({ label }) => label),
      ['--tls-server'],
    );
  });

  it('has everything else that is said of a server, and of a client', async () => {
    const common = ['skipreceptornamescheck=yes', 'mintls13=false'];
    const { node } = await plan(
      ...['--local-only', '--tls-server', ...FILES, ...common],
      ...['requireclientcert=true', 'clientcas=/cas', `pinnedclientcert=${PIN}`],
      ...['--tls-client', ...FILES, ...common],
      ...['insecureskipverify=true', 'rootcas=/roots', `pinnedservercert=["${PIN}","${PIN}${PIN}"]`],
    );

    const [{ cert: _cert, key: _key, name: _name, ...server } = {} as never] = node.tlsServers ?? [];
    const [{ cert: _c, key: _k, name: _n, ...client } = {} as never] = node.tlsClients ?? [];
    const both = { skipReceptorNamesCheck: true, minTls13: false };
    assert.deepEqual(server, { ...both, requireClientCert: true, clientCas: '/cas', pinnedClientCert: [PIN] });
    assert.deepEqual(client, {
      ...both,
      insecureSkipVerify: true,
      rootCas: '/roots',
      pinnedServerCert: [PIN, PIN + PIN],
    });
  });

  it('has fingerprints of the right length', async () => {
    const words = 'fingerprints must be 32 or 64 bytes for sha256 or sha512';
    await refuses(
      ['--local-only', '--tls-server', ...FILES, 'pinnedclientcert=abcd'],
      `error preparing tls server config: ${words}`,
      'argument 6, --tls-server, pinnedclientcert',
    );
    await refuses(
      ['--local-only', '--tls-client', ...FILES, `pinnedservercert=${'zz'.repeat(32)}`],
      `error preparing tls client config: ${words}`,
      'argument 6, --tls-client, pinnedservercert',
    );
  });

  it('is known by a name that others may use; and it is told which there are', async () => {
    const { node } = await plan(
      ...['--tls-server', ...FILES, '--tcp-listener', '0', 'tls=x', '--ws-listener', '0', 'tls=x'],
      ...['--control-service', 'filename=c.sock', 'tcplisten=0', 'tcptls=x', 'tls=x'],
    );
    assert.deepEqual(
      node.listeners?.map(({ tls }) => tls),
      ['x', 'x'],
    );
    assert.deepEqual(
      node.controlServices?.map(({ tls, sockets }) => [tls, sockets?.[1]?.tls]),
      [['x', 'x']],
    );

    const servers = ['--tls-server', ...FILES, '--tcp-listener', '0', 'tls=y'];
    assert.match(await refusal(...servers), /^Error: unknown TLS config y \(at argument 7, .*; there are: x\)$/);
    const clients = ['--tls-server', ...FILES, '--tcp-peer', 'b:1', 'tls=x'];
    assert.match(await refusal(...clients), /^Error: unknown TLS config x \(at argument 7, .*; define it first: /);
  });
});
