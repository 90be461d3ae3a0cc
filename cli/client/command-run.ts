import type { Command } from 'commander';
import type { ExitCode } from '../exit-code.js';
import type { ClientContext } from './context.js';

/** Runs what a command does, with the options that stand on every command line. */
export type CommandRun = (command: Command, work: (context: ClientContext) => Promise<ExitCode>) => Promise<void>;
