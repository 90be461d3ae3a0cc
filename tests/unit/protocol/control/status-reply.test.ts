import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeStatus, statusLine } from '../../../../protocol/control/status-reply.js';
import { parseGoTime } from '../../../../protocol/go-time.js';
import { type NodeId, parseNodeId, parseServiceName } from '../../../../protocol/names.js';
import { controlTranscript } from '../../../support/wire-vectors.js';

function id(text: string): NodeId {
  const parsed = parseNodeId(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function byNode<V>(record: Record<string, V>): Map<NodeId, V> {
  return new Map(Object.entries(record).map(([node, value]) => [id(node), value]));
}

interface RecordedStatus {
  readonly Advertisements: {
    NodeID: string;
    Service: string;
    Time: string;
    ConnType: number;
    Tags: Record<string, string> | null;
    WorkCommands: { WorkType: string; Secure: boolean }[] | null;
  }[];
  readonly Connections: { NodeID: string; Cost: number }[];
  readonly KnownConnectionCosts: Record<string, Record<string, number>>;
  readonly NodeID: string;
  readonly RoutingTable: Record<string, string>;
  readonly SystemCPUCount: number;
  readonly SystemMemoryMiB: number;
  readonly Version: string;
}

const recordedLine = controlTranscript().live.find(({ line }) => line === 'status')?.reply ?? assert.fail();
const recorded = JSON.parse(recordedLine) as RecordedStatus;

function advertisement(advert: RecordedStatus['Advertisements'][number]): NodeStatus['advertisements'][number] {
  const [service, time] = [parseServiceName(advert.Service), parseGoTime(advert.Time)];
  assert.ok(service.ok && time.ok);
  return {
    nodeId: id(advert.NodeID),
    service: service.value,
    time: time.value,
    connType: advert.ConnType,
    tags: advert.Tags && new Map(Object.entries(advert.Tags)),
    workCommands: advert.WorkCommands?.map(({ WorkType, Secure }) => ({ workType: WorkType, secure: Secure })) ?? null,
  };
}

const status: NodeStatus = {
  version: recorded.Version,
  nodeId: id(recorded.NodeID),
  systemCpuCount: recorded.SystemCPUCount,
  systemMemoryMiB: recorded.SystemMemoryMiB,
  connections: byNode(Object.fromEntries(recorded.Connections.map(({ NodeID, Cost }) => [NodeID, Cost]))),
  routingTable: new Map(Object.entries(recorded.RoutingTable).map(([node, hop]) => [id(node), id(hop)])),
  advertisements: recorded.Advertisements.map(advertisement),
  knownConnectionCosts: byNode(
    Object.fromEntries(Object.entries(recorded.KnownConnectionCosts).map(([node, edges]) => [node, byNode(edges)])),
  ),
};

test('answers status as Receptor 1.6.9 does, to the last character', () => {
  assert.equal(statusLine(status), recordedLine);
});

test('tells the fields that were asked for and passes over the rest', () => {
  assert.equal(statusLine(status, ['Version', 'bogus', 'toString', 'Version']), '{"Version":"1.6.9"}\n');
  assert.equal(
    statusLine(status, ['NodeID', 'Connections']),
    '{"Connections":[{"NodeID":"ref-b","Cost":1}],"NodeID":"ref.a-1"}\n',
  );
  assert.equal(statusLine(status, []), '{}\n');
});

test('a lonely node has empty lists and maps, never null', () => {
  const lonely: NodeStatus = {
    ...status,
    connections: new Map(),
    routingTable: new Map(),
    advertisements: [],
    knownConnectionCosts: new Map(),
  };
  const fields = ['Connections', 'RoutingTable', 'Advertisements', 'KnownConnectionCosts'];
  assert.equal(
    statusLine(lonely, fields),
    '{"Advertisements":[],"Connections":[],"KnownConnectionCosts":{},"RoutingTable":{}}\n',
  );
});

test('an advertisement without tags and work commands says null, as receptorctl expects', () => {
  const [first] = status.advertisements;
  assert.ok(first);
  const line = statusLine({ ...status, advertisements: [{ ...first, tags: null, workCommands: null }] }, [
    'Advertisements',
  ]);
  assert.ok(line.endsWith('"ConnType":1,"Tags":null,"WorkCommands":null}]}\n'), line);
});
