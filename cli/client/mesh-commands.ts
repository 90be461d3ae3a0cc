import { type Command, InvalidArgumentError } from 'commander';
import type { CommandRun } from './command-run.js';
import { ping, reload, showStatus, showVersion, traceroute } from './mesh-actions.js';
import { SUMMARIES } from './summaries.js';
import { connectTerminal } from './terminal.js';

/** More pings or longer pauses are a typing mistake. */
const PINGS_MAX = 1_000_000;
const PAUSE_MAX_S = 86_400;

/** `status`, `ping`, `traceroute`, `connect`, `reload`, `version`. */
export function addMeshCommands(program: Command, run: CommandRun): void {
  program
    .command('status')
    .description(SUMMARIES.status)
    .option('--json', 'the same as --output json')
    .action((options: { readonly json?: true }, command: Command) => {
      if (options.json === true) {
        program.setOptionValue('output', 'json');
      }
      return run(command, showStatus);
    })
    .addHelpText(
      'after',
      examples('receptor status --socket /tmp/alpha.sock', 'receptor status -o json | jq .RoutingTable'),
    );
  program
    .command('ping')
    .description(SUMMARIES.ping)
    .argument('<node>', 'id of a node of the mesh; localhost is the node that is asked')
    .option('--count <number>', 'how often', wholeNumber(1, PINGS_MAX), 4)
    .option('--delay <seconds>', 'pause between two', number(0, PAUSE_MAX_S), 1)
    .action((node: string, options: { readonly count: number; readonly delay: number }, command: Command) =>
      run(command, (context) => ping(context, node, options)),
    )
    .addHelpText('after', examples('receptor ping beta', 'receptor ping --count 1 beta && echo reachable'));
  program
    .command('traceroute')
    .description(SUMMARIES.traceroute)
    .argument('<node>', 'id of a node of the mesh')
    .action((node: string, _: unknown, command: Command) => run(command, (context) => traceroute(context, node)))
    .addHelpText('after', examples('receptor traceroute gamma'));
  addConnect(program, run);
  program
    .command('reload')
    .description(SUMMARIES.reload)
    .action((_: unknown, command: Command) => run(command, reload))
    .addHelpText('after', examples('receptor reload', 'receptor reload || echo "status $?: see receptor --help"'));
  program
    .command('version')
    .description(SUMMARIES.version)
    .action((_: unknown, command: Command) => run(command, showVersion))
    .addHelpText('after', examples('receptor version', 'receptor version --socket /tmp/alpha.sock'));
}

function addConnect(program: Command, run: CommandRun): void {
  program
    .command('connect')
    .description(SUMMARIES.connect)
    .argument('<node>', 'id of a node of the mesh')
    .argument('<service>', 'a service of that node, see "receptor status"')
    .option('-r, --raw', 'send each key as it is pressed; Ctrl-] leaves')
    .option('--tls-client <name>', 'TLS client configuration of the node that is asked')
    .action(
      (
        node: string,
        service: string,
        options: { readonly raw?: true; readonly tlsClient?: string },
        command: Command,
      ) =>
        run(command, (context) => {
          const raw = options.raw === true;
          return connectTerminal(context, { node, service, raw, tlsClient: options.tlsClient ?? '' });
        }),
    )
    .addHelpText('after', examples('receptor connect beta control', 'echo "status" | receptor connect beta control'));
}

/** What stands behind the help of a command. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`A whole number from ${min} to ${max} is expected.`);
    }
    return value;
  };
}

function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`A number from ${min} to ${max} is expected.`);
    }
    return value;
  };
}
