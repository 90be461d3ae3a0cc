import { type Command, Option } from 'commander';
import { ClientError } from '../client/client-error.js';
import type { CommandRun } from '../client/command-run.js';
import type { ClientContext } from '../client/context.js';
import { addHelpCommand } from '../client/help-command.js';
import { examples, wholeNumber } from '../client/mesh-commands.js';
import { SUMMARIES } from '../client/summaries.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Overwriting } from './cert-files.js';
import type { KeyKind } from './keys.js';

/** A century: longer is a typing mistake. */
const DAYS_MAX = 36_525;
const AUTHORITY_DAYS = 3_650;
const NODE_DAYS = 365;
const KEY_KINDS: readonly KeyKind[] = ['rsa', 'ec', 'ed25519'];
const RSA_BITS = { min: 2_048, max: 16_384 };

/** `cert init`, `request`, `sign`, `show`, `check`. What they do is loaded when one of them is run. */
export function addCertCommands(program: Command, run: CommandRun): void {
  const cert = program.command('cert').description(SUMMARIES.cert).helpCommand(false);
  const runCert: CommandRun = (command, work) => run(command, (context) => explaining(() => work(context)));
  addInit(cert, runCert);
  addRequest(cert, runCert);
  addSign(cert, runCert);
  addShow(cert, runCert);
  addCheck(cert, runCert);
  addHelpCommand(cert);
  cert.addHelpText(
    'after',
    examples(
      'receptor cert init mesh',
      'receptor cert request alpha --dns alpha.example.org',
      'receptor cert sign alpha.csr',
      'receptor cert check alpha',
    ),
  );
}

/** A fault of the files is told as any other fault of a command. */
async function explaining(work: () => Promise<ExitCode>): Promise<ExitCode> {
  const { CertError } = await import('./cert-error.js');
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof CertError)) {
      throw thrown;
    }
    const cure = thrown.code === 'file-taken' ? thrown.cure.replace('; or force,', '; or --force,') : thrown.cure;
    throw new ClientError(EXIT.failed, thrown.message, cure === '' ? undefined : cure);
  }
}

interface KeyFlags {
  readonly keyType: KeyKind;
  readonly bits?: number;
  readonly force?: true;
}

function withKeyOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--key-type <kind>', "kind of a new key; the reference's own commands take rsa only")
        .choices(KEY_KINDS)
        .default('rsa'),
    )
    .option('--bits <number>', 'size of an rsa key (default: 2048)', wholeNumber(RSA_BITS.min, RSA_BITS.max))
    .option('--force', 'overwrite files that are there, keys included');
}

function keyOf({ keyType, bits }: KeyFlags) {
  if (bits !== undefined && keyType !== 'rsa') {
    throw new ClientError(EXIT.usage, `a key of kind ${keyType} has one size`, 'leave out --bits');
  }
  return { kind: keyType, bits };
}

function overwritingOf({ force }: KeyFlags): Overwriting {
  return force === true ? 'always' : 'never';
}

function addInit(cert: Command, run: CommandRun): void {
  withKeyOptions(cert.command('init'))
    .description('Make an authority: it signs the certificates of all nodes.')
    .argument('<name>', 'name of the authority, such as that of the mesh')
    .option('--cert <file>', 'file for its certificate', 'ca.crt')
    .option('--key <file>', 'file for its private key', 'ca.key')
    .option('--days <number>', 'how long it is valid', wholeNumber(1, DAYS_MAX), AUTHORITY_DAYS)
    .action((name: string, flags: KeyFlags & { cert: string; key: string; days: number }, command: Command) =>
      run(command, async (context) => {
        const { initAuthority } = await import('./cert-actions.js');
        const { cert: certFile, key, days } = flags;
        const overwriting = overwritingOf(flags);
        return await initAuthority(context, { name, cert: certFile, key, days, newKey: keyOf(flags), overwriting });
      }),
    )
    .addHelpText('after', examples('receptor cert init mesh', 'receptor cert init mesh --key-type ec --days 1825'));
}

interface RequestFlags extends KeyFlags {
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly useKey?: string;
  readonly dir: string;
}

