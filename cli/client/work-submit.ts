// `work submit`: a unit of work here or on another node (control-and-work 2.1, 5).
import {
  readSubmitPrompt,
  readSubmitResult,
  refusalKind,
  type SubmitResult,
} from '../../protocol/control/reply-reader.js';
import { decodeText } from '../../protocol/text.js';
import { ControlError } from '../control-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { cleanText } from '../log/line.js';
import { jsonCommand } from './command.js';
import type { ClientContext } from './context.js';
import { sendPayload } from './payload-sending.js';
import type { PayloadSource } from './payload-source.js';
import { explained } from './refusal.js';
import { nodesOffering, workTypesOf } from './status-view.js';
import { releaseUnit } from './work-actions.js';
import { showOutput } from './work-output.js';

export interface SubmitOptions {
  readonly workType: string;
  readonly node: string;
  readonly params: Readonly<Record<string, string>>;
  readonly payload: PayloadSource;
  readonly tlsClient: string;
  readonly ttl: string;
  readonly signWork: boolean;
  /** Stay, and print the output as it comes. */
  readonly follow: boolean;
  /** Release the unit when it is done. */
  readonly remove: boolean;
}

/** The node answers when the work has begun, which for another node means that all input has gone there. */
const START_WITHIN_MS = 600_000;

export async function submitWork(context: ClientContext, options: SubmitOptions): Promise<ExitCode> {
  if (options.remove && !options.follow) {
    await context.note('Warning: --rm without --follow: nobody will see the output of the unit.');
  }
  const { json, result } = await submitted(context, options);
  if (!options.follow) {
    await context.print(context.wantsJson ? `${json}\n` : told(result));
    if (options.remove) {
      await releaseUnit(context, result.unitId, { force: false });
    }
    return EXIT.ok;
  }
  const code = await showOutput(context, { unitId: result.unitId, start: 0, file: undefined });
  // Whoever left with Ctrl-C wants to come back.
  if (options.remove && code !== EXIT.interrupted) {
    await releaseUnit(context, result.unitId, { force: false });
  }
  return code;
}

async function submitted(
  context: ClientContext,
  options: SubmitOptions,
): Promise<{ readonly json: string; readonly result: SubmitResult }> {
  return await context.withClient(async (client) => {
    await client.askFor(submitCommand(options), readSubmitPrompt).catch((thrown: unknown) => {
      return refusal(thrown, context, options);
    });
    await sendPayload(context, client, options.payload);
    let json = '';
    const result = await client
      .readFor(
        (line) => {
          json = decodeText(line);
          return readSubmitResult(line);
        },
        Math.max(START_WITHIN_MS, context.withinMs),
      )
      .catch((thrown: unknown) => refusal(thrown, context, options));
    return { json, result };
  });
}

function submitCommand({ workType, node, params, tlsClient, ttl, signWork }: SubmitOptions): string {
  return jsonCommand({
    ...params,
    command: 'work',
    subcommand: 'submit',
    node,
    worktype: workType,
    tlsclient: tlsClient,
    ttl,
    signwork: signWork ? 'true' : '',
  });
}

function told({ result, unitId }: SubmitResult): string {
  return `Result: ${cleanText(result)}\nUnit ID: ${cleanText(unitId)}\n`;
}

/** Says what the node could have done instead, where we know. */
async function refusal(thrown: unknown, context: ClientContext, options: SubmitOptions): Promise<never> {
  const told = explained(thrown, options);
  if (!(told instanceof ControlError) || refusalKind(told.message) !== 'unknown-work-type') {
    throw told;
  }
  const { message, plain } = told;
  // A hint is not worth another error: what cannot be found out is left out.
  const hint = await offerHint(context, options).catch(() => STATUS_HINT);
  throw new ControlError('refused', message, { plain, hint });
}

const STATUS_HINT = '"receptor status" shows which nodes offer which work';

/** What the node offers, or who offers what was asked for, as the mesh knows it. */
async function offerHint(context: ClientContext, { node, workType }: SubmitOptions): Promise<string> {
  return await context.withClient(async (client) => {
    const { value } = await context.askObject(
      client,
      '{"command":"status","requested_fields":["NodeID","Advertisements"]}',
    );
    const id = node === 'localhost' && typeof value['NodeID'] === 'string' ? value['NodeID'] : node;
    const offered = workTypesOf(value, id);
    const others = nodesOffering(value, workType);
    const own = offered.length === 0 ? `${id} offers no work` : `${id} offers ${offered.join(', ')}`;
    return others.length === 0 && offered.length === 0
      ? STATUS_HINT
      : [own, ...others.slice(0, 1).map((other) => `${other} offers ${workType}: --node ${other}`)].join('; ');
  });
}
