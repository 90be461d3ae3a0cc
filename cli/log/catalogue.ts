// What the log says of each record of the hub, in the reference's words where it has some (decision 17): existing tools
// and suites read them. Records without an entry are not logged.
import {
  advertChanged,
  controlReady,
  dialFailed,
  duplicateNode,
  duplicateSuspected,
  linkClosed,
  linkEstablished,
  linkSuspect,
  listening,
  nodeAppeared,
  partFailed,
  peerGivenUp,
  sessionRefused,
  unitChanged,
  unitFarLost,
  unitReleased,
  unitStorageFailed,
  unreachableReceived,
} from '../../actors/topics.js';
import { PING_SERVICE } from '../../protocol/netceptor/unreachable.js';
import { stateName } from '../../protocol/work/state.js';
import type { InspectionRecord } from '../../runtime/inspection.js';
import type { Topic } from '../../runtime/message.js';
import { brokenLines } from './broken-lines.js';
import type { LogLine } from './line.js';
import { closedLines } from './link-lines.js';
import { dialText, listenText, showAddress } from './network-text.js';

/** What a line may tell of the node itself. */
export interface LogFacts {
  readonly nodeId: string;
  /** Of the node's updates: tells this start of the node from others (mesh-protocol 3.2). */
  readonly epoch: bigint;
}

type Entry = (record: InspectionRecord, facts: LogFacts) => readonly LogLine[];

/** The lines for a record, none for most. */
export function linesFor(record: InspectionRecord, facts: LogFacts): readonly LogLine[] {
  const entry = record.kind === 'topic' ? TOPIC_LINES.get(record.subject) : brokenLines;
  return entry?.(record, facts) ?? [];
}

const TOPIC_LINES: ReadonlyMap<string, Entry> = new Map([
  // At info, and not at debug as the reference has it: with port 0 nobody would know the port otherwise.
  topicLine(listening, ({ address }) => info(`Listening on ${transportName(address)} ${showAddress(address)}`)),
  topicLine(controlReady, ({ service, sockets }) =>
    info(`Running control service ${service ?? sockets.map(showAddress).join(', ')}`),
  ),
  topicLine(partFailed, ({ part, address, fault }) =>
    error(address === undefined ? `${part}: ${fault.text}` : `Error listening: ${listenText(address, fault)}`),
  ),
  topicLine(sessionRefused, ({ address, remote, fault }) =>
    warning(`Refused a connection from ${remote} to ${showAddress(address)}: ${fault.text}`),
  ),
  topicLine(dialFailed, ({ address, fault, willRetry }) =>
    willRetry
      ? warning(`Backend connection failed (will retry): ${dialText(address, fault)}`)
      : error(`Backend connection failed: ${dialText(address, fault)}`),
  ),
  topicLine(peerGivenUp, () => error('Backend connection exited')),
  topicLine(linkEstablished, ({ peer }) => info(`Connection established with ${peer}`)),
  topicLine(linkClosed, closedLines),
  topicLine(linkSuspect, ({ peer, silentMs }) =>
    debug(`Nothing was heard from ${peer} for ${(silentMs / 1_000).toFixed(1)} s; asking for a sign of life`),
  ),
  topicLine(nodeAppeared, ({ node }) => debug(`Node ${node} is new in the mesh, or has started anew`)),
  topicLine(duplicateNode, ({ node, via, weHaveToGo }, { facts }) =>
    weHaveToGo
      ? error(`We are a duplicate node with ID ${facts.nodeId} and epoch ${facts.epoch}.  Shutting down.`)
      : error(`Duplicate node ID ${node} detected via ${via}`),
  ),
  topicLine(duplicateSuspected, ({ node, updateId }) =>
    warning(`Node ${node} sent update ${updateId} suspecting a duplicate node`),
  ),
  topicLine(unreachableReceived, ({ from, notice }, { facts }) => {
    // A ping of ours tells whoever asked for it; a traceroute is made of such notices.
    const isProbe = notice.fromNode === facts.nodeId && notice.toService === PING_SERVICE;
    return (isProbe ? debug : warning)(
      `Received unreachable message from ${from} about ${notice.fromNode} (service ${notice.fromService}) to ` +
        `${notice.toNode} (service ${notice.toService}): ${notice.problem}`,
    );
  }),
  topicLine(advertChanged, ({ node, service, gone }) =>
    debug(gone ? `Service ${service} of ${node} is no longer offered` : `Received service advertisement from ${node}`),
  ),
  topicLine(unitChanged, ({ unitId, workType, state, detail }) =>
    debug(`Work unit ${unitId} (${workType}): ${stateName(state)}, ${detail}`),
  ),
  topicLine(unitReleased, ({ unitId }) => debug(`Work unit ${unitId} was released`)),
  topicLine(unitStorageFailed, ({ unitId, text }) => error(`Error updating files of work unit ${unitId}: ${text}`)),
  topicLine(unitFarLost, ({ unitId, node, task, text }) =>
    info(`Connection to ${node} failed with error: ${text} (work unit ${unitId}, ${task}; will retry)`),
  ),
]);

interface Surroundings {
  readonly record: InspectionRecord;
  readonly facts: LogFacts;
}

function topicLine<Payload>(
  topic: Topic<Payload>,
  lines: (payload: Payload, around: Surroundings) => readonly LogLine[],
): readonly [string, Entry] {
  // The topic's publishers are typed by it.
  return [topic.name, (record, facts) => lines(record.detail['payload'] as Payload, { record, facts })];
}

function transportName({ transport }: { readonly transport: string }): string {
  return transport === 'unix' ? 'Unix socket' : transport.toUpperCase();
}

const error = (text: string): readonly LogLine[] => [{ level: 'error', text }];
const warning = (text: string): readonly LogLine[] => [{ level: 'warning', text }];
const info = (text: string): readonly LogLine[] => [{ level: 'info', text }];
const debug = (text: string): readonly LogLine[] => [{ level: 'debug', text }];
