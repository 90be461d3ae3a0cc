// `work list`, `status`, `cancel`, `release` (control-and-work 2.2 to 2.6).
import { readObjectReply, readUnitList, readUnitOutcome, refusalKind } from '../../protocol/control/reply-reader.js';
import { writeJson } from '../../protocol/json/writer.js';
import { decodeText } from '../../protocol/text.js';
import { stateName } from '../../protocol/work/state.js';
import type { UnitStatus } from '../../protocol/work/status.js';
import type { ControlClient } from '../control.js';
import { ControlError } from '../control-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { cleanText } from '../log/line.js';
import { jsonCommand } from './command.js';
import type { ClientContext } from './context.js';
import { showBytes } from './progress.js';
import { facts, table } from './table.js';

/** Another node to ask, through the one of `--socket`. */
export interface Remote {
  readonly node?: string | undefined;
  readonly tlsClient?: string;
}

export interface ListOptions extends Remote {
  readonly unitId: string | undefined;
  /** Only the ids. */
  readonly quiet: boolean;
}

export async function listUnits(context: ClientContext, options: ListOptions): Promise<ExitCode> {
  return await context.withClient(async (client) => {
    const { unitId } = options;
    let json = '';
    const command = jsonCommand({ command: 'work', subcommand: 'list', unitid: unitId });
    const units = await client
      .askFor(command, (line) => {
        json = decodeText(line);
        return readUnitList(line);
      })
      .catch((thrown: unknown) => withUnitHint(thrown, unitId ?? ''));
    const unitIds = [...units.keys()];
    if (context.wantsJson) {
      await context.print(options.quiet ? `${writeJson(unitIds)}\n` : `${json}\n`);
    } else if (options.quiet) {
      await context.print(unitIds.map((id) => `${cleanText(id)}\n`).join(''));
    } else {
      await context.print(unitTable(units));
    }
    return EXIT.ok;
  }, options);
}

export async function showUnit(context: ClientContext, unitId: string, remote: Remote): Promise<ExitCode> {
  return await context.withClient(async (client) => {
    const { json, value } = await askStatus(client, unitId);
    await context.print(context.wantsJson ? `${json}\n` : unitFacts(unitId, value));
    return EXIT.ok;
  }, remote);
}

async function askStatus(
  client: ControlClient,
  unitId: string,
): Promise<{ readonly json: string; readonly value: Readonly<Record<string, unknown>> }> {
  let json = '';
  const command = jsonCommand({ command: 'work', subcommand: 'status', unitid: unitId });
  const value = await client
    .askFor(command, (line) => {
      json = decodeText(line);
      return readObjectReply(line);
    })
    .catch((thrown: unknown) => withUnitHint(thrown, unitId));
  return { json, value };
}

export type UnitVerb = 'cancel' | 'release' | 'force-release';

/** Goes on after a unit that cannot be dealt with: the others are none the worse for it. */
export async function dealWithUnits(
  context: ClientContext,
  verb: UnitVerb,
  { unitIds, remote }: { readonly unitIds: readonly string[] | 'all'; readonly remote: Remote },
): Promise<ExitCode> {
  return await context.withClient(async (client) => {
    const ids = unitIds === 'all' ? await allUnits(client) : unitIds;
    let code: ExitCode = EXIT.ok;
    for (const unitId of ids) {
      try {
        await dealWithUnit(context, client, { verb, unitId });
      } catch (thrown) {
        if (!(thrown instanceof ControlError) || thrown.code !== 'refused') {
          throw thrown;
        }
        code = EXIT.failed;
        await context.complain({ text: `${unitId}: ${thrown.message}`, hint: thrown.hint, exitCode: code });
      }
    }
    return code;
  }, remote);
}

/** Releases one unit after it was followed; says nothing where all is well. */
export async function releaseUnit(
  context: ClientContext,
  unitId: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  const subcommand = force ? 'force-release' : 'release';
  await context.withClient(async (client) => {
    await client.askFor(jsonCommand({ command: 'work', subcommand, unitid: unitId }), readUnitOutcome);
  });
}

async function allUnits(client: ControlClient): Promise<readonly string[]> {
  const units = await client.askFor(jsonCommand({ command: 'work', subcommand: 'list' }), readUnitList);
  return [...units.keys()];
}

async function dealWithUnit(
  context: ClientContext,
  client: ControlClient,
  { verb, unitId }: { readonly verb: UnitVerb; readonly unitId: string },
): Promise<void> {
  let json = '';
  const { outcome } = await client
    .askFor(jsonCommand({ command: 'work', subcommand: verb, unitid: unitId }), (line) => {
      json = decodeText(line);
      return readUnitOutcome(line);
    })
    .catch((thrown: unknown) => withUnitHint(thrown, unitId));
  await context.print(context.wantsJson ? `${json}\n` : `${cleanText(unitId)}: ${cleanText(outcome)}\n`);
}

/** An unknown unit is most often one of another node. */
export function withUnitHint(thrown: unknown, unitId: string): never {
  if (thrown instanceof ControlError && thrown.code === 'refused' && refusalKind(thrown.message) === 'unknown-unit') {
    const hint = `"receptor work list" shows the units of a node; ${unitId === '' ? 'this one' : unitId} may belong to another (--node)`;
    throw new ControlError('refused', thrown.message, hint);
  }
  throw thrown;
}

function unitTable(units: ReadonlyMap<string, UnitStatus>): string {
  if (units.size === 0) {
    return 'no units of work\n';
  }
  const rows = [...units].map(([unitId, { state, workType, stdoutSize, detail, extraData }]) => [
    unitId,
    stateName(state),
    extraData.type === 'remote' ? extraData.remoteWorkType : workType,
    extraData.type === 'remote' ? extraData.remoteNode : '-',
    showBytes(stdoutSize),
    detail,
  ]);
  return table(['UNIT', 'STATE', 'WORK TYPE', 'NODE', 'OUTPUT', 'DETAIL'], rows);
}

/** Everything that the node tells, in its own words. */
function unitFacts(unitId: string, status: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(status).filter(([name]) => name !== 'State');
  return facts([
    ['Unit', unitId],
    ...entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
  ]);
}
