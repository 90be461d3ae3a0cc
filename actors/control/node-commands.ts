import { RELOAD_FAILURE, reloadFailedLine } from '../../protocol/control/reply.js';
import { type NodeStatus, statusLine } from '../../protocol/control/status-reply.js';
import { DIRECTORY, ROUTER } from '../addresses.js';
import type { AdvertList } from '../mesh/directory-vocabulary.js';
import type { MeshView } from '../mesh/router-vocabulary.js';
import { type CommandContext, type CommandTable, reply } from './commands.js';

/** Questions to our own actors: answered in the same turn. */
const READ_WITHIN_MS = 5_000;

/** Fields for which nobody has to be asked: every call of receptorctl begins with one of them. */
const FACTS = new Set(['Version', 'NodeID', 'SystemCPUCount', 'SystemMemoryMiB']);

/** `status`, `reload` (control-and-work 1.4, 1.7). */
export const nodeCommands: Pick<CommandTable, 'status' | 'reload'> = {
  status: async ({ requestedFields }, context) => {
    const needsMesh = requestedFields === undefined || requestedFields.some((field) => !FACTS.has(field));
    const status = needsMesh ? await meshStatus(context) : factsOf(context);
    return reply(statusLine(status, requestedFields));
  },
  reload: () => reply(reloadFailedLine(RELOAD_FAILURE.noFile, 4)),
};

function factsOf({ ports }: CommandContext): NodeStatus {
  return {
    version: ports.version,
    nodeId: ports.node.id,
    systemCpuCount: ports.facts.cpuCount,
    systemMemoryMiB: ports.facts.memoryMiB,
    connections: new Map(),
    routingTable: new Map(),
    advertisements: [],
    knownConnectionCosts: new Map(),
  };
}

async function meshStatus(context: CommandContext): Promise<NodeStatus> {
  const [view, adverts] = await Promise.all([
    context.ask<MeshView>(ROUTER, (replyTo) => ({ type: 'view.read', replyTo }), READ_WITHIN_MS),
    context.ask<AdvertList>(DIRECTORY, (replyTo) => ({ type: 'adverts.read', replyTo }), READ_WITHIN_MS),
  ]);
  return {
    ...factsOf(context),
    connections: view.connections,
    routingTable: view.routes,
    advertisements: adverts,
    knownConnectionCosts: view.knownCosts,
  };
}
