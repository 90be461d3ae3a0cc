import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Place, type Program, until } from '../e2e/daemon-process.js';
import { MeshAuthority } from '../support/mesh-certificates.js';
import { REFERENCE } from './tools.js';

const AUTHORITY = new MeshAuthority('the mesh');

/** A link: its backend, and whether both ends show certificates. */
interface Kind {
  readonly name: string;
  readonly backend: 'tcp' | 'ws' | 'udp';
  readonly isSecure: boolean;
}

const KINDS: readonly Kind[] = [
  { name: 'tcp with mutual TLS', backend: 'tcp', isSecure: true },
  { name: 'ws', backend: 'ws', isSecure: false },
  { name: 'wss with mutual TLS', backend: 'ws', isSecure: true },
  { name: 'udp', backend: 'udp', isSecure: false },
];

/** Our node `ours` and the Go node `go`, each with a certificate of one authority and a control service with TLS. */
class Pair {
  readonly place: Place;

  constructor(place: Place) {
    this.place = place;
    writeFileSync(place.path('cas.pem'), AUTHORITY.certificatePem);
    for (const id of ['ours', 'go']) {
      const { certificatePem, keyPem } = AUTHORITY.sign({ nodeIds: [id] });
      writeFileSync(place.path(`${id}.pem`), certificatePem);
      writeFileSync(place.path(`${id}.key`), keyPem, { mode: 0o600 });
    }
  }

  async ours(...args: readonly string[]): Promise<Program> {
    return await this.place.node('ours', 'service=control', 'tls=s', ...tlsOf('ours'), ...args);
  }

  /** Its control socket is there when it is up. */
  async go(...args: readonly string[]): Promise<Program> {
    const program = this.place.startOther(
      [REFERENCE.file],
      ...['--node', 'id=go', `datadir=${this.place.path('go-data')}`, ...tlsOf('go')],
      ...['--control-service', 'service=control', 'filename=go.sock', 'tls=s', ...args],
    );
    await until(async () => this.place.has('go.sock'));
    return program;
  }

  /** Each sees the other, and reaches its control service with TLS. */
  async talk(): Promise<void> {
    for (const [id, other] of [
      ['ours', 'go'],
      ['go', 'ours'],
    ] as const) {
      await until(
        () => this.place.ask(id, 'ping', other, '--count', '1'),
        ({ code }) => code === 0,
      );
      const far = this.place.start('--socket', `${id}.sock`, 'connect', other, 'control', '--tls-client', 'c');
      far.process.stdin?.write(`ping ${id}\n`);
      const [, from] = await far.said(/"From":"(\w+)"/);
      assert.equal(from, id);
    }
  }
}

/** The configurations `s` and `c` of a node. */
function tlsOf(id: string): readonly string[] {
  const files = [`cert=${id}.pem`, `key=${id}.key`];
  return [
    ...['--tls-server', 'name=s', ...files, 'requireclientcert=true', 'clientcas=cas.pem'],
    ...['--tls-client', 'name=c', ...files, 'rootcas=cas.pem'],
  ];
}

function listener({ backend, isSecure }: Kind, port: string): readonly string[] {
  return [`--${backend}-listener`, `port=${port}`, 'bindaddr=127.0.0.1', ...(isSecure ? ['tls=s'] : [])];
}

function peer({ backend, isSecure }: Kind, port: string): readonly string[] {
  const scheme = backend === 'ws' ? `${isSecure ? 'wss' : 'ws'}://` : '';
  return [`--${backend}-peer`, `address=${scheme}localhost:${port}`, ...(isSecure ? ['tls=c'] : [])];
}

async function portOf(node: Program): Promise<string> {
  const [, port = ''] = await node.said(/ Listening on \w+ 127\.0\.0\.1:(\d+)\n/);
  return port;
}

/** A port that was free a moment ago, for a program that does not say where it listens. */
async function freePort(place: Place, backend: Kind['backend']): Promise<string> {
  const kind = { name: '', backend, isSecure: false };
  const node = place.start('--node', 'id=nobody', 'datadir=nobody', ...listener(kind, '0'));
  const port = await portOf(node);
  await node.kill();
  return port;
}

describe(`a link of ours with ${REFERENCE.name}`, () => {
  for (const kind of KINDS) {
    it(`comes up over ${kind.name} and carries streams with TLS, where it dials us`, REFERENCE.test, async (t) => {
      const pair = new Pair(new Place(t));
      const ours = await pair.ours(...listener(kind, '0'));
      await pair.go(...peer(kind, await portOf(ours)));

      await pair.talk();

      assert.doesNotMatch(ours.out, /WARNING|ERROR/);
    });

    it(`comes up over ${kind.name} and carries streams with TLS, where we dial it`, REFERENCE.test, async (t) => {
      const pair = new Pair(new Place(t));
      const port = await freePort(pair.place, kind.backend);
      await pair.go(...listener(kind, port));
      const ours = await pair.ours(...peer(kind, port));

      await pair.talk();

      assert.doesNotMatch(ours.out, /ERROR/);
    });
  }

  it(
    'is refused where its certificate is of another authority, which it then does not even show',
    REFERENCE.test,
    async (t) => {
      const [kind] = KINDS;
      assert.ok(kind !== undefined);
      const pair = new Pair(new Place(t));
      const stranger = new MeshAuthority('a stranger').sign({ nodeIds: ['go'] });
      writeFileSync(pair.place.path('go.pem'), stranger.certificatePem);
      writeFileSync(pair.place.path('go.key'), stranger.keyPem);
      const ours = await pair.ours(...listener(kind, '0'));

      await pair.go(...peer(kind, await portOf(ours)));

      await ours.said(/ Refused a connection from .*: client didn't provide a certificate\n/);
    },
  );
});
