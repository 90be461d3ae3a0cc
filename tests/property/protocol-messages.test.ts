import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { goTime } from '../../protocol/go-time.js';
import { hashName } from '../../protocol/hash.js';
import { type NodeId, parseNodeId, parseServiceName, type ServiceName } from '../../protocol/names.js';
import * as datagram from '../../protocol/netceptor/datagram.js';
import { extensionFields } from '../../protocol/netceptor/extensions.js';
import { decodeRouteUpdate, encodeRouteUpdate } from '../../protocol/netceptor/route-update.js';
import { decodeServiceAdvert, encodeServiceAdvert } from '../../protocol/netceptor/service-advert.js';
import { decodeUnreachable, encodeUnreachable } from '../../protocol/netceptor/unreachable.js';

const anyText = fc.string({ unit: 'binary', maxLength: 20 });

const nodeId: fc.Arbitrary<NodeId> = fc
  .oneof(fc.stringMatching(/^[a-z0-9.-]{1,30}$/), anyText)
  .map(parseNodeId)
  .filter((parsed) => parsed.ok)
  .map((parsed) => (parsed.ok ? parsed.value : assert.fail()));

const serviceName: fc.Arbitrary<ServiceName> = fc
  .oneof(fc.stringMatching(/^[a-zA-Z0-9]{1,8}$/), fc.string({ unit: 'binary', maxLength: 4 }))
  .map(parseServiceName)
  .filter((parsed) => parsed.ok)
  .map((parsed) => (parsed.ok ? parsed.value : assert.fail()));

/** Records of the ordinary kind, to be compared with decoded ones. */
const PLAIN = { noNullPrototype: true } as const;

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const cost = fc.double({ noNaN: true, noDefaultInfinity: true });

const extensions = fc
  .dictionary(fc.stringMatching(/^Z[a-z]{0,5}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .map((fields) => extensionFields(Object.entries(fields).map(([name, value]) => [name, value as null])))
  .filter((fields) => fields.ok)
  .map((fields) => (fields.ok ? fields.value : assert.fail()));

test('a routing update reads back as it was', () => {
  const update = fc.record(
    {
      nodeId,
      updateId: fc.oneof(fc.stringMatching(/^[a-zA-Z0-9]{8}$/), anyText),
      updateEpoch: uint64,
      updateSequence: uint64,
      connections: fc.array(fc.tuple(nodeId, cost), { maxLength: 5 }).map((entries) => new Map(entries)),
      forwardingNode: nodeId,
      suspectedDuplicate: uint64,
      extensions,
    },
    PLAIN,
  );
  fc.assert(
    fc.property(update, (value) => assert.deepEqual(decodeRouteUpdate(encodeRouteUpdate(value)), { ok: true, value })),
    { numRuns: 3_000 },
  );
});

test('an advertisement reads back as it was', () => {
  const advert = fc.record({
    nodeId,
    service: serviceName,
    time: fc
      .record({
        seconds: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
        nanoseconds: fc.nat({ max: 999_999_999 }),
      })
      .map(goTime),
    connType: fc.nat({ max: 255 }),
    tags: fc.option(fc.array(fc.tuple(anyText, anyText), { maxLength: 3 }).map((entries) => new Map(entries))),
    workCommands: fc.option(fc.array(fc.record({ workType: anyText, secure: fc.boolean() }, PLAIN), { maxLength: 3 })),
    cancel: fc.boolean(),
    extensions,
  });
  fc.assert(
    fc.property(advert, (value) => {
      const raw = encodeServiceAdvert(value);
      assert.deepEqual(decodeServiceAdvert(raw), { ok: true, value: { ...value, time: { ...value.time }, raw } });
    }),
    { numRuns: 3_000 },
  );
});

test('a notice reads back as it was', () => {
  const notice = fc.record(
    {
      fromNode: nodeId,
      toNode: nodeId,
      fromService: anyText,
      toService: anyText,
      problem: anyText,
    },
    PLAIN,
  );
  fc.assert(
    fc.property(notice, (value) => assert.deepEqual(decodeUnreachable(encodeUnreachable(value)), { ok: true, value })),
    { numRuns: 2_000 },
  );
});

test('a data packet reads back as it was, and so does its answer', () => {
  const header = fc.record(
    {
      hops: fc.nat({ max: 255 }),
      source: nodeId.map(hashName),
      destination: nodeId.map(hashName),
      sourceService: serviceName,
      destinationService: serviceName,
    },
    PLAIN,
  );
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 50 }), (value, payload) => {
      const packet = datagram.composeDatagram(value, payload);
      assert.equal(datagram.datagramFault(packet, 0, packet.length), undefined);
      assert.deepEqual(headerOf(packet), value);
      assert.deepEqual(packet.subarray(datagram.payloadStart(0)), payload);
      assert.deepEqual(headerOf(datagram.composeAnswer(packet, 0)), {
        hops: datagram.HOPS_DEFAULT,
        source: value.destination,
        destination: value.source,
        sourceService: value.destinationService,
        destinationService: value.sourceService,
      });
    }),
    { numRuns: 3_000 },
  );
});

function headerOf(packet: Uint8Array): object {
  return {
    hops: datagram.hopsToLive(packet, 0),
    source: { hi: datagram.sourceHi(packet, 0), lo: datagram.sourceLo(packet, 0) },
    destination: { hi: datagram.destinationHi(packet, 0), lo: datagram.destinationLo(packet, 0) },
    sourceService: datagram.sourceService(packet, 0),
    destinationService: datagram.destinationService(packet, 0),
  };
}
