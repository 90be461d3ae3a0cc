import { parseCommandLine } from '../../protocol/control/command.js';
import type { Command } from '../../protocol/control/command-line.js';
import { errorLine, unknownCommandText } from '../../protocol/control/reply.js';
import { describe } from '../../runtime/errors.js';
import { type CommandContext, type CommandResult, type CommandRunner, type CommandTable, reply } from './commands.js';
import { meshCommands } from './mesh-commands.js';
import { nodeCommands } from './node-commands.js';
import { workCommands } from './work-commands.js';

/** Every command by its type; an extension adds its own beside these. */
const COMMANDS: CommandTable = { ...nodeCommands, ...meshCommands, ...workCommands };

/** Carries out one line of a control session. Never rejects: what goes wrong becomes an `ERROR:` line. */
export async function runCommand(line: Uint8Array, context: CommandContext): Promise<CommandResult> {
  const parsed = parseCommandLine(line);
  switch (parsed.type) {
    case 'nothing':
      return reply('');
    case 'refused':
      return reply(parsed.errors.map(errorLine).join(''));
    case 'unknown':
      return reply(errorLine(unknownCommandText(parsed.name)));
    case 'command':
      break;
    default:
      return parsed satisfies never;
  }
  try {
    return await runnerOf(parsed.command)(parsed.command, context);
  } catch (thrown) {
    return reply(errorLine(describe(thrown)));
  }
}

function runnerOf(command: Command): CommandRunner {
  return COMMANDS[command.type] as CommandRunner; // the table pairs each type with a runner of that very type
}
