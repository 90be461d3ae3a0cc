import {
  errorLine,
  MESH_FAILURE,
  pingFailureLine,
  pingLine,
  type TraceHop,
  tracerouteLine,
  unknownTlsText,
} from '../../protocol/control/reply.js';
import { isLocalhost, type NodeId, parseNodeId, parseServiceName } from '../../protocol/names.js';
import { HOPS_DEFAULT } from '../../protocol/netceptor/datagram.js';
import { PROBLEM } from '../../protocol/netceptor/unreachable.js';
import { PROBER } from '../addresses.js';
import type { ProbeResult } from '../services/probe.actor.js';
import type { StreamTarget } from '../streams/dial-birth.js';
import { SERVICE_UNKNOWN, SERVICE_UNKNOWN_HERE } from '../streams/stream-faults.js';
import { type CommandContext, type CommandResult, type CommandTable, reply } from './commands.js';

/** A probe has a deadline of its own, ten seconds; this is only the bound of the question. */
const PROBE_WITHIN_MS = 15_000;

const NANOSECONDS_PER_MS = 1_000_000;

/** `ping`, `traceroute`, `connect` (control-and-work 1.3, 1.5, 1.6). */
export const meshCommands: Pick<CommandTable, 'ping' | 'traceroute' | 'connect'> = {
  ping: async ({ target }, context) => {
    const found = await probe(target, HOPS_DEFAULT, context);
    const isAnswered = found.problem === undefined && found.from !== undefined;
    return reply(isAnswered ? pingLine(found.from, nanoseconds(found)) : pingFailureLine(found.problem ?? ''));
  },
  traceroute: async ({ target }, context) => {
    const hops: TraceHop[] = [];
    for (let hop = 0; hop <= HOPS_DEFAULT; hop += 1) {
      const found = await probe(target, hop, context);
      const isOnTheWay = found.problem === PROBLEM.messageExpired;
      const from = found.from ?? '';
      hops.push({
        from,
        nanoseconds: nanoseconds(found),
        ...(found.problem === undefined || isOnTheWay ? {} : { error: found.problem }),
      });
      if (!isOnTheWay) {
        break;
      }
    }
    return reply(tracerouteLine(hops));
  },
  connect: ({ node, service, tls }, context) => {
    const target = targetNode(node, context);
    const name = parseServiceName(service);
    if (tls !== '' && context.ports.security.findClient(tls) === undefined) {
      return reply(errorLine(unknownTlsText(tls)));
    }
    if (target === undefined) {
      return reply(errorLine(MESH_FAILURE.noRoute));
    }
    if (!name.ok) {
      return reply(
        errorLine(name.fault.code === 'name-too-long' ? name.fault.detail : unknownService(target, context)),
      );
    }
    return dial({ node: target, service: name.value, ...(tls === '' ? {} : { tls }) }, context);
  },
};

/** A session that ends meanwhile takes its dial with it. */
function dial(target: StreamTarget, { ports, own }: CommandContext): Promise<CommandResult> {
  return new Promise((resolve) => {
    const owned = own('dial', () => giveUp());
    const settle = (result: CommandResult): void => {
      owned.release();
      resolve(result);
    };
    const giveUp = ports.streams.dial(target, {
      opened: (session) => settle({ type: 'bridge', session }),
      failed: (fault) => settle(reply(errorLine(fault.text))),
    });
  });
}

/** For a name that no service can have: what is said of one that nobody offers. */
function unknownService(target: NodeId, { ports }: CommandContext): string {
  return (target === ports.node.id ? SERVICE_UNKNOWN_HERE : SERVICE_UNKNOWN).text;
}

/** The node that a user means; `localhost` is this one. `undefined` for what can't be the id of any node. */
export function targetNode(text: string, context: Pick<CommandContext, 'ports'>): NodeId | undefined {
  if (isLocalhost(text)) {
    return context.ports.node.id;
  }
  const parsed = parseNodeId(text);
  return parsed.ok ? parsed.value : undefined;
}

async function probe(text: string, hops: number, context: CommandContext): Promise<ProbeResult> {
  const target = targetNode(text, context);
  if (target === undefined) {
    return { from: context.ports.node.id, elapsedMs: 0, problem: MESH_FAILURE.noRoute };
  }
  const question = { type: 'probe.wanted', target, hops };
  return await context.ask<ProbeResult>(PROBER, (replyTo) => ({ ...question, replyTo }), PROBE_WITHIN_MS);
}

function nanoseconds(found: ProbeResult): number {
  return Math.round(found.elapsedMs * NANOSECONDS_PER_MS);
}
