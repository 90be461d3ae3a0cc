// What is wrong with a command line, in the form of all our errors: commander finds it, we say what to do.
import type { Command, CommanderError } from 'commander';
import { entityNamed } from '../config/schema.js';
import { nearest } from '../config/spelling.js';
import { EXIT } from '../exit-code.js';
import { type ClientError, usageError } from './client-error.js';
import type { Complaint } from './complaint.js';

/** An error of commander, and the command at which it came to it. */
export class UsageFault extends Error {
  readonly error: CommanderError;
  readonly command: Command;

  constructor(error: CommanderError, command: Command) {
    super(error.message);
    this.name = 'UsageFault';
    this.error = error;
    this.command = command;
  }
}

/** `undefined` for a help that was asked for, which commander ends by an error too. */
export function usageComplaint({ error, command }: UsageFault): Complaint | undefined {
  if (error.exitCode === 0) {
    return undefined;
  }
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  switch (error.code) {
    case 'commander.help':
      return complaint('a command is missing', listed(command, 'commands'));
    case 'commander.unknownCommand':
      return complaint(first, commandHint(command.args[0] ?? '', command));
    case 'commander.unknownOption':
      return complaint(first, suggestion === undefined ? optionHint(command) : meant(suggestion));
    case 'commander.invalidArgument':
      return invalidArgument(first);
    default:
      return complaint(first.replace(/\.$/, ''), `usage: ${pathOf(command)} ${command.usage()}`);
  }
}

/** A word that is no command of this group. */
export function unknownCommand(name: string, group: Command): ClientError {
  return usageError(`unknown command '${name}'`, commandHint(name, group));
}

function complaint(text: string, hint: string): Complaint {
  return { text, hint, exitCode: EXIT.usage };
}

/** Whoever runs a node for the first time forgets the dashes. */
function commandHint(name: string, group: Command): string {
  if (group.parent === null && entityNamed(name) !== undefined) {
    return `what describes a node begins with dashes: receptor --${name}`;
  }
  if (LONG_DASH.test(name)) {
    return `that is a long dash, as text programs make it; two plain ones are meant: ${name.replace(LONG_DASH, '--')}`;
  }
  const guess = nearest(
    name,
    group.commands.map((command) => command.name()),
  );
  return guess === undefined ? listed(group, 'commands') : `did you mean ${guess}?`;
}

const LONG_DASH = /^[\u2013\u2014]-?/;

function optionHint(command: Command): string {
  const takesMore = command.registeredArguments.some(({ variadic }) => variadic);
  const more = takesMore && command.name() === 'submit' ? '; parameters of the work with dashes stand behind --' : '';
  return `${listed(command, 'options')}${more}`;
}

/** `(Did you mean --node?)` as the end of our line. */
function meant(suggestion: string): string {
  return suggestion.replace(/^\(D(.*)\)$/, 'd$1');
}

/** The option and its value, then what was expected. */
function invalidArgument(text: string): Complaint {
  const [, what = text, expected = ''] = /^(.*? is invalid)\. (.*)$/.exec(text) ?? [];
  return complaint(what, `${expected.charAt(0).toLowerCase()}${expected.slice(1).replace(/\.$/, '')}`);
}

function listed(command: Command, what: string): string {
  return `"${pathOf(command)} --help" lists the ${what}`;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
