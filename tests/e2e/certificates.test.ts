import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Place, type Program, portOf, until } from './daemon-process.js';

/** The reference's program, to make certificates with and to be a neighbour. */
const REFERENCE = process.env['RECEPTOR_REF'];
const WITHOUT_REFERENCE = REFERENCE === undefined && 'RECEPTOR_REF is not set';
const WITHOUT_OPENSSL = !isThere('openssl') && 'there is no openssl here';
const GUIDE = fileURLToPath(new URL('../../../docs/guide/certificates.md', import.meta.url));

function isThere(program: string): boolean {
  try {
    return execFileSync(program, ['version']).length > 0;
  } catch {
    return false;
  }
}

function tool(place: Place, program: string, args: readonly string[], input = ''): string {
  return execFileSync(program, [...args], { cwd: place.folder, encoding: 'utf8', input });
}

/** Runs our program, which must do what it is told. */
async function must(place: Place, line: string, input = ''): Promise<string> {
  const program = place.start(...line.split(' '));
  program.process.stdin?.end(input);
  const { code, out, err } = await program.finished;
  assert.deepEqual([code, err], [0, ''], `${line}: ${out}${err}`);
  return out;
}

const makeFiles: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  'the commands': async (place) => {
    await must(place, 'cert init mesh');
    await must(place, 'cert request alpha beta --dns localhost --ip 127.0.0.1');
    await must(place, 'cert sign alpha.csr beta.csr --yes');
  },
  'the commands, with EC keys': async (place) => {
    await must(place, 'cert init mesh --key-type ec');
    await must(place, 'cert request alpha beta --dns localhost --ip 127.0.0.1 --key-type ec');
    await must(place, 'cert sign alpha.csr beta.csr --yes');
  },
  'the commands, with Ed25519 keys': async (place) => {
    await must(place, 'cert init mesh --key-type ed25519');
    await must(place, 'cert request alpha beta --dns localhost --ip 127.0.0.1 --key-type ed25519');
    await must(place, 'cert sign alpha.csr beta.csr --yes');
  },
  'the entities': async (place) => {
    await must(place, '--cert-init commonname=mesh bits=2048 outcert=ca.crt outkey=ca.key');
    for (const id of ['alpha', 'beta']) {
      const names = `commonname=${id} nodeid=${id} dnsname=localhost ipaddress=127.0.0.1`;
      await must(place, `--cert-makereq ${names} bits=2048 outreq=${id}.csr outkey=${id}.key`);
      const sign = `--cert-signreq req=${id}.csr cacert=ca.crt cakey=ca.key outcert=${id}.crt`;
      const asked = await must(place, sign, 'yes\n');
      assert.match(asked, new RegExp(`\\n    Receptor Node ID: ${id}\\nSign certificate \\(yes/no\\)\\? $`));
    }
  },
};

/** As the reference's documentation has it. */
function referenceFiles(place: Place): void {
  const run = (line: string, input = '') => tool(place, REFERENCE ?? '', line.split(' '), input);
  run('--cert-init commonname=mesh bits=2048 outcert=ca.crt outkey=ca.key');
  for (const id of ['alpha', 'beta']) {
    const names = `commonname=${id} nodeid=${id} dnsname=localhost ipaddress=127.0.0.1`;
    run(`--cert-makereq ${names} bits=2048 outreq=${id}.csr outkey=${id}.key`);
    run(`--cert-signreq req=${id}.csr cacert=ca.crt cakey=ca.key outcert=${id}.crt`, 'yes\n');
  }
}

const listening = (place: Place): readonly string[] => [
  ...['--tls-server', 'name=mesh', `cert=${place.path('alpha.crt')}`, `key=${place.path('alpha.key')}`],
  ...['requireclientcert=true', `clientcas=${place.path('ca.crt')}`],
  ...['--tcp-listener', 'port=0', 'bindaddr=127.0.0.1', 'tls=mesh'],
];

const dialling = (place: Place, port: string): readonly string[] => [
  ...['--tls-client', 'name=mesh', `cert=${place.path('beta.crt')}`, `key=${place.path('beta.key')}`],
  ...[`rootcas=${place.path('ca.crt')}`, '--tcp-peer', `localhost:${port}`, 'tls=mesh'],
];

