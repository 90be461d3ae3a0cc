import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { systemClock } from '../../runtime/clock.js';
import { EXIT } from '../exit-code.js';
import { DemoNode } from './demo-node.js';

/** The program that this is: the demo's nodes and commands are more of the same. */
const program = process.argv[1] ?? '';

/** What runs two hops away: five lines, a third of a second apart, so that one sees them come. */
const JOB = '-c \'for n in 1 2 3 4 5; do echo "line $n from gamma"; sleep 0.3; done\'';

/** How often the mesh is asked whether it is complete, and for how long. */
const LOOK_EVERY_MS = 100;
const LOOKS_MAX = 100;

const HELP = `receptor demo: three real daemons in a line on this machine, and a command that runs two hops away.

Usage:
  receptor demo           show it, then stop everything
  receptor demo --stay    leave the nodes running until Ctrl-C, to try more commands
`;

/** Runs the demo; settles with the exit status. */
export async function runDemo(words: readonly string[]): Promise<number> {
  const unknown = words.find((word) => !['--stay', '--help', '-h'].includes(word));
  if (words.some((word) => word === '--help' || word === '-h') || unknown !== undefined) {
    (unknown === undefined ? process.stdout : process.stderr).write(HELP);
    return unknown === undefined ? EXIT.ok : EXIT.usage;
  }
  const folder = await mkdtemp(join(tmpdir(), 'receptor-demo-'));
  const nodes: DemoNode[] = [];
  const interrupted = new Promise<'interrupted'>((resolve) => {
    process.once('SIGINT', () => resolve('interrupted'));
    process.once('SIGTERM', () => resolve('interrupted'));
  });
  try {
    await Promise.race([show(folder, nodes), interrupted]);
    if (words.includes('--stay')) {
      say('The nodes stay until Ctrl-C.');
      await interrupted;
    }
    return EXIT.ok;
  } catch (error) {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  } finally {
    await Promise.all(nodes.reverse().map((node) => node.stop()));
    await rm(folder, { recursive: true, force: true });
    say('Stopped; nothing is left behind.');
  }
}

async function show(folder: string, nodes: DemoNode[]): Promise<void> {
  say('Three nodes in a line: alpha ── beta ── gamma. Each is a process of its own.');
  const alpha = await start(nodes, folder, 'alpha', []);
  const beta = await start(nodes, folder, 'beta', peer(alpha));
  await start(nodes, folder, 'gamma', [
    ...peer(beta),
    '--work-command',
    'worktype=lines',
    'command=sh',
    `params=${JOB}`,
  ]);
  const socket = join(folder, 'alpha.sock');
  await complete(socket);

  say('What alpha knows of the mesh:');
  await command(['status', '--socket', socket]);
  say('A ping over two hops, and the way that it takes:');
  await command(['ping', 'gamma', '--count', '3', '--delay', '0.2', '--socket', socket]);
  await command(['traceroute', 'gamma', '--socket', socket]);
  say('A job: submitted at alpha, run at gamma, its output coming back while it runs:');
  await command(['work', 'submit', 'lines', '--node', 'gamma', '--no-payload', '--follow', '--rm', '--socket', socket]);
  say('How to go on:');
  process.stdout.write(`  npm run demo -- --stay            leaves the nodes running, so that you can try this:
    node dist/bin/receptor.js work submit lines --node gamma --no-payload --follow --socket ${socket}
    receptorctl --socket ${socket} status
  node dist/bin/receptor.js --help      how to run nodes of your own
  README.md, docs/guide             what else there is
`);
}

async function start(nodes: DemoNode[], folder: string, id: string, more: readonly string[]): Promise<DemoNode> {
  const words = [
    ...['--node', `id=${id}`, `datadir=${join(folder, id)}`, '--log-level', 'debug'],
    ...['--tcp-listener', 'port=0', 'bindaddr=127.0.0.1'],
    ...['--control-service', 'service=control', `filename=${join(folder, `${id}.sock`)}`],
    ...more,
  ];
  const node = new DemoNode(program, id, words);
  nodes.push(node);
  await node.ready();
  process.stdout.write(`  ${id} is up, listening on 127.0.0.1:${node.portNumber}\n`);
  return node;
}

function peer(node: DemoNode): readonly string[] {
  return ['--tcp-peer', `address=127.0.0.1:${node.portNumber}`];
}

/** Waits until alpha knows the way to gamma. */
async function complete(socket: string): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const status = await run(['ping', 'gamma', '--count', '1', '--socket', socket], 'ignore');
    if (status === EXIT.ok) {
      return;
    }
    await new Promise<void>((resolve) => {
      systemClock.setTimer(LOOK_EVERY_MS, resolve);
    });
  }
  throw new Error('alpha did not find the way to gamma');
}

/** Shows a client command and what it prints. */
async function command(words: readonly string[]): Promise<void> {
  process.stdout.write(`$ receptor ${words.join(' ')}\n`);
  const status = await run(words, 'inherit');
  if (status !== EXIT.ok) {
    throw new Error(`receptor ${words.join(' ')} ended with status ${status}`);
  }
  process.stdout.write('\n');
}

function run(words: readonly string[], output: 'inherit' | 'ignore'): Promise<number> {
  return new Promise((resolve, reject) => {
    const client = spawn(process.execPath, [program, ...words], { stdio: ['ignore', output, output] });
    client.once('error', reject);
    client.once('exit', (status) => resolve(status ?? EXIT.failed));
  });
}

function say(text: string): void {
  process.stdout.write(`\n── ${text}\n`);
}
