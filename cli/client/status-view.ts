import { isObject, type ParsedJson, type ParsedObject } from '../../protocol/json/parsed.js';
import { compareText } from '../../protocol/text.js';
import { facts, table } from './table.js';

/** The status of a node as tables; what is missing in the answer is left out. */
export function statusView(status: ParsedObject): string {
  const parts = [
    facts([
      ['Node', text(status['NodeID'])],
      ['Version', text(status['Version'])],
      ['CPUs', text(status['SystemCPUCount'])],
      ['Memory', `${text(status['SystemMemoryMiB'])} MiB`],
    ]),
    connections(status['Connections']),
    knownCosts(status['KnownConnectionCosts']),
    routes(status['RoutingTable']),
    services(listOf(status['Advertisements'])),
    workTypes(listOf(status['Advertisements'])),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function connections(value: ParsedJson | undefined): string {
  const rows = listOf(value).map((link) => [text(link['NodeID']), text(link['Cost'])]);
  return rows.length === 0 ? 'no links to other nodes\n' : table(['LINK TO', 'COST'], rows);
}

function knownCosts(value: ParsedJson | undefined): string {
  const rows = entriesOf(value).map(([node, peers]) => [
    node,
    entriesOf(peers)
      .map(([peer, cost]) => `${peer} (${text(cost)})`)
      .join(' '),
  ]);
  return rows.length === 0 ? '' : table(['KNOWN NODE', 'ITS LINKS (COST)'], rows);
}

function routes(value: ParsedJson | undefined): string {
  const rows = entriesOf(value).map(([node, via]) => [node, text(via)]);
  return rows.length === 0 ? '' : table(['ROUTE TO', 'VIA'], rows);
}

function services(adverts: readonly ParsedObject[]): string {
  const rows = adverts.map((advert) => [
    text(advert['NodeID']),
    text(advert['Service']),
    CONNECTION_TYPES[Number(advert['ConnType'])] ?? text(advert['ConnType']),
    text(advert['Time']).slice(0, 19).replace('T', ' '),
    entriesOf(advert['Tags'])
      .map(([name, tag]) => `${name}=${text(tag)}`)
      .join(' '),
  ]);
  return rows.length === 0 ? '' : table(['NODE', 'SERVICE', 'KIND', 'LAST SEEN (UTC)', 'TAGS'], rows);
}

const CONNECTION_TYPES = ['datagram', 'stream', 'stream with TLS'];

/** Each node once: every control service of a node carries the same list. */
function workTypes(adverts: readonly ParsedObject[]): string {
  const byNode = new Map<string, Set<string>>();
  for (const advert of adverts) {
    const node = text(advert['NodeID']);
    for (const type of listOf(advert['WorkCommands'])) {
      const types = byNode.get(node) ?? new Set();
      byNode.set(node, types.add(`${text(type['WorkType'])}${type['Secure'] === true ? ' (signed)' : ''}`));
    }
  }
  const rows = [...byNode].map(([node, types]) => [node, [...types].join(', ')]);
  return rows.length === 0 ? '' : table(['NODE', 'WORK TYPES'], rows);
}

/** The work types that a node offers, by the adverts of a status. */
export function workTypesOf(status: ParsedObject, node: string): readonly string[] {
  const own = listOf(status['Advertisements']).filter((advert) => advert['NodeID'] === node);
  return [...new Set(own.flatMap((advert) => listOf(advert['WorkCommands'])).map((type) => text(type['WorkType'])))];
}

/** The nodes that offer a work type, by the adverts of a status. */
export function nodesOffering(status: ParsedObject, workType: string): readonly string[] {
  const nodes = listOf(status['Advertisements'])
    .filter((advert) => listOf(advert['WorkCommands']).some((type) => type['WorkType'] === workType))
    .map((advert) => text(advert['NodeID']));
  return [...new Set(nodes)].sort(compareText);
}

/** Objects of a list; anything else in it is passed over. */
function listOf(value: ParsedJson | undefined): readonly ParsedObject[] {
  return Array.isArray(value) ? (value as readonly ParsedJson[]).filter(isObject) : []; // just checked
}

function entriesOf(value: ParsedJson | undefined): readonly (readonly [string, ParsedJson])[] {
  return isObject(value) ? Object.entries(value).sort(([a], [b]) => compareText(a, b)) : [];
}

function text(value: ParsedJson | undefined): string {
  if (value === undefined || value === null) {
    return '-';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
