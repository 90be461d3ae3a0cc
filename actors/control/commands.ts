import type { Command } from '../../protocol/control/command-line.js';
import type { Session } from '../../runtime/ports.js';
import type { Self } from '../../runtime/self.js';
import type { MeshPorts } from '../ports.js';
import type { CreatedUnit, OutputRequest, WorkOrigin } from './work-desk.js';

/** What a command has to work with. */
export interface CommandContext {
  readonly ports: Pick<MeshPorts, 'node' | 'facts' | 'security' | 'streams' | 'work' | 'version'>;
  /** Puts questions to other actors. */
  readonly ask: Self<never>['ask'];
  /** Keeps what a command has begun, and must not go on when its session is over. */
  readonly own: Self<never>['own'];
  readonly origin: WorkOrigin;
}

/** What becomes of the session after a command. */
export type CommandResult =
  /** These lines are sent, and the next command is read. */
  | { readonly type: 'reply'; readonly text: string }
  /** The session is joined with this one, after `Connecting`. */
  | { readonly type: 'bridge'; readonly session: Session }
  /** Everything up to the client's end is the unit's standard input. */
  | { readonly type: 'receive'; readonly unit: CreatedUnit }
  /** The unit's output is sent, raw, and the session is closed behind it. */
  | { readonly type: 'results'; readonly request: OutputRequest }
  /** The unit is followed: status and output in our own form, then commands again. */
  | { readonly type: 'follow'; readonly request: OutputRequest };

/** Carries out one command; a rejection becomes an `ERROR:` line with its text. */
export type CommandRunner<C extends Command = Command> = (
  command: C,
  context: CommandContext,
) => Promise<CommandResult> | CommandResult;

/** The command of one type; several types may share a shape. */
export type CommandOf<Type, C extends Command = Command> = C extends Command
  ? Type extends C['type']
    ? C
    : never
  : never;

/** A runner for each command; the compiler demands all of them. */
export type CommandTable = {
  readonly [Type in Command['type']]: CommandRunner<CommandOf<Type>>;
};

export function reply(text: string): CommandResult {
  return { type: 'reply', text };
}
