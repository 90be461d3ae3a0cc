// `status`, `ping`, `traceroute`, `reload`, `version`: one question, one answer (control-and-work 1.3 to 1.7).
import { VERSION } from '../../actors/version.js';
import { refusalKind } from '../../protocol/control/reply-reader.js';
import type { ParsedObject } from '../../protocol/json/parsed.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { cleanText } from '../log/line.js';
import { jsonCommand } from './command.js';
import type { ClientContext } from './context.js';
import { NO_ROUTE_HINT } from './refusal.js';
import { statusView } from './status-view.js';

const MS_PER_SECOND = 1_000;

export async function showStatus(context: ClientContext): Promise<ExitCode> {
  return await context.withClient(async (client) => {
    const { json, value } = await context.askObject(client, jsonCommand({ command: 'status' }));
    await context.print(context.wantsJson ? `${json}\n` : statusView(value));
    return EXIT.ok;
  });
}

export interface PingOptions {
  readonly count: number;
  /** Seconds. */
  readonly delay: number;
}

/** One line for each ping. Those that were not answered go to standard error, and the status says so. */
export async function ping(context: ClientContext, node: string, { count, delay }: PingOptions): Promise<ExitCode> {
  return await context.withClient(async (client) => {
    let failures = 0;
    let lastProblem: unknown;
    for (let sent = 0; sent < count; sent += 1) {
      if (sent > 0) {
        await context.pause(delay * MS_PER_SECOND);
      }
      const { json, value } = await context.askObject(client, jsonCommand({ command: 'ping', target: node }));
      const isAnswered = value['Success'] === true;
      failures += isAnswered ? 0 : 1;
      if (context.wantsJson) {
        await context.print(`${json}\n`);
      } else if (isAnswered) {
        await context.print(`Reply from ${shown(value['From'])} in ${shown(value['TimeStr'])}\n`);
      } else {
        await context.note(`No reply from ${node}: ${shown(value['Error'])}`);
        lastProblem = value['Error'];
      }
    }
    await hintFor(context, lastProblem);
    return failures === 0 ? EXIT.ok : EXIT.failed;
  });
}

async function hintFor(context: ClientContext, problem: unknown): Promise<void> {
  if (typeof problem === 'string' && refusalKind(problem) === 'no-route') {
    await context.note(`  ${NO_ROUTE_HINT}`);
  }
}

export async function traceroute(context: ClientContext, node: string): Promise<ExitCode> {
  return await context.withClient(async (client) => {
    const { json, value } = await context.askObject(client, jsonCommand({ command: 'traceroute', target: node }));
    const hops = Object.entries(value).sort(([a], [b]) => Number(a) - Number(b));
    const last = hops.at(-1)?.[1] as ParsedObject | undefined; // each hop is an object
    const code = last?.['Error'] === undefined ? EXIT.ok : EXIT.failed;
    if (context.wantsJson) {
      await context.print(`${json}\n`);
      return code;
    }
    for (const [number, hop] of hops) {
      const { From, TimeStr, Error: problem } = hop as ParsedObject; // each hop is an object
      if (problem === undefined) {
        await context.print(`${number}: ${shown(From)} in ${shown(TimeStr)}\n`);
      } else {
        await context.note(`${number}: ${shown(problem)}, says ${shown(From)} after ${shown(TimeStr)}`);
        await hintFor(context, problem);
      }
    }
    return code;
  });
}

/**
 * The statuses of receptorctl, on which scripts rely. A node of ours applies all differences; one of the reference passes
 * the mode over (decision 18).
 */
export async function reload(context: ClientContext): Promise<ExitCode> {
  return await context.withClient(async (client) => {
    const { json, value } = await context.askObject(client, jsonCommand({ command: 'reload', mode: 'difference' }));
    if (value['Success'] === true) {
      await context.print(context.wantsJson ? `${json}\n` : 'The configuration was read again.\n');
      return EXIT.ok;
    }
    const text = shown(value['Error']);
    const exitCode = reloadExit(text);
    if (context.wantsJson) {
      await context.print(`${json}\n`);
    } else {
      await context.complain({ text, hint: reloadHint(text), exitCode });
    }
    return exitCode;
  });
}

/** Our own nodes answer as one of the reference that was started without `--config`, whatever they were started with. */
function reloadHint(text: string): string | undefined {
  return text.includes('reload function not set')
    ? 'a node of our kind cannot reload yet, also with --config: stop it, and start it again'
    : undefined;
}

/** The number stands at the end of the text: that is how the protocol says it. */
function reloadExit(text: string): ExitCode {
  if (text.includes('ERRORCODE 3')) {
    return EXIT.reloadNeedsRestart;
  }
  return text.includes('ERRORCODE 4') ? EXIT.reloadRefused : EXIT.reloadFailed;
}

/** Without a socket only this program's own; a node that was named must answer. */
export async function showVersion(context: ClientContext): Promise<ExitCode> {
  if (context.socketText === undefined) {
    await context.print(context.wantsJson ? `{"Client":"${VERSION}"}\n` : `receptor ${VERSION}\n`);
    return EXIT.ok;
  }
  return await context.withClient(async (client) => {
    const command = '{"command":"status","requested_fields":["Version","NodeID"]}';
    const { value } = await context.askObject(client, command);
    if (context.wantsJson) {
      await context.print(`${JSON.stringify({ Client: VERSION, ...value })}\n`);
    } else {
      await context.print(`receptor ${VERSION}\nnode ${shown(value['NodeID'])} ${shown(value['Version'])}\n`);
    }
    return EXIT.ok;
  });
}

function shown(value: unknown): string {
  return cleanText(typeof value === 'string' ? value : JSON.stringify(value ?? null));
}
