// The client's command line. Commander knows the words; what they do stands in the files beside this one.
import { Command, InvalidArgumentError, Option } from 'commander';
import { FileError } from '../../runtime/file-port.js';
import { addCertCommands } from '../cert/cert-commands.js';
import { ControlError, type ControlErrorCode } from '../control-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { exitLines } from '../help.js';
import { ClientError, usageError } from './client-error.js';
import { type Complaint, complaintText, type OutputForm } from './complaint.js';
import { ClientContext, SOCKET_VARIABLE } from './context.js';
import { addHelpCommand } from './help-command.js';
import type { ClientHost } from './host.js';
import { addMeshCommands, examples } from './mesh-commands.js';
import { processHost } from './process-host.js';
import { UsageFault, usageComplaint } from './usage-fault.js';
import { addWorkCommands } from './work-commands.js';

/** Longer than a ping, which the node itself gives up after 10 s; a traceroute may take longer. */
const TIMEOUT_DEFAULT_S = 30;
/** A day. */
const TIMEOUT_MAX_S = 86_400;

/** Longer lines are hard to read. */
const HELP_COLUMNS_MAX = 120;

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
  const helped: string[] = [];
  const complained: string[] = [];
  const program = clientProgram(host, (result) => {
    code = result;
  });
  for (const command of [program, ...descendants(program)]) {
    command
      .exitOverride((error) => {
        throw new UsageFault(error, command);
      })
      .configureOutput({
        writeOut: (text) => void helped.push(text),
        writeErr: (text) => void complained.push(text),
        // What commander would say is in the error that it throws.
        outputError: () => undefined,
        getOutHelpWidth: () => Math.min(HELP_COLUMNS_MAX, host.stdout.columns),
        getErrHelpWidth: () => Math.min(HELP_COLUMNS_MAX, host.stderr.columns),
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      });
  }
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (thrown) {
    const complaint = complaintOf(thrown);
    const form = formOf(words);
    code = complaint?.exitCode ?? EXIT.ok;
    // Whoever names a group of commands alone is shown what there is; a program is told that it is an error.
    const isShown = complained.length > 0 && form === 'table';
    await host.stderr.write(isShown || complaint === undefined ? complained.join('') : complaintText(complaint, form));
  }
  await host.stdout.write(helped.join(''));
  return code;
}

/** By the words alone: also for a command line that makes no sense. What stands behind `--` is for the work. */
function formOf(words: readonly string[]): OutputForm {
  const end = words.indexOf('--');
  const line = ` ${words.slice(0, end < 0 ? words.length : end).join(' ')} `;
  return / (-o ?|--output[ =])json /.test(line) || / status .*--json /.test(line) ? 'json' : 'table';
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
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showSuggestionAfterError(true)
    .hook('preAction', (_, command) => refuseEmpty(command))
    .addHelpText(
      'after',
      examples('receptor status --socket /tmp/alpha.sock', 'receptor ping beta', 'receptor help work submit'),
    )
    .addHelpText('after', `\nEnds with:\n${exitLines().join('')}`);
  const run = (command: Command, work: (context: ClientContext) => Promise<ExitCode>): Promise<void> => {
    const { socket, output, timeout } = command.optsWithGlobals<{
      readonly socket?: string;
      readonly output: OutputForm;
      readonly timeout: number;
    }>();
    return work(new ClientContext(host, { socket, output, timeout })).then(settle);
  };
  addMeshCommands(program, run);
  addWorkCommands(program, run);
  addCertCommands(program, run);
  addHelpCommand(program);
  return program;
}

/** Most often a variable of the shell that is not set. Parameters of the work may be empty. */
function refuseEmpty(command: Command): void {
  const names = command.name() === 'submit' ? command.args.slice(0, 1) : command.args;
  if (names.includes('')) {
    throw usageError('an argument is empty', 'is a variable of the shell not set?');
  }
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

/** What a user or a node has done wrong; `undefined` for a help that was asked for. Throws what is our own mistake. */
function complaintOf(thrown: unknown): Complaint | undefined {
  if (thrown instanceof UsageFault) {
    return usageComplaint(thrown);
  }
  if (thrown instanceof ControlError) {
    return { text: thrown.message, plain: thrown.plain, hint: thrown.hint, exitCode: EXIT_CODES[thrown.code] };
  }
  if (thrown instanceof ClientError) {
    return { text: thrown.message, hint: thrown.hint, exitCode: thrown.exitCode };
  }
  if (thrown instanceof FileError) {
    return { text: thrown.message, exitCode: EXIT.failed };
  }
  throw thrown;
}
