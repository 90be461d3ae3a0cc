import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseGoDuration } from '../../protocol/control/go-duration.js';
import { usageError } from './client-error.js';
import type { CommandRun } from './command-run.js';
import { addHelpCommand } from './help-command.js';
import { examples, wholeNumber } from './mesh-commands.js';
import { openPayload } from './payload-source.js';
import { SUMMARIES } from './summaries.js';
import { dealWithUnits, listUnits, showUnit, type UnitVerb } from './work-actions.js';
import { showOutput } from './work-output.js';
import { workParams } from './work-params.js';
import { submitWork } from './work-submit.js';

/** `work submit`, `list`, `status`, `results`, `cancel`, `release`, `force-release`. */
export function addWorkCommands(program: Command, run: CommandRun): void {
  const work = program.command('work').description(SUMMARIES.work).helpCommand(false);
  addSubmit(work, run);
  addList(work, run);
  addResults(work, run);
  addVerb(work, run, 'cancel');
  addVerb(work, run, 'release');
  addVerb(work, run, 'force-release');
  addHelpCommand(work);
  work.addHelpText(
    'after',
    examples(
      'receptor work submit --node gamma upper --payload words.txt --follow > upper.txt',
      'receptor work list',
      'receptor work results alphaUtDpIkc7',
      'receptor work help submit',
    ),
  );
}

interface SubmitFlags {
  readonly node?: string;
  /** False after `--no-payload`. */
  readonly payload?: string | false;
  readonly payloadLiteral?: string;
  readonly tlsClient?: string;
  readonly ttl?: string;
  readonly signwork?: true;
  readonly follow?: true;
  readonly rm?: true;
  readonly param: readonly string[];
}

function addSubmit(work: Command, run: CommandRun): void {
  work
    .command('submit')
    .description('Submit a unit of work, here or on another node.')
    .argument('<worktype>', 'a kind of work that the node offers, see "receptor status"')
    .argument('[parameters...]', 'parameters of the work; behind -- they may begin with a dash')
    .option('--node <id>', 'node that does the work; without it, the node that is asked')
    .option('-p, --payload <file>', 'file that becomes the standard input of the work; - is standard input')
    .option('-l, --payload-literal <text>', 'text that becomes the standard input, with a newline')
    .option('-n, --no-payload', 'the standard input is empty')
    .option('-f, --follow', 'stay, print the output as it comes, and end as the unit does')
    .option('--rm', 'release the unit when it is done')
    .option('-a, --param <key=value>', 'parameter for the worker, may be repeated; key=@file reads a file', collect, [])
    .option('--ttl <duration>', 'how long to try to start it on the other node, such as 1h30m', duration)
    .option('--signwork', 'sign the work for the other node')
    .option('--tls-client <name>', 'TLS client configuration for the way to the other node')
    .action((workType: string, words: readonly string[], flags: SubmitFlags, command: Command) =>
      run(command, async (context) => {
        const { files } = context.host.outside;
        const file = flags.payload === false ? undefined : flags.payload;
        const none = flags.payload === false;
        return await submitWork(context, {
          workType,
          node: flags.node === undefined || flags.node === '' ? 'localhost' : flags.node,
          params: await workParams(flags.param, words, files),
          payload: await openPayload({ file, literal: flags.payloadLiteral, none }, context.host),
          tlsClient: flags.tlsClient ?? '',
          ttl: flags.ttl ?? '',
          signWork: flags.signwork === true,
          follow: flags.follow === true,
          remove: flags.rm === true,
        });
      }),
    )
    .addHelpText(
      'after',
      examples(
        'receptor work submit cat --payload-literal hello --follow --rm',
        'receptor work submit --node gamma upper --payload words.txt --follow > upper.txt',
        'receptor work submit --node gamma sleeper --no-payload -- --seconds 60',
        'tar c . | receptor work submit --node gamma untar --payload -',
      ),
    );
}

