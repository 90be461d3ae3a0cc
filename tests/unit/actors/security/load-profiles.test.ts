import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { MeshError } from '../../../../actors/errors.js';
import { loadProfiles, type ProfileSource } from '../../../../actors/security/load-profiles.js';
import type { TlsClientOptions, TlsServerOptions } from '../../../../actors/security/tls-options.js';
import { FileError, type FilePort } from '../../../../runtime/file-port.js';
import { MeshAuthority } from '../../../support/mesh-certificates.js';
import { nodeId } from '../node-parts.js';

const AUTHORITY = new MeshAuthority();
const OTHER = new MeshAuthority('somebody else');
const PAIR = AUTHORITY.sign({ nodeIds: ['s1'] });
const PIN = createHash('sha256').update(PAIR.der).digest('hex');
const LONG_PIN = createHash('sha512').update(PAIR.der).digest('hex');
const ODD_KEY = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;

const FILES: Readonly<Record<string, string>> = {
  cert: PAIR.certificatePem + AUTHORITY.certificatePem,
  key: PAIR.keyPem,
  cas: AUTHORITY.certificatePem + OTHER.certificatePem,
  empty: 'nothing',
  otherkey: OTHER.keyPem,
};

const SERVER: TlsServerOptions = { name: 's', cert: 'cert', key: 'key' };
const CLIENT: TlsClientOptions = { name: 'c', cert: 'cert', key: 'key' };

/** A disk with these files, on a machine with one authority of its own. */
class Source implements ProfileSource {
  readonly self = nodeId('s1');
  asked = 0;
  readonly #more: Readonly<Record<string, string>>;

  constructor(more: Readonly<Record<string, string>> = {}) {
    this.#more = more;
  }

  get files(): FilePort {
    const read = (path: string, max: number): Promise<Uint8Array> => {
      const text = this.#more[path] ?? FILES[path];
      if (text === undefined) {
        return Promise.reject(new FileError('not-found', path, 'no such file'));
      }
      const isFit = text.length <= max;
      return isFit
        ? Promise.resolve(new TextEncoder().encode(text))
        : Promise.reject(new FileError('too-large', path, `${path} has more than ${max} bytes`));
    };
    const files: Pick<FilePort, 'read'> = { read };
    return files as FilePort; // nothing else is asked of it
  }

  systemAuthorities(): Promise<readonly [typeof OTHER.certificate]> {
    this.asked += 1;
    return Promise.resolve([OTHER.certificate]);
  }
}

async function server(options: Partial<TlsServerOptions>, source = new Source()) {
  const { servers } = await loadProfiles({ servers: [{ ...SERVER, ...options }], clients: [] }, source);
  const profile = servers.get('s');
  assert.ok(profile !== undefined);
  return profile;
}

async function client(options: Partial<TlsClientOptions>, source = new Source()) {
  const { clients } = await loadProfiles({ servers: [], clients: [{ ...CLIENT, ...options }] }, source);
  const profile = clients.get('c');
  assert.ok(profile !== undefined);
  return profile;
}

/** The fault of a configuration, which names it. */
async function fault(load: Promise<unknown>): Promise<{ readonly text: string; readonly data: unknown }> {
  try {
    await load;
  } catch (thrown) {
    assert.ok(thrown instanceof MeshError, `${thrown}`);
    assert.equal(thrown.code, 'invalid-configuration');
    return { text: thrown.message, data: thrown.data };
  }
  return assert.fail('it was loaded');
}