function addRequest(cert: Command, run: CommandRun): void {
  withKeyOptions(cert.command('request'))
    .description('Make a key and a request for the certificate of a node: NODE.key and NODE.csr.')
    .argument('<nodes...>', 'ids of the nodes')
    .option('--dns <name>', 'host name that others dial the node by, may be repeated', collect)
    .option('--ip <address>', 'address that others dial the node by, may be repeated', collect)
    .option('--use-key <file>', 'ask with a key that is there already, as for a renewal')
    .option('--dir <folder>', 'folder for the files', '.')
    .action((nodes: readonly string[], flags: RequestFlags, command: Command) =>
      run(command, async (context) => {
        const { requestCertificates } = await import('./cert-actions.js');
        const { dns = [], ip: addresses = [], useKey, dir: folder } = flags;
        const options = { nodes, dns, addresses, useKey, folder };
        const overwriting = overwritingOf(flags);
        return await requestCertificates(context, { ...options, newKey: keyOf(flags), overwriting });
      }),
    )
    .addHelpText(
      'after',
      examples(
        'receptor cert request alpha --dns alpha.example.org --ip 192.0.2.1',
        'receptor cert request alpha beta --dns localhost --dir certs',
        'receptor cert request alpha --use-key alpha.key --dns alpha.example.org',
      ),
    );
}

interface SignFlags {
  readonly ca: string;
  readonly caKey: string;
  readonly cert?: string;
  readonly days: number;
  readonly yes?: true;
}

function addSign(cert: Command, run: CommandRun): void {
  cert
    .command('sign')
    .description('Sign requests, after a look at what they ask for: alpha.csr becomes alpha.crt.')
    .argument('<requests...>', 'files of the requests')
    .option('--ca <file>', 'certificate of the authority', 'ca.crt')
    .option('--ca-key <file>', 'private key of the authority', 'ca.key')
    .option('--cert <file>', 'file for the certificate, with a single request')
    .option('--days <number>', 'how long it is valid', wholeNumber(1, DAYS_MAX), NODE_DAYS)
    .option('-y, --yes', 'do not ask')
    .action((requests: readonly string[], flags: SignFlags, command: Command) =>
      run(command, async (context) => {
        const { signRequests } = await import('./cert-actions.js');
        const { ca, caKey, cert: certFile, days } = flags;
        const asking = flags.yes === true ? 'do-not-ask' : 'ask';
        return await signRequests(context, { requests, ca, caKey, cert: certFile, days, asking });
      }),
    )
    .addHelpText(
      'after',
      examples('receptor cert sign alpha.csr', 'receptor cert sign alpha.csr beta.csr --yes --days 90'),
    );
}

function addShow(cert: Command, run: CommandRun): void {
  cert
    .command('show')
    .description('Show what is in files of certificates, requests and keys; nothing secret.')
    .argument('<files...>', 'files in PEM')
    .action((paths: readonly string[], _: unknown, command: Command) =>
      run(command, async (context) => {
        const { showFiles } = await import('./cert-show.js');
        return await showFiles(context, paths);
      }),
    )
    .addHelpText(
      'after',
      examples('receptor cert show alpha.crt', 'receptor cert show alpha.crt -o json | jq -r ".[0].sha256"'),
    );
}

interface CheckFlags {
  readonly cert?: string;
  readonly key?: string;
  readonly ca: string;
  readonly host?: readonly string[];
  readonly as?: 'server' | 'client';
}

function addCheck(cert: Command, run: CommandRun): void {
  cert
    .command('check')
    .description('Tell whether a node could use its files as tls-server and tls-client, and if not, what to do.')
    .argument('<node>', 'id of the node')
    .option('--cert <file>', 'its certificate (default: NODE.crt)')
    .option('--key <file>', 'its private key (default: NODE.key)')
    .option('--ca <file>', 'certificates of the authorities of the mesh', 'ca.crt')
    .option('--host <name>', 'name or address that others dial the node by, may be repeated', collect)
    .addOption(new Option('--as <role>', 'only one end has to work').choices(['server', 'client']))
    .action((nodeId: string, flags: CheckFlags, command: Command) =>
      run(command, (context) => check(context, nodeId, flags)),
    )
    .addHelpText(
      'after',
      examples('receptor cert check alpha', 'receptor cert check alpha --as server --host alpha.example.org'),
    );
}

async function check(context: ClientContext, nodeId: string, flags: CheckFlags): Promise<ExitCode> {
  const { checkFiles } = await import('./check-action.js');
  const { cert = `${nodeId}.crt`, key = `${nodeId}.key`, ca, host: hosts = [], as: role } = flags;
  const roles = role === undefined ? (['tls-server', 'tls-client'] as const) : ([`tls-${role}`] as const);
  return await checkFiles(context, { nodeId, cert, key, ca, hosts, roles });
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
