import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { connect } from 'node:tls';
import { MeshAuthority, type MeshPair, type Wanted } from '../support/mesh-certificates.js';
import { Place, type Program, until } from './daemon-process.js';

const AUTHORITY = new MeshAuthority('the mesh');
const STRANGER = new MeshAuthority('a stranger');
const HOUR_MS = 3_600_000;

type Transport = 'tcp' | 'ws' | 'udp';

/** The files of a node: its certificate, its key, and who is trusted. */
class Credentials {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
    writeFileSync(place.path('cas.pem'), AUTHORITY.certificatePem);
    writeFileSync(place.path('stranger.pem'), STRANGER.certificatePem);
  }

  /** Both configurations of a node: `s` to listen with, `c` to dial with. */
  of(id: string, more: { by?: MeshAuthority; wanted?: Wanted; server?: string; client?: string } = {}) {
    const { by = AUTHORITY, wanted = {}, server = '', client = 'rootcas=cas.pem' } = more;
    const pair = by.sign({ nodeIds: [id], ...wanted });
    this.write(id, pair);
    const files = [`cert=${id}.pem`, `key=${id}.key`];
    return [
      ...['--tls-server', 'name=s', ...files, 'requireclientcert=true', 'clientcas=cas.pem'],
      ...(server === '' ? [] : [server]),
      ...['--tls-client', 'name=c', ...files, ...client.split(' ')],
    ];
  }

  write(name: string, { certificatePem, keyPem }: MeshPair): void {
    writeFileSync(this.#place.path(`${name}.pem`), certificatePem);
    writeFileSync(this.#place.path(`${name}.key`), keyPem, { mode: 0o600 });
  }
}

const CONTROL = ['service=control', 'tls=s'];
const CAT = ['--work-command', 'worktype=cat', 'command=cat'];

function listener(over: Transport): readonly string[] {
  return [`--${over}-listener`, 'port=0', 'bindaddr=127.0.0.1', ...(over === 'udp' ? [] : ['tls=s'])];
}

async function peer(over: Transport, node: Program, ...more: readonly string[]): Promise<readonly string[]> {
  const [, port = ''] = await node.said(/ Listening on \w+ 127\.0\.0\.1:(\d+)\n/);
  const address = over === 'ws' ? `wss://localhost:${port}/` : `localhost:${port}`;
  return [`--${over}-peer`, `address=${address}`, ...(over === 'udp' ? [] : ['tls=c']), ...more];
}

describe('three nodes in a line that trust one authority', () => {
  for (const [first, second] of [
    ['tcp', 'ws'],
    ['ws', 'udp'],
  ] as const) {
    it(`work for each other over ${first} and ${second}, through a control service with TLS`, async (t) => {
      const place = new Place(t);
      const credentials = new Credentials(place);
      const alpha = await place.node('alpha', ...CONTROL, ...CAT, ...credentials.of('alpha'), ...listener(first));
      const beta = await place.node(
        ...['beta', ...CONTROL, ...credentials.of('beta'), ...listener(second)],
        ...(await peer(first, alpha)),
      );
      await place.node('gamma', ...CONTROL, ...CAT, ...credentials.of('gamma'), ...(await peer(second, beta)));
      await until(
        () => place.ask('alpha', 'ping', 'gamma', '--count', '1'),
        ({ code }) => code === 0,
      );

      const [there, back] = [
        place.start('--socket', 'alpha.sock', 'connect', 'gamma', 'control', '--tls-client', 'c'),
        place.start('--socket', 'gamma.sock', 'connect', 'alpha', 'control', '--tls-client', 'c'),
      ];
      for (const far of [there, back]) {
        far.process.stdin?.write('ping beta\nwork submit localhost cat\n');
        await far.said(/"From":"beta"[\s\S]*Work unit created with ID \w+/);
      }
      const open = await place.ask('alpha', 'connect', 'gamma', 'control');

      assert.notEqual(open.code, 0);
      assert.match(open.err, /insecure connection to secure service/);
    });
  }
});

/** The lines of a log about connections that came to nothing. */
function refusals({ out }: Program): readonly string[] {
  return out.split('\n').filter((line) => /Refused|failed|Error|closed/.test(line));
}

interface Refusal {
  readonly what: string;
  readonly server?: Parameters<Credentials['of']>[1];
  readonly client?: Parameters<Credentials['of']>[1];
  /** What the log of each side says. */
  readonly heard: RegExp;
  readonly told: RegExp;
}

const other = createHash('sha256').update(STRANGER.der).digest('hex');
const past: Wanted = { fromMs: Date.now() - 2 * HOUR_MS, toMs: Date.now() - HOUR_MS };

/** A client hears of its refusal by the end of the connection alone: TLS 1.3 has begun for it by then. */
const CLOSED = /was closed|connection reset by peer/;
const LEFT = /the other end closed during the TLS handshake/;

const REFUSALS: readonly Refusal[] = [
  { what: 'a client of another authority', client: { by: STRANGER }, heard: /unknown authority/, told: CLOSED },
  {
    what: 'a server of another authority',
    client: { client: 'rootcas=stranger.pem' },
    heard: LEFT,
    told: /unknown authority/,
  },
  { what: 'a client whose certificate has expired', client: { wanted: past }, heard: /has expired/, told: CLOSED },
  { what: 'a server whose certificate has expired', server: { wanted: past }, heard: LEFT, told: /has expired/ },
  {
    what: 'a client that is not pinned',
    server: { server: `pinnedclientcert=${other}` },
    heard: /does not match any pinned fingerprint/,
    told: CLOSED,
  },
  {
    what: 'a server that is not pinned',
    client: { client: `rootcas=cas.pem pinnedservercert=${other}` },
    heard: LEFT,
    told: /does not match any pinned fingerprint/,
  },
  {
    what: 'a server for another host',
    server: { wanted: { dnsNames: ['elsewhere'] } },
    heard: LEFT,
    told: /certificate is valid for .*elsewhere.*, not localhost/,
  },
];

describe('a link that TLS refuses', () => {
  for (const over of ['tcp', 'ws'] as const) {
    for (const { what, server, client, heard, told } of REFUSALS) {
      it(`is one clear line in both logs: ${what}, over ${over}`, async (t) => {
        const place = new Place(t);
        const credentials = new Credentials(place);
        const alpha = await place.node('alpha', ...credentials.of('alpha', server), ...listener(over));

        const beta = await place.node(
          ...['beta', ...credentials.of('beta', client)],
          ...(await peer(over, alpha, 'redial=no')),
        );
        await Promise.all([alpha.said(/ Refused .*\n/), beta.said(/ Backend connection exited\n/)]);

        const [there, here] = [refusals(alpha), refusals(beta)];
        assert.equal(there.length, 1, there.join('\n'));
        assert.match(`${there[0]}`, heard);
        assert.equal(here.length, 1, here.join('\n'));
        assert.match(`${here[0]}`, told);
      });
    }
  }

  it('is told of where a client shows no certificate at all', async (t) => {
    const place = new Place(t);
    const alpha = await place.node('alpha', ...new Credentials(place).of('alpha'), ...listener('tcp'));
    const [, port = ''] = await alpha.said(/ Listening on TCP 127\.0\.0\.1:(\d+)\n/);

    const socket = connect({ host: '127.0.0.1', port: Number(port), ca: AUTHORITY.certificatePem });
    socket.on('error', () => undefined); // how the other side ends it is its own affair
    t.after(() => socket.destroy());

    await alpha.said(/ Refused a connection from .*: client didn't provide a certificate\n/);
    assert.equal(refusals(alpha).length, 1);
  });
});

describe('a node that TLS does not let start', () => {
  it('says that its certificate is not its own', async (t) => {
    const place = new Place(t);
    const arguments_ = new Credentials(place).of('beta', { wanted: { nodeIds: ['alpha'] } });

    const { code, out, err } = await place.run('--node', 'id=beta', 'datadir=data', '--local-only', ...arguments_);

    assert.equal(code, 1);
    assert.match(
      out + err,
      /^Error: error preparing tls server config: nodeID=beta not found in certificate name\(s\); names found=\[alpha\]; cfg section=s; server cert=.*beta\.pem \(at .*\)\n$/,
    );
  });

  it('says which TLS name it does not know', async (t) => {
    const place = new Place(t);
    const arguments_ = new Credentials(place).of('beta');

    const { code, out, err } = await place.run('--node', 'id=beta', ...arguments_, '--tcp-peer', 'a:1', 'tls=x');

    assert.equal(code, 1);
    assert.match(out + err, /^Error: unknown TLS config x \(at .*; there are: c\)\n$/);
  });
});
