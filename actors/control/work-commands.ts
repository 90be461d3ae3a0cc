import type { Command } from '../../protocol/control/command-line.js';
import { errorLine } from '../../protocol/control/reply.js';
import { unitListLine, unitOutcomeLine, unitStatusLine } from '../../protocol/control/work-reply.js';
import type { UnitId } from '../../protocol/names.js';
import { type CommandContext, type CommandResult, type CommandTable, reply } from './commands.js';
import type { UnitRequest, WorkOutcome } from './work-desk.js';

type WorkCommandType = Extract<Command['type'], `work.${string}`>;

/** `work …` (control-and-work 2). */
export const workCommands: Pick<CommandTable, WorkCommandType> = {
  'work.submit': async (submit, { ports, origin }) => {
    const created = await ports.work.submit(submit, origin);
    return created.ok ? { type: 'receive', unit: created.value } : refusal(created.refusal);
  },
  'work.list': async ({ unitId }, { ports }) => answer(await ports.work.list(unitId), unitListLine),
  'work.status': async ({ unitId }, { ports }) => answer(await ports.work.status(unitId), unitStatusLine),
  'work.cancel': async (command, context) => {
    const outcome = await context.ports.work.cancel(requestOf(command, context));
    return answer(outcome, (value) => unitOutcomeLine(command.unitId, value));
  },
  'work.release': (command, context) => release(command, context, { force: false }),
  'work.force-release': (command, context) => release(command, context, { force: true }),
  'work.results': (command, context) => ({
    type: 'results',
    request: { ...requestOf(command, context), startPosition: command.startPosition },
  }),
  'work.follow': (command, context) => ({
    type: 'follow',
    request: { ...requestOf(command, context), startPosition: command.startPosition },
  }),
};

interface UnitCommand {
  readonly unitId: UnitId;
  readonly signature: string;
}

function requestOf({ unitId, signature }: UnitCommand, { origin }: CommandContext): UnitRequest {
  return { unitId, signature, origin };
}

async function release(
  command: UnitCommand,
  context: CommandContext,
  options: { readonly force: boolean },
): Promise<CommandResult> {
  const outcome = await context.ports.work.release(requestOf(command, context), options);
  return answer(outcome, (value) => unitOutcomeLine(command.unitId, value));
}

function answer<T>(outcome: WorkOutcome<T>, line: (value: T) => string): CommandResult {
  return outcome.ok ? reply(line(outcome.value)) : refusal(outcome.refusal);
}

function refusal(text: string): CommandResult {
  return reply(errorLine(text));
}
