#!/usr/bin/env node
// The program: `receptor --node …` runs a node, as the reference's command line does; `receptor status` is a client of
// one. Each face loads only what it needs.
import process from 'node:process';
import { systemClock } from '../runtime/clock.js';
import { EXIT } from './exit-code.js';
import { faceOf } from './face.js';

/** How long the last words may take to leave; whoever does not read by then gets none. */
const FLUSH_WITHIN_MS = 1_000;

process.exitCode = await main(process.argv.slice(2));
await flushed();
// Not left to the event loop: a node that was forced to end still has open sockets.
process.exit();

async function main(words: readonly string[]): Promise<number> {
  const face = faceOf(words);
  switch (face) {
    case 'client': {
      const { runClient } = await import('./client/program.js');
      return await runClient(words);
    }
    case 'help': {
      const { helpText } = await import('./help.js');
      // `receptor --help | head -1` is no error.
      process.stdout.on('error', () => process.exit(EXIT.brokenPipe));
      process.stdout.write(helpText());
      return EXIT.ok;
    }
    case 'demo': {
      return await showDemo(words[0] === 'help' ? ['--help'] : words.slice(1));
    }
    case 'node':
      return await runNode(words);
    default:
      return face satisfies never;
  }
}

async function showDemo(words: readonly string[]): Promise<number> {
  const [{ runDemo }, { calledAs }] = await Promise.all([import('./demo/demo.js'), import('./demo/called-as.js')]);
  const program = process.argv[1] ?? '';
  return await runDemo(words, {
    program,
    calledAs: calledAs(process.env, program),
    output: process.stdout,
    errors: process.stderr,
    onSignal: (name, heard) => void process.on(name, heard),
  });
}

async function runNode(words: readonly string[]): Promise<number> {
  // A log that nobody reads must not end the node; the log itself takes note and goes quiet.
  process.stdout.on('error', () => undefined);
  const [{ runDaemon }, { systemPorts }] = await Promise.all([
    import('./run.js'),
    import('../runtime/io/system-ports.js'),
  ]);
  return await runDaemon(words, {
    outside: systemPorts,
    output: process.stdout,
    input: process.stdin,
    environment: process.env,
    onSignal: (name, heard) => void process.on(name, heard),
  });
}

function flushed(): Promise<void> {
  return new Promise((resolve) => {
    const timer = systemClock.setTimer(FLUSH_WITHIN_MS, resolve);
    process.stdout.write('', () => {
      timer.cancel();
      resolve();
    });
  });
}