/** A neighbour of the reference, ended with the test. */
function referenceNode(t: TestContext, place: Place, args: readonly string[]): ChildProcess {
  const node = ['--node', 'id=beta', `datadir=${place.path('reference')}`, '--log-level', 'debug'];
  const child = spawn(REFERENCE ?? '', [...node, ...args], { cwd: place.folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return child;
}

async function alphaReachesBeta(place: Place): Promise<void> {
  await until(
    () => place.ask('alpha', 'ping', 'beta', '--count', '1'),
    ({ code }) => code === 0,
  );
}

describe('certificates that we make', { concurrency: 1 }, () => {
  for (const [how, make] of Object.entries(makeFiles)) {
    it(`by ${how} are good for openssl`, { skip: WITHOUT_OPENSSL }, async (t) => {
      const place = new Place(t);
      await make(place);

      for (const id of ['alpha', 'beta']) {
        for (const purpose of ['sslserver', 'sslclient']) {
          const args = ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', 'ca.crt', `${id}.crt`];
          assert.match(tool(place, 'openssl', args), /: OK\n$/);
        }
        tool(place, 'openssl', ['req', '-in', `${id}.csr`, '-noout', '-verify']);
        const [ofCert, ofKey] = [
          tool(place, 'openssl', ['x509', '-in', `${id}.crt`, '-noout', '-pubkey']),
          tool(place, 'openssl', ['pkey', '-in', `${id}.key`, '-pubout']),
        ];
        assert.equal(ofCert, ofKey);
      }
    });

    it(`by ${how} link us with the reference, both ends certified`, { skip: WITHOUT_REFERENCE }, async (t) => {
      const place = new Place(t);
      await make(place);
      const alpha = await place.node('alpha', ...listening(place));

      referenceNode(t, place, dialling(place, await portOf(alpha)));

      await alphaReachesBeta(place);
    });
  }

  it('by requests can be signed by the reference, and its requests by us', { skip: WITHOUT_REFERENCE }, async (t) => {
    const place = new Place(t);
    const reference = (line: string) => tool(place, REFERENCE ?? '', line.split(' '));
    await must(place, 'cert init mesh');
    await must(place, 'cert request alpha --dns localhost');
    const newKey = 'bits=2048 outreq=beta.csr outkey=beta.key';
    reference(`--cert-makereq commonname=beta nodeid=beta dnsname=localhost ${newKey}`);

    reference('--cert-signreq req=alpha.csr cacert=ca.crt cakey=ca.key outcert=alpha.crt verify=true');
    await must(place, 'cert sign beta.csr --yes');

    await must(place, 'cert check alpha');
    await must(place, 'cert check beta');
  });
});

describe('certificates of the reference', { skip: WITHOUT_REFERENCE }, () => {
  it('are good for our nodes, at both ends', async (t) => {
    const place = new Place(t);
    referenceFiles(place);
    await must(place, 'cert check alpha --host localhost --host 127.0.0.1');

    const alpha = await place.node('alpha', ...listening(place));
    await place.node('beta', ...dialling(place, await portOf(alpha)));

    await alphaReachesBeta(place);
  });

  it('are renewed by us with its keys', async (t) => {
    const place = new Place(t);
    referenceFiles(place);

    await must(place, 'cert request alpha --use-key alpha.key --dns localhost');
    await must(place, 'cert sign alpha.csr --yes');

    assert.equal(await must(place, 'cert check alpha'), await must(place, 'cert check beta').then(asAlpha));
  });

  const asAlpha = (text: string): string => text.replaceAll('beta', 'alpha');
});

describe('a node with TLS at both ends', () => {
  it('refuses whoever has no certificate of the mesh', async (t) => {
    const place = new Place(t);
    await makeFiles['the commands, with EC keys']?.(place);
    const alpha = await place.node('alpha', ...listening(place));
    await must(place, 'cert init other --cert other.crt --key other.key --key-type ec');
    await must(place, 'cert sign beta.csr --ca other.crt --ca-key other.key --yes');
    await must(place, 'cert check beta --ca other.crt');

    const beta = await place.node('beta', ...dialling(place, await portOf(alpha)));

    await alpha.said(/ERROR .*certificate|WARNING .*certificate|certificate signed by unknown authority/);
    assert.equal((await place.ask('alpha', 'ping', 'beta', '--count', '1')).code, 1);
    assert.ok(beta.process.exitCode === null);
  });
});

describe('the guide to certificates', () => {
  /** The lines of the first block of the page. */
  const lines = (/^```\n(.*?)^```$/ms.exec(readFileSync(GUIDE, 'utf8'))?.[1] ?? '').trimEnd().split('\n');

  it('comes from nothing to two nodes with TLS at both ends in five commands, as they stand there', async (t) => {
    const place = new Place(t);
    assert.equal(lines.length, 5, lines.join('\n'));
    assert.ok(lines.every((line) => line.startsWith('receptor ')));
    const nodes: Program[] = [];

    for (const line of lines) {
      const port = nodes[0] === undefined ? '0' : await portOfAny(nodes[0]);
      // The page has a port and a folder of its own; a test has those that nobody else uses.
      const words = line
        .replace(/port=\d+/, 'port=0')
        .replace(/localhost:\d+/, `localhost:${port}`)
        .replaceAll('/tmp/mesh', place.path('data'))
        .replaceAll('/tmp/', `${place.folder}/`);
      const program = place.start(...words.split(' ').slice(1));
      if (line.includes('--node')) {
        await program.said(/ Initialization complete\n/);
        nodes.push(program);
      } else {
        const { code, out, err } = await program.finished;
        assert.equal(code, 0, `${line}: ${out}${err}`);
      }
    }

    await alphaReachesBeta(place);
    assert.equal(nodes.length, 2);
  });

  async function portOfAny(node: Program): Promise<string> {
    const [, port = ''] = await node.said(/ Listening on TCP [\d.]+:(\d+)\n/);
    return port;
  }
});
