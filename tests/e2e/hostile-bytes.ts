// What a hostile peer or client may send: everything is drawn from the seed.
import { hashName } from '../../protocol/hash.js';
import { type NodeId, parseServiceName, type ServiceName } from '../../protocol/names.js';
import {
  composeDatagram,
  type DatagramHeader,
  destinationService,
  HEADER_BYTES,
} from '../../protocol/netceptor/datagram.js';
import { encodeReject } from '../../protocol/netceptor/reject.js';
import { encodeFrame } from '../../protocol/netceptor/stream-framing.js';
import { PING_SERVICE } from '../../protocol/netceptor/unreachable.js';
import type { Random } from '../../runtime/random.js';
import {
  allCapturedMessages,
  controlTranscript,
  fromHex,
  goTexts,
  jsonMessage,
  textOf,
  utf8,
  wireFixture,
} from '../support/wire-vectors.js';

/** Kind bytes (mesh-protocol 2). */
const DATA = 0;
const ROUTE_UPDATE = 1;
const SERVICE_ADVERT = 2;

/** Texts that would turn a log, or a terminal that shows it, into something else. */
const SPITE = '\u001b[2J\u001b]0;x\u0007\r\nERROR 2026/01/01 00:00:00 forged\u0000\u009b31m\u202e';

/** Pieces that a mutation puts in. */
const SPLICES = ['{', '}', '[', ']', '"', '\\', ',', ':', 'null', '1e999', '-1', '\\u0000', '\\ud800', '\n', SPITE].map(
  utf8,
);

interface Malformed {
  readonly cases: readonly { readonly frame_hex?: string; readonly message?: string }[];
}

/** Frames with which the real ancestor had trouble: those that the fixture has as bytes, and those that it describes. */
function malformedFrames(sender: string): readonly Uint8Array[] {
  const { cases } = wireFixture<Malformed>('malformed_inputs_observed.json');
  const updates = [
    updateText('far', sender).replace('"UpdateEpoch":1', '"UpdateEpoch":3.01e+16'),
    updateText('far', sender).replace(/"[A-Z]\w+":/g, (name) => name.toLowerCase()),
  ];
  const adverts = ['"Time":"yesterday"', '"ConnType":300', '"Tags":{"a":1}'].map(
    (field) => `{"NodeID":"far","Service":"s",${field}}`,
  );
  return [
    ...cases.flatMap(({ frame_hex }) => (frame_hex === undefined ? [] : [fromHex(frame_hex)])),
    ...['0001', '04ff00', 'fe0102'].map((hex) => frameOf(fromHex(hex))),
    ...[...updates, '[]'].map((text) => frameOf(jsonMessage(ROUTE_UPDATE, text))),
    ...[...adverts, '[]'].map((text) => frameOf(jsonMessage(SERVICE_ADVERT, text))),
  ];
}

/** The update with which `id` greets, or tells of another node. */
export function updateText(id: string, forwarder: string, connections: Readonly<Record<string, number>> = {}): string {
  return JSON.stringify({
    NodeID: id,
    UpdateID: `up-${id}-${Object.keys(connections).length}`.slice(0, 40),
    UpdateEpoch: 1,
    UpdateSequence: 1 + Object.keys(connections).length,
    Connections: connections,
    ForwardingNode: forwarder,
    SuspectedDuplicate: 0,
  });
}

/** `update` of `id` as a frame. */
export function updateFrame(
  id: string,
  forwarder: string,
  connections: Readonly<Record<string, number>> = {},
): Uint8Array {
  return frameOf(jsonMessage(ROUTE_UPDATE, updateText(id, forwarder, connections)));
}

/** Who tells an update, in the messages below; each sender puts its own name there. */
const FORWARDER = 'FORWARDER';

