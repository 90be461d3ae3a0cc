import type { Command } from 'commander';
import { unknownCommand } from './usage-fault.js';

/** `help`, `help ping`, `help work submit`, `work help submit`: the same as `--help` behind the command. */
export function addHelpCommand(group: Command): void {
  group
    .command('help')
    .description('Show the help of a command.')
    .argument('[command...]', 'the command')
    .action((names: readonly string[]) => {
      let command = group;
      for (const name of names) {
        const next = command.commands.find((candidate) => candidate.name() === name);
        if (next === undefined) {
          throw unknownCommand(name, command);
        }
        command = next;
      }
      command.help();
    });
}
