// The client's command line. Commander knows the words; what they do stands in the files beside this one.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { FileError } from '../../runtime/file-port.js';
import { ControlError, type ControlErrorCode } from '../control-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { exitLines } from '../help.js';
import { cleanText } from '../log/line.js';
import { ClientError } from './client-error.js';
import { ClientContext, SOCKET_VARIABLE } from './context.js';
import type { ClientHost } from './host.js';
import { addMeshCommands } from './mesh-commands.js';
import { processHost } from './process-host.js';
import { addWorkCommands } from './work-commands.js';

/** Longer than a ping, which the node itself gives up after 10 s; a traceroute may take longer. */
const TIMEOUT_DEFAULT_S = 30;
/** A day. */
const TIMEOUT_MAX_S = 86_400;

const EXIT_CODES: Readonly<Record<ControlErrorCode, ExitCode>> = {
  unreachable: EXIT.unreachable,
  'not-a-node': EXIT.unreachable,
  lost: EXIT.unreachable,
  late: EXIT.late,
  garbled: EXIT.failed,
  refused: EXIT.failed,
};

/** Runs one command of the client; never rejects for what a user or a node can do wrong. */
export async function runClient(words: readonly string[], host: ClientHost = processHost()): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const written: string[] = [];
  const complained: string[] = [];
  const program = clientProgram(host, (result) => {
    code = result;
  });
  for (const command of [program, ...descendants(program)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void written.push(text),
      writeErr: (text) => void complained.push(text),
      getOutHelpWidth: () => Math.min(120, host.stdout.columns),
      getErrHelpWidth: () => Math.min(120, host.stderr.columns),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (thrown) {
    code = await tell(thrown, host);
  }
  await host.stdout.write(written.join(''));
  await host.stderr.write(complained.join(''));
  return code;
}

/** The whole tree of commands; `settle` hears how the one that was given came out. */
export function clientProgram(host: ClientHost, settle: (code: ExitCode) => void): Command {
  const program = new Command('receptor')
    .description('Ask a node that runs, through its control service. To run a node, see "receptor --help".')
    .addOption(
      new Option('-s, --socket <address>', 'control service of the node: PATH, unix:PATH or tcp:HOST:PORT').env(
        SOCKET_VARIABLE,
      ),
    )
    .addOption(
      new Option('-o, --output <format>', 'table for people, json as the node wrote it')
        .choices(['table', 'json'])
        .default('table'),
    )
    .option('--timeout <seconds>', 'how long the node may take for each answer', parseSeconds, TIMEOUT_DEFAULT_S)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showSuggestionAfterError(true)
    .addHelpText('after', `\nEnds with:\n${exitLines().join('')}`);
  const run = (command: Command, work: (context: ClientContext) => Promise<ExitCode>): Promise<void> => {
    const { socket, output, timeout } = command.optsWithGlobals<{
      readonly socket?: string;
      readonly output: 'table' | 'json';
      readonly timeout: number;
    }>();
    return work(new ClientContext(host, { socket, output, timeout })).then(settle);
  };
  addMeshCommands(program, run);
  addWorkCommands(program, run);
  return program;
}

function descendants(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds > 0) || seconds > TIMEOUT_MAX_S) {
    throw new InvalidArgumentError(`A number of seconds is expected, more than 0 and at most ${TIMEOUT_MAX_S}.`);
  }
  return seconds;
}

/** One line for what happened, one for what to do. */
async function tell(thrown: unknown, host: ClientHost): Promise<ExitCode> {
  if (thrown instanceof CommanderError) {
    // Commander has said what there is to say.
    return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (thrown instanceof ControlError || thrown instanceof ClientError) {
    const hint = thrown.hint === undefined ? '' : `  ${cleanText(thrown.hint)}\n`;
    await host.stderr.write(`Error: ${cleanText(thrown.message)}\n${hint}`);
    return thrown instanceof ControlError ? EXIT_CODES[thrown.code] : thrown.exitCode;
  }
  if (thrown instanceof FileError) {
    await host.stderr.write(`Error: ${cleanText(thrown.message)}\n`);
    return EXIT.failed;
  }
  throw thrown;
}