/** Real messages, odd documents, and messages full of spite, all as if their sender had told them. */
const MESSAGES: readonly Uint8Array[] = [
  ...allCapturedMessages(),
  ...goTexts().routing_updates.map(({ hex }) => new Uint8Array([ROUTE_UPDATE, ...fromHex(hex)])),
  ...goTexts().service_adverts.map(({ hex }) => new Uint8Array([SERVICE_ADVERT, ...fromHex(hex)])),
  jsonMessage(ROUTE_UPDATE, updateText(`evil${SPITE}`, FORWARDER)),
  jsonMessage(ROUTE_UPDATE, updateText('evil', FORWARDER, { [`peer${SPITE}`]: 1 })),
  jsonMessage(ROUTE_UPDATE, updateText('evil', FORWARDER).replace(/"up-[^"]*"/, JSON.stringify(SPITE))),
  jsonMessage(ROUTE_UPDATE, suspicionText('evil', SPITE)),
  noticeOf(SPITE),
  jsonMessage(
    SERVICE_ADVERT,
    JSON.stringify({ NodeID: `evil${SPITE}`, Service: SPITE.slice(0, 8), Tags: { a: SPITE } }),
  ),
  encodeReject(SPITE),
];

/** Draws what is sent to the port for links. */
export class HostilePeer {
  readonly #random: Random;
  readonly #name: NodeId;
  readonly #target: NodeId;

  /** `name` is who it says it is, so that what it tells of others is listened to; `target` is who is to suffer. */
  constructor(random: Random, { name, target }: { readonly name: string; readonly target: string }) {
    this.#random = random;
    this.#name = name as NodeId; // given by the test
    this.#target = target as NodeId; // the same
  }

  /** A frame whose length is right, with anything in it. */
  frame(): Uint8Array {
    const isNoise = this.#random.unit() < 0.1;
    const drawn = isNoise
      ? noise(this.#random, 300)
      : spoiled(this.#random, this.#asOurs(pick(this.#random, MESSAGES)));
    return frameOf(drawn.length === 0 ? new Uint8Array([0]) : drawn);
  }

  /** Known troubles, and at the end a reason for the log that is meant for the terminal of whoever reads it. */
  known(): readonly Uint8Array[] {
    return [...malformedFrames(this.#name), frameOf(encodeReject(SPITE))];
  }

  /** Bytes that need not be frames at all. */
  raw(): Uint8Array {
    const frame = this.frame();
    switch (this.#random.below(5)) {
      case 0:
        return noise(this.#random, 2_000);
      case 1:
        return frame.subarray(0, this.#random.below(frame.length));
      case 2:
        return new Uint8Array(2 * (1 + this.#random.below(40)));
      case 3:
        return Uint8Array.from([0xff, 0xff, ...noise(this.#random, 500)]);
      default:
        return spoiled(this.#random, frame);
    }
  }

  /** As if we had told it, and, if it is a packet, to a service of the target. */
  #asOurs(message: Uint8Array): Uint8Array {
    if (message[0] === DATA && message.length >= HEADER_BYTES) {
      return this.#toTarget(message);
    }
    if (message[0] !== ROUTE_UPDATE) {
      return message;
    }
    const text = textOf(message.subarray(1)).replace(/"ForwardingNode":"[^"]*"/, `"ForwardingNode":"${this.#name}"`);
    return jsonMessage(ROUTE_UPDATE, text);
  }

  #toTarget(packet: Uint8Array): Uint8Array {
    const wanted = pick(this.#random, [destinationService(packet, 0), 'control', 'ping', 'unreach']);
    const destinationName = parseServiceName(wanted);
    const header: DatagramHeader = {
      hops: 1 + this.#random.below(30),
      source: hashName(this.#name),
      destination: hashName(this.#target),
      sourceService: 'abcdefgh' as ServiceName, // eight letters
      destinationService: destinationName.ok ? destinationName.value : PING_SERVICE,
    };
    return composeDatagram(header, packet.subarray(HEADER_BYTES));
  }
}

/** Draws what is sent to the control socket. */
export class HostileClient {
  readonly #random: Random;
  readonly #lines: readonly Uint8Array[];

  constructor(random: Random) {
    this.#random = random;
    const { static: fixed, live, actions, submits } = controlTranscript();
    this.#lines = [
      ...[...fixed, ...live, ...actions, ...submits].map(({ line }) => utf8(line)),
      ...[1, null, [], true, { a: [{}] }, SPITE].flatMap((odd) => [
        utf8(JSON.stringify(odd)),
        ...['ping', 'connect', 'traceroute', 'status', 'work'].map((command) =>
          utf8(
            JSON.stringify({ command, target: odd, node: odd, service: odd, subcommand: odd, requested_fields: odd }),
          ),
        ),
        ...['submit', 'status', 'results', 'follow', 'cancel', 'release', 'list'].map((subcommand) =>
          utf8(
            JSON.stringify({
              command: 'work',
              subcommand,
              unitid: odd,
              node: 'localhost',
              worktype: odd,
              startpos: odd,
            }),
          ),
        ),
      ]),
    ];
  }

  /** A line, with or without its end. */
  line(): Uint8Array {
    const drawn = this.#random.unit();
    if (drawn < 0.15) {
      return noise(this.#random, 1_000);
    }
    const line = pick(this.#random, this.#lines);
    const sent = drawn < 0.3 ? line : spoiled(this.#random, line);
    return this.#random.unit() < 0.9 ? Uint8Array.from([...sent, 0x0a]) : sent;
  }
}

/** A node's word that another one claims its id. */
function suspicionText(id: string, updateId: string): string {
  const update = JSON.parse(updateText(id, FORWARDER));
  return JSON.stringify({ ...update, UpdateID: updateId, SuspectedDuplicate: 1 });
}

/** A notice that a packet did not arrive, as a packet. */
function noticeOf(problem: string): Uint8Array {
  const notice = { FromNode: 'x', ToNode: 'y', FromService: 'a', ToService: 'b', Problem: problem };
  return Uint8Array.from([...new Uint8Array(HEADER_BYTES - 8), ...utf8('unreach\0'), ...utf8(JSON.stringify(notice))]);
}

function frameOf(message: Uint8Array): Uint8Array {
  const frame = encodeFrame(message);
  if (!frame.ok) {
    throw new Error(frame.fault.code);
  }
  return frame.value;
}

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[random.below(from.length)];
  if (picked === undefined) {
    throw new Error('there is nothing to pick from');
  }
  return picked;
}

function noise(random: Random, bytesMax: number): Uint8Array {
  return random.fill(new Uint8Array(1 + random.below(bytesMax)));
}

/** One to three changes: bytes turned, cut out, put in, or the end cut off. */
function spoiled(random: Random, bytes: Uint8Array): Uint8Array {
  let spoilt = bytes;
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    spoilt = spoiledOnce(random, spoilt);
  }
  return spoilt;
}

function spoiledOnce(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  switch (random.below(4)) {
    case 0:
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte));
    case 1:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + random.below(8))]);
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at), ...pick(random, SPLICES), ...bytes.subarray(at)]);
    default:
      return bytes.subarray(0, at);
  }
}
