import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { U64 } from '../../../../protocol/bytes.js';
import { hashName } from '../../../../protocol/hash.js';
import { parseServiceName, type ServiceName } from '../../../../protocol/names.js';
import * as datagram from '../../../../protocol/netceptor/datagram.js';
import { PING_SERVICE } from '../../../../protocol/netceptor/unreachable.js';
import { capturedFrames, fromHex, messageOf, toHex } from '../../../support/wire-vectors.js';

function service(text: string): ServiceName {
  const parsed = parseServiceName(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function hexOf({ hi, lo }: U64): string {
  return hi.toString(16).padStart(8, '0') + lo.toString(16).padStart(8, '0');
}

const FRAMES = ['ping.json', 'unreachable.json', 'quic_stream.json'].flatMap((file) => capturedFrames(file));

test('reads the header of every captured packet, wherever it lies in a buffer', () => {
  assert.equal(FRAMES.length, 28);
  for (const frame of FRAMES) {
    const buffer = fromHex(`ffffff${frame.frame_hex}ff`);
    const [start, end] = [5, buffer.length - 1];
    const expected = frame.decoded;
    assert.equal(datagram.datagramFault(buffer, start, end), undefined);
    assert.equal(datagram.hopsToLive(buffer, start), expected['hops_to_live']);
    const source = { hi: datagram.sourceHi(buffer, start), lo: datagram.sourceLo(buffer, start) };
    const destination = { hi: datagram.destinationHi(buffer, start), lo: datagram.destinationLo(buffer, start) };
    assert.equal(hexOf(source), expected['from_node_hash']);
    assert.equal(hexOf(destination), expected['to_node_hash']);
    assert.deepEqual(source, hashName(String(expected['from_node'])));
    assert.equal(datagram.sourceService(buffer, start), expected['from_service']);
    assert.equal(datagram.destinationService(buffer, start), expected['to_service']);
    const payload = buffer.subarray(datagram.payloadStart(start), end);
    assert.equal(payload.length, expected['payload_length']);
    if (expected['payload_hex'] !== undefined) assert.equal(toHex(payload), expected['payload_hex']);
  }
});

test('composes every captured packet from its fields, byte for byte', () => {
  for (const frame of FRAMES) {
    const message = messageOf(frame);
    const header = {
      hops: Number(frame.decoded['hops_to_live']),
      source: hashName(String(frame.decoded['from_node'])),
      destination: hashName(String(frame.decoded['to_node'])),
      sourceService: service(String(frame.decoded['from_service'])),
      destinationService: service(String(frame.decoded['to_service'])),
    };
    assert.equal(toHex(datagram.composeDatagram(header, message.subarray(36))), toHex(message));
  }
});

test('a packet shorter than its header, or of another kind, is a fault at every length', () => {
  const message = messageOf(FRAMES[0] ?? assert.fail());
  for (let length = 0; length < 36; length++) {
    assert.equal(datagram.datagramFault(message, 0, length)?.code, 'message-too-short');
  }
  assert.equal(datagram.datagramFault(message, 0, 36), undefined);
  assert.equal(datagram.datagramFault(message, 0, 37)?.code, 'message-too-short', 'beyond the buffer');
  assert.equal(datagram.datagramFault(new Uint8Array(40).fill(1), 0, 40)?.code, 'message-kind');
});

test('counting a hop changes one byte, clears the reserved two, and never wraps', () => {
  const packet = messageOf(FRAMES[0] ?? assert.fail());
  packet.set([0xab, 0xcd], 2);
  const before = toHex(packet);

  datagram.countHop(packet, 0);

  assert.equal(toHex(packet), `001c0000${before.slice(8)}`);
  packet[1] = 0;
  datagram.countHop(packet, 0);
  assert.equal(datagram.hopsToLive(packet, 0), 0);
});

test('an answer swaps both ends and has all its hops', () => {
  const [request, reply] = FRAMES;
  assert.ok(request && reply);

  const answer = datagram.composeAnswer(fromHex(request.frame_hex), 2);
  datagram.countHop(answer, 0);

  assert.equal(toHex(answer), toHex(messageOf(reply)));
});

test('an answer goes to a service even if its name is no UTF-8', () => {
  const packet = messageOf(FRAMES[0] ?? assert.fail());
  packet.set([0xff, 0xfe, 0, 1, 0, 0, 0, 0], 20);

  assert.equal(datagram.sourceService(packet, 0), '\ufffd\ufffd\u0000\u0001');
  assert.equal(toHex(datagram.composeAnswer(packet, 0).subarray(28)), 'fffe000100000000');
});

test('services of eight bytes and of letters beyond ASCII fill their field exactly', () => {
  for (const name of ['12345678', 'é', 'éééé', '😀😀', 'a']) {
    const packet = datagram.composeDatagram(
      {
        hops: 30,
        source: { hi: 1, lo: 2 },
        destination: { hi: 3, lo: 4 },
        sourceService: service(name),
        destinationService: PING_SERVICE,
      },
      new Uint8Array(0),
    );
    assert.equal(datagram.sourceService(packet, 0), name);
    assert.equal(datagram.destinationService(packet, 0), 'ping');
    assert.equal(packet.length, datagram.HEADER_BYTES);
  }
});

test('a header written over an old one leaves nothing of it', () => {
  const bytes = new Uint8Array(40).fill(0xee);

  datagram.composeHeader(bytes, 2, {
    hops: 7,
    source: { hi: 0xffffffff, lo: 0 },
    destination: { hi: 0, lo: 0xffffffff },
    sourceService: service('é'),
    destinationService: service('x'),
  });

  assert.equal(
    toHex(bytes),
    'eeee00070000ffffffff0000000000000000ffffffff' + 'c3a90000000000007800000000000000' + 'eeee',
  );
});

test('the key of a service is what stands in the header', () => {
  const long = datagram.composeAnswer(messageOf(FRAMES[0] ?? assert.fail()), 0);
  assert.deepEqual(datagram.serviceKey(service(datagram.destinationService(long, 0))), {
    hi: datagram.destinationServiceHi(long, 0),
    lo: datagram.destinationServiceLo(long, 0),
  });
  assert.notEqual(datagram.destinationServiceLo(long, 0), 0);

  const packet = messageOf(FRAMES[0] ?? assert.fail());
  const key = datagram.serviceKey(PING_SERVICE);
  assert.deepEqual(key, { hi: 0x70696e67, lo: 0 });
  assert.deepEqual(key, { hi: datagram.destinationServiceHi(packet, 0), lo: datagram.destinationServiceLo(packet, 0) });
});