describe('the profiles of TLS configurations', () => {
  it('have the certificate with its chain, and the key', async () => {
    const { credentials, names, minVersion } = await server({});

    assert.deepEqual(
      credentials.chain.map(({ raw }) => raw),
      [PAIR.certificate.raw, AUTHORITY.certificate.raw],
    );
    assert.equal(credentials.keyPem, PAIR.keyPem);
    assert.deepEqual([names, minVersion], ['checked', 'TLSv1.3']);
  });

  it('let everybody come, and ask for no authority, where nothing is said of clients', async () => {
    const source = new Source();

    const { clients, authorities } = await server({ pinnedClientCert: [PIN] }, source);

    assert.equal(clients, 'anybody');
    assert.deepEqual(authorities, []);
    assert.equal(source.asked, 0);
  });

  it('demand a certificate of clients for requireclientcert, and for clientcas alone as the reference does', async () => {
    const required = await server({ requireClientCert: true });
    const listed = await server({ clientCas: 'cas', requireClientCert: false });

    assert.equal(required.clients, 'certified');
    assert.deepEqual(required.authorities, [OTHER.certificate], 'those of the machine');
    assert.equal(listed.clients, 'certified');
    assert.deepEqual(
      listed.authorities.map(({ raw }) => raw),
      [AUTHORITY.certificate.raw, OTHER.certificate.raw],
    );
  });

  it('of a client trust the authorities of its file, or of the machine, or everybody', async () => {
    const listed = await client({ rootCas: 'cas' });
    const system = await client({});
    const careless = await client({ insecureSkipVerify: true });

    assert.equal(listed.authorities?.length, 2);
    assert.deepEqual(system.authorities, [OTHER.certificate]);
    assert.deepEqual([listed.verification, system.verification, careless.verification], ['full', 'full', 'none']);
  });

  it('take what they are told of versions, names and pins', async () => {
    const text = PIN.toUpperCase().replace(/..(?!$)/g, '$&:');
    const options = { minTls13: false, skipReceptorNamesCheck: true };

    const taken = await client({ ...options, pinnedServerCert: [text, LONG_PIN] });
    const other = await server({ ...options, pinnedClientCert: [PIN] });

    assert.deepEqual(taken.pins, [
      { algorithm: 'sha256', hex: PIN },
      { algorithm: 'sha512', hex: LONG_PIN },
    ]);
    assert.deepEqual([taken.names, taken.minVersion], ['skipped', 'TLSv1.2']);
    assert.deepEqual([other.names, other.minVersion, other.pins.length], ['skipped', 'TLSv1.2', 1]);
  });

  it('refuse a certificate that does not name this node, exactly so', async () => {
    const { text, data } = await fault(server({}, new Source({ ...strangerFiles() })));
    const words = 'nodeID=s1 not found in certificate name(s); names found=[s2 S1]; cfg section=s; server cert=cert';

    assert.equal(text, `error preparing tls server config: ${words}`);
    assert.deepEqual(data, { field: 'tlsServers[0].cert', section: 'tls-server', at: 0, parameter: 'cert' });
    await server({ skipReceptorNamesCheck: true }, new Source({ ...strangerFiles() }));
  });

  it('call the certificate of a client a server cert, too, in the words that operators look for', async () => {
    const { text } = await fault(client({}, new Source({ ...strangerFiles() })));

    assert.match(text, /^error preparing tls client config: nodeID=s1 .*; cfg section=c; server cert=cert$/);
  });

  const FAULTS: readonly (readonly [what: string, Partial<TlsClientOptions>, parameter: string, RegExp])[] = [
    ['a file that is not there', { cert: 'gone' }, 'cert', /: open gone: no such file or directory$/],
    ['a key that is not there', { key: 'gone' }, 'key', /: open gone: no such file or directory$/],
    ['a bundle that is not there', { rootCas: 'gone' }, 'rootcas', /: open gone: no such file or directory$/],
    ['a file without a certificate', { cert: 'empty' }, 'cert', /: empty: there is no certificate in it$/],
    ['a bundle without a certificate', { rootCas: 'empty' }, 'rootcas', /: empty: there is no certificate in it$/],
    ['a key that is none', { key: 'empty' }, 'key', /: empty: private key: /],
    ['a key of another certificate', { key: 'otherkey' }, 'key', /: otherkey: private key does not match public key/],
    ['a pin of the wrong length', { pinnedServerCert: [PIN, 'ab'] }, 'pinnedservercert', /must be 32 or 64 bytes/],
    ['a pin that is no hex', { pinnedServerCert: ['x'.repeat(64)] }, 'pinnedservercert', /must be 32 or 64 bytes/],
  ];

  for (const [what, options, parameter, text] of FAULTS) {
    it(`refuse ${what}, and name the parameter`, async () => {
      const found = await fault(client(options));

      assert.match(found.text, /^error preparing tls client config: /);
      assert.match(found.text, text);
      const [member = ''] = Object.keys(options);
      const place = { section: 'tls-client', at: 0, parameter };
      assert.deepEqual(found.data, { field: `tlsClients[0].${member}`, ...place });
    });
  }

  it('refuse a key that no handshake of TLS 1.3 can use, before anybody comes', async () => {
    const { certificatePem } = AUTHORITY.sign({ nodeIds: ['s1'], key: ODD_KEY });
    const key = `${ODD_KEY.export({ type: 'pkcs8', format: 'pem' })}`;

    const { text, data } = await fault(server({}, new Source({ cert: certificatePem, key })));

    assert.match(text, /: key: private key of a kind or size that TLS 1\.3 does not sign with$/);
    assert.deepEqual(Reflect.get(Object(data), 'parameter'), 'key');
  });

  it('refuse a file that is far too long', async () => {
    const { text } = await fault(client({}, new Source({ cert: 'x'.repeat(1_048_577) })));

    assert.match(text, /more than 1048576 bytes/);
  });

  it('are the last of those with one name; and the first fault is told, with its number', async () => {
    const source = new Source();
    const second = { ...SERVER, minTls13: false };
    const { servers } = await loadProfiles({ servers: [SERVER, second], clients: [] }, source);
    assert.equal(servers.size, 1);
    assert.equal(servers.get('s')?.minVersion, 'TLSv1.2');

    const wrong = { servers: [SERVER, { ...SERVER, key: 'gone' }], clients: [{ ...CLIENT, cert: 'gone' }] };
    const { data } = await fault(loadProfiles(wrong, source));
    assert.equal(Reflect.get(Object(data), 'field'), 'tlsServers[1].key');
  });
});

function strangerFiles(): Readonly<Record<string, string>> {
  const { certificatePem, keyPem } = AUTHORITY.sign({ nodeIds: ['s2', 'S1'] });
  return { cert: certificatePem, key: keyPem };
}