/** As the node reads it: a mistake is found before anything is asked of it. */
function duration(text: string): string {
  if (!parseGoDuration(text).ok) {
    throw new InvalidArgumentError('A duration is expected, such as 30s, 90m or 1h30m.');
  }
  return text;
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

interface RemoteFlags {
  readonly node?: string;
  readonly tlsClient?: string;
}

/** Another node is asked through the one of `--socket`. */
function withRemote(command: Command): Command {
  return command
    .option('--node <id>', 'ask this node of the mesh instead')
    .option('--tls-client <name>', 'TLS client configuration for the way there');
}

function remoteOf({ node, tlsClient }: RemoteFlags): { readonly node?: string; readonly tlsClient?: string } {
  return { ...(node === undefined ? {} : { node }), ...(tlsClient === undefined ? {} : { tlsClient }) };
}

function addList(work: Command, run: CommandRun): void {
  withRemote(work.command('list'))
    .description('List the units of work that a node knows.')
    .argument('[unit]', 'only this unit')
    .option('-q, --quiet', 'only the ids, one in a line')
    .addOption(new Option('--unit_id <unit>', 'as receptorctl has it').hideHelp())
    .action(
      (
        unit: string | undefined,
        flags: RemoteFlags & { readonly quiet?: true; readonly unit_id?: string },
        command: Command,
      ) =>
        run(command, (context) => {
          const unitId = unit ?? flags.unit_id;
          return listUnits(context, { unitId, quiet: flags.quiet === true, ...remoteOf(flags) });
        }),
    )
    .addHelpText('after', examples('receptor work list', 'receptor work list --node gamma -o json | jq "keys"'));
  withRemote(work.command('status'))
    .description('Show what a node knows of one unit.')
    .argument('<unit>', 'id of the unit')
    .action((unit: string, flags: RemoteFlags, command: Command) =>
      run(command, (context) => showUnit(context, unit, remoteOf(flags))),
    )
    .addHelpText('after', examples('receptor work status alphaUtDpIkc7'));
}

interface ResultFlags extends RemoteFlags {
  readonly start: number;
  readonly outputFile?: string;
}

function addResults(work: Command, run: CommandRun): void {
  withRemote(work.command('results'))
    .description(
      'Print the output of a unit until the unit is done, and end as it did. Ctrl-C leaves the unit as it is.',
    )
    .argument('<unit>', 'id of the unit')
    .option('-f, --follow', 'accepted: output is always followed')
    .option('--start <byte>', 'byte of the output to begin with', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .option('-O, --output-file <file>', 'write the output to a file; with --start, go on with it')
    .action((unit: string, flags: ResultFlags, command: Command) =>
      run(command, (context) =>
        showOutput(context, { unitId: unit, start: flags.start, file: flags.outputFile, ...remoteOf(flags) }),
      ),
    )
    .addHelpText(
      'after',
      examples(
        'receptor work results alphaUtDpIkc7',
        'receptor work results alphaUtDpIkc7 -O result.bin',
        'receptor work results alphaUtDpIkc7 -O result.bin --start $(stat -c %s result.bin)',
      ),
    );
}

const VERB_SUMMARIES: Readonly<Record<UnitVerb, string>> = {
  cancel: 'End units of work before they are done; what they have put out is kept.',
  release: 'Forget units of work, and what they have put out; a unit that runs is cancelled.',
  'force-release': 'Forget units of work here, even if their other node cannot be reached.',
};

function addVerb(work: Command, run: CommandRun, name: UnitVerb): void {
  const command = withRemote(work.command(name))
    .description(VERB_SUMMARIES[name])
    .argument('[units...]', 'ids of the units')
    .option('--all', 'all units that the node knows');
  if (name === 'release') {
    command.option('--force', 'the same as force-release');
  }
  command
    .action((units: readonly string[], flags: VerbFlags, self: Command) =>
      run(self, (context) => {
        const verb = flags.force === true ? 'force-release' : name;
        return dealWithUnits(context, verb, { unitIds: chosenUnits(units, flags), remote: remoteOf(flags) });
      }),
    )
    .addHelpText('after', examples(`receptor work ${name} alphaUtDpIkc7 alphaX2bLq9Ze`, `receptor work ${name} --all`));
}

interface VerbFlags extends RemoteFlags {
  readonly all?: true;
  readonly force?: true;
}

function chosenUnits(units: readonly string[], { all }: VerbFlags): readonly string[] | 'all' {
  if (units.length === 0 && all !== true) {
    throw usageError('which units?', 'give their ids, or --all; "receptor work list" shows them');
  }
  if (units.length > 0 && all === true) {
    throw usageError('--all and ids of units at once', 'give one of the two');
  }
  return all === true ? 'all' : units;
}
