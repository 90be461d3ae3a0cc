import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as topics from '../../../../actors/topics.js';
import { linesFor } from '../../../../cli/log/catalogue.js';
import { type NodeId, parseNodeId, parseServiceName, parseUnitId } from '../../../../protocol/names.js';
import { WORK_STATE } from '../../../../protocol/work/state.js';
import type { InspectionRecord } from '../../../../runtime/inspection.js';
import type { SessionAddress } from '../../../../runtime/ports.js';
import { partAddress, recordOf, shownLines, topicRecord } from './record-of.js';

function named<T>(parsed: { readonly ok: boolean; readonly value?: T }): T {
  assert.ok(parsed.value !== undefined);
  return parsed.value;
}

const node = (text: string): NodeId => named(parseNodeId(text));
const service = named(parseServiceName('control'));
const unitId = named(parseUnitId('a1'));
const TCP: SessionAddress = { transport: 'tcp', host: '127.0.0.1', portNumber: 2222 };
const REFUSED = { code: 'ECONNREFUSED', text: 'x' };

/** One record for each topic, and its lines: the words of the reference where it has some. */
const CASES: readonly (readonly [record: InspectionRecord, ...lines: readonly string[]])[] = [
  [topicRecord(topics.nodeStarted, {})],
  [topicRecord(topics.partReady, { part: partAddress('x') })],
  [topicRecord(topics.routerStarted, {})],
  [topicRecord(topics.routesChanged, { routes: new Map() })],
  [topicRecord(topics.listening, { address: TCP }), 'INFO Listening on TCP 127.0.0.1:2222'],
  [topicRecord(topics.controlReady, { service, sockets: [] }), 'INFO Running control service control'],
  [
    topicRecord(topics.controlReady, { service: undefined, sockets: [{ transport: 'unix', path: '/a.sock' }, TCP] }),
    'INFO Running control service /a.sock, 127.0.0.1:2222',
  ],
  [
    topicRecord(topics.partFailed, { part: partAddress('x'), address: TCP, fault: { code: 'EADDRINUSE', text: 'x' } }),
    'ERROR Error listening: listen tcp 127.0.0.1:2222: bind: address already in use',
  ],
  [
    topicRecord(topics.partFailed, {
      part: partAddress('x'),
      address: undefined,
      fault: { code: 'x', text: 'broken' },
    }),
    'ERROR node/x: broken',
  ],
  [
    topicRecord(topics.sessionRefused, {
      address: TCP,
      remote: '1.2.3.4:5',
      fault: { code: 'untrusted', text: "client didn't provide a certificate" },
    }),
    "WARNING Refused a connection from 1.2.3.4:5 to 127.0.0.1:2222: client didn't provide a certificate",
  ],
  [
    topicRecord(topics.dialFailed, { address: TCP, fault: REFUSED, willRetry: true }),
    'WARNING Backend connection failed (will retry): dial tcp 127.0.0.1:2222: connect: connection refused',
  ],
  [
    topicRecord(topics.dialFailed, { address: TCP, fault: REFUSED, willRetry: false }),
    'ERROR Backend connection failed: dial tcp 127.0.0.1:2222: connect: connection refused',
  ],
  [topicRecord(topics.peerGivenUp, { address: TCP }), 'ERROR Backend connection exited'],
  [
    topicRecord(topics.linkEstablished, { peer: node('b'), cost: 1, remote: '1.2.3.4:5' }),
    'INFO Connection established with b',
  ],
  [
    topicRecord(topics.linkClosed, {
      peer: node('b'),
      remote: '1.2.3.4:5',
      code: 'lost',
      text: 'connection to b was closed',
    }),
    'INFO Connection to b was closed (1.2.3.4:5)',
  ],
  [
    topicRecord(topics.linkSuspect, { peer: node('b'), silentMs: 2_500 }),
    'DEBUG Nothing was heard from b for 2.5 s; asking for a sign of life',
  ],
  [topicRecord(topics.nodeAppeared, { node: node('b') }), 'DEBUG Node b is new in the mesh, or has started anew'],
  [
    topicRecord(topics.duplicateNode, { node: node('a'), via: node('b'), weHaveToGo: true }),
    'ERROR We are a duplicate node with ID a and epoch 77.  Shutting down.',
  ],
  [
    topicRecord(topics.duplicateNode, { node: node('a'), via: node('b'), weHaveToGo: false }),
    'ERROR Duplicate node ID a detected via b',
  ],
  [
    topicRecord(topics.duplicateSuspected, { node: node('b'), updateId: 'u1', restarted: false }),
    'WARNING Node b sent update u1 suspecting a duplicate node',
  ],
  [
    topicRecord(topics.unreachableReceived, {
      from: node('b'),
      notice: { fromNode: 'a', toNode: 'c', fromService: 'x', toService: 'ping', problem: 'message expired' },
    }),
    'DEBUG Received unreachable message from b about a (service x) to c (service ping): message expired',
  ],
  [
    topicRecord(topics.unreachableReceived, {
      from: node('b'),
      notice: { fromNode: 'a', toNode: 'c', fromService: 'x', toService: 'sink', problem: 'service unknown' },
    }),
    'WARNING Received unreachable message from b about a (service x) to c (service sink): service unknown',
  ],
  [
    topicRecord(topics.unreachableReceived, {
      from: node('b'),
      notice: { fromNode: 'd', toNode: 'c', fromService: 'x', toService: 'ping', problem: 'message expired' },
    }),
    'WARNING Received unreachable message from b about d (service x) to c (service ping): message expired',
  ],
  [
    topicRecord(topics.advertChanged, { node: node('b'), service, gone: false }),
    'DEBUG Received service advertisement from b',
  ],
  [
    topicRecord(topics.advertChanged, { node: node('b'), service, gone: true }),
    'DEBUG Service control of b is no longer offered',
  ],
  [
    topicRecord(topics.unitChanged, { unitId, workType: 'cat', state: WORK_STATE.running, detail: 'Running: PID 5' }),
    'DEBUG Work unit a1 (cat): Running, Running: PID 5',
  ],
  [topicRecord(topics.unitReleased, { unitId }), 'DEBUG Work unit a1 was released'],
  [
    topicRecord(topics.unitStorageFailed, { unitId, text: 'no space left on device' }),
    'ERROR Error updating files of work unit a1: no space left on device',
  ],
  [
    topicRecord(topics.unitFarLost, { unitId, node: node('b'), task: 'start', text: 'no route to node' }),
    'INFO Connection to b failed with error: no route to node (work unit a1, start; will retry)',
  ],
];

describe('the catalogue of the log', () => {
  for (const [record, ...lines] of CASES) {
    it(`tells ${record.subject}${lines[0] === undefined ? ' to nobody' : `: ${lines[0]}`}`, () => {
      assert.deepEqual(shownLines(linesFor(record, { nodeId: 'a', epoch: 77n })), lines);
    });
  }

  it('has a case here for every topic', () => {
    const tested = new Set(CASES.map(([record]) => record.subject));

    const missing = Object.values(topics).filter((topic) => !tested.has(topic.name));

    assert.deepEqual(missing, []);
  });

  it('tells what is not in order, and nothing of the rest', () => {
    const facts = { nodeId: 'a', epoch: 0n };

    assert.deepEqual(shownLines(linesFor(recordOf('failure', 'x', { text: 'broken' }), facts)), [
      'ERROR node/part failed (x): broken',
    ]);
    assert.deepEqual(linesFor(recordOf('step', 'x'), facts), []);
  });
});
