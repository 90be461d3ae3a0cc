import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MeshNode } from '../../actors/mesh-node.js';
import type { NodeOptions } from '../../actors/node-options.js';
import { hashName } from '../../protocol/hash.js';
import type { NodeId, ServiceName } from '../../protocol/names.js';
import { composeAnswer, composeDatagram, countHop } from '../../protocol/netceptor/datagram.js';
import { MESSAGE_KIND } from '../../protocol/netceptor/message-kind.js';
import type { SessionAddress } from '../../runtime/ports.js';
import { World } from '../../runtime/simulation/world.js';
import { RecordedPeer } from '../support/recorded-peer.js';
import { type Peer, type PeerEnd, peerOn, tcp, udp } from '../support/simulated-peer.js';
import {
  capturedFrames,
  fromHex,
  jsonMessage,
  messageOf,
  textOf,
  toHex,
  wireFixture,
} from '../support/wire-vectors.js';
import { GoSafety } from './checkers/nothing-kills-go.js';

const id = (text: string): NodeId => text as NodeId; // names of the recordings are good ones
const CONTROL = 'control' as ServiceName; // seven letters

const UPDATES = capturedFrames('routing_update.json');
const ADVERTS = capturedFrames('service_advertisement.json');
const PINGS = capturedFrames('ping.json');
const NOTICES = capturedFrames('unreachable.json');

type Direction = 'dialer>listener' | 'listener>dialer';
type Recorded = ReturnType<typeof capturedFrames>[number] & { readonly direction?: Direction };

/** What one end of the recorded session said. */
function saidBy(end: 'dialer' | 'listener', frames: readonly Recorded[]): readonly Recorded[] {
  return frames.filter(({ direction }) => direction?.startsWith(end));
}

/** A world with nodes of ours, and watchers of what they do. */
class Stage {
  readonly world = new World({ seed: 'recorded sessions' });
  /** What no healthy node does. */
  readonly alarms: string[] = [];
  /** Codes of links that ended. */
  readonly closed: unknown[] = [];
  readonly safety: GoSafety;

  constructor(transport: 'tcp' | 'udp', foreign: readonly string[]) {
    this.safety = new GoSafety(this.world, transport, { foreign });
  }

  node(options: NodeOptions): MeshNode {
    const node = this.world.host(options.id).start((ports) => new MeshNode(options, ports));
    node.hub.read('news', ({ kind, address, subject, detail }) => {
      if (kind === 'failure' || kind === 'unhandled') {
        this.alarms.push(`${options.id} ${kind} ${address} ${subject}`);
      }
      if (kind === 'topic' && subject === 'link.closed') {
        this.closed.push((detail['payload'] as { readonly code: string }).code); // as topics.ts declares it
      }
    });
    return node;
  }

  /** A recorded node that dials ours. */
  async dialer(host: string, to: SessionAddress): Promise<RecordedPeer> {
    const peer = peerOn(this.world, host);
    peer.dial(to);
    await this.world.until(() => peer.opened.length > 0, 1_000);
    return recorded(peer.opened[0]);
  }

  /** A recorded node that ours dials. */
  async dialled(peer: Peer): Promise<RecordedPeer> {
    await this.world.until(() => peer.accepted.length > 0, 10_000);
    return recorded(peer.accepted[0]);
  }

  /** A moment, for the answer. */
  async moment(): Promise<void> {
    await this.world.advance(50);
  }

  assertHealthy(): void {
    assert.deepEqual(this.alarms, []);
    assert.deepEqual(this.safety.faults, []);
  }
}

function recorded(end: PeerEnd | undefined): RecordedPeer {
  assert.ok(end !== undefined, 'nobody is there');
  return new RecordedPeer(end);
}

const listening = (name: string, address: SessionAddress, more: Partial<NodeOptions> = {}): NodeOptions => ({
  id: id(name),
  listeners: [{ address }],
  ...more,
});

/** Ours plays a, to which the recorded b dials with c behind it. */
async function asA(): Promise<{ readonly stage: Stage; readonly a: MeshNode; readonly b: RecordedPeer }> {
  const stage = new Stage('tcp', ['b']);
  const a = stage.node(listening('a', tcp('a')));
  await stage.world.wait(a.started, 1_000);
  const b = await stage.dialer('b', tcp('a'));
  for (const frame of saidBy('dialer', UPDATES)) {
    b.play(frame);
    await stage.world.advance(200);
  }
  b.sayMessage(NEXT_OF_B);
  await stage.world.advance(200);
  return { stage, a, b };
}

/** What b said when c had come to it is not in the recording: its second update, with c in it. */
const NEXT_OF_B = jsonMessage(
  MESSAGE_KIND.routeUpdate.byte,
  textOf(messageOf(UPDATES[3] ?? assert.fail()).subarray(1))
    .replace('Tzb5pIjA', 'nextOfB0')
    .replace('"UpdateSequence":2', '"UpdateSequence":3')
    .replace('{"a":1}', '{"a":1,"c":1}'),
);

/** Ours plays b, between the recorded a that it dials and a c of ours. */
async function asB(): Promise<{ readonly stage: Stage; readonly b: MeshNode; readonly a: RecordedPeer }> {
  const stage = new Stage('tcp', ['a']);
  const peer = peerOn(stage.world, 'a');
  peer.listen(tcp('a'));
  const b = stage.node(listening('b', tcp('b'), { peers: [{ address: tcp('a') }] }));
  stage.node({ id: id('c'), peers: [{ address: tcp('b') }] });
  const a = await stage.dialled(peer);
  for (const frame of saidBy('listener', UPDATES)) {
    a.play(frame);
    await stage.world.advance(200);
  }
  await stage.world.advance(2_000);
  return { stage, b, a };
}

describe('the recorded session of two Go nodes, with ours in the place of one', () => {
  it('comes up: both ends list each other, and the ways through the other are found', async () => {
    const { stage, a, b } = await asA();

    const view = await stage.world.wait(a.view(), 1_000);
    assert.deepEqual([...view.connections], [['b', 1]]);
    assert.deepEqual(Object.fromEntries(view.routes), { b: 'b', c: 'b' });
    assert.equal(view.knownCosts.get(id('c'))?.get(id('b')), 1);
    const [first] = b.updates;
    const last = b.updates.at(-1);
    assert.deepEqual(
      [first?.NodeID, first?.ForwardingNode, first?.Connections, first?.UpdateSequence],
      ['a', 'a', {}, 1],
    );
    assert.deepEqual([last?.NodeID, last?.ForwardingNode, last?.Connections], ['a', 'a', { b: 1 }]);
    stage.assertHealthy();
  });

  it('comes up in the place of the dialler, and hands on what is behind us', async () => {
    const { stage, b, a } = await asB();

    const view = await stage.world.wait(b.view(), 1_000);
    assert.deepEqual(Object.fromEntries(view.connections), { a: 1, c: 1 });
    const told = a.updates.map(({ NodeID, ForwardingNode, Connections }) => ({ NodeID, ForwardingNode, Connections }));
    assert.deepEqual(told[0], { NodeID: 'b', ForwardingNode: 'b', Connections: {} });
    assert.ok(
      told.some(({ NodeID, Connections }) => NodeID === 'b' && Connections['a'] === 1 && Connections['c'] === 1),
    );
    assert.ok(told.some(({ NodeID, ForwardingNode }) => NodeID === 'c' && ForwardingNode === 'b'));
    stage.assertHealthy();
  });

  it('is answered pings and a traceroute, byte for byte as Go answered them', async () => {
    const { stage, a } = await asB();

    for (const request of saidBy('listener', PINGS)) {
      a.play(request);
      await stage.moment();
    }

    assert.deepEqual(
      a.packets,
      saidBy('dialer', PINGS).map((frame) => toHex(messageOf(frame))),
    );
    stage.assertHealthy();
  });

  it('is told of a service that there is not, byte for byte', async () => {
    const { stage, b } = await asA();
    const notice = NOTICES[1];
    assert.ok(notice !== undefined);
    const header = {
      hops: 28,
      source: hashName('c'),
      destination: hashName('a'),
      sourceService: '2iVdkK0k' as ServiceName, // as the notice names it
      destinationService: 'nosvc' as ServiceName,
    };

    b.sayMessage(composeDatagram(header, new Uint8Array(1_200)));
    await stage.moment();

    assert.deepEqual(b.packets, [toHex(messageOf(notice))]);
    stage.assertHealthy();
  });

  it('may bring notices and answers that nobody waits for', async () => {
    const { stage, a, b } = await asA();

    b.play(...saidBy('dialer', NOTICES), ...saidBy('dialer', PINGS));
    await stage.moment();

    // Go tells the sender of each packet to a service that is gone; of a notice nobody is told.
    const view = await stage.world.wait(a.view(), 1_000);
    assert.deepEqual([...view.connections.keys()], ['b']);
    stage.assertHealthy();
  });
});

describe('recorded advertisements', () => {
  it('are listed, with what they say of work, until they are taken back', async () => {
    const { stage, a, b } = await asA();
    const services = async (): Promise<readonly string[]> =>
      (await stage.world.wait(a.adverts(), 1_000)).map(({ nodeId, service, connType, workCommands }) => {
        const work = workCommands?.map(({ workType, secure }) => `${workType}${secure ? ' signed' : ''}`);
        return `${nodeId} ${service} ${connType} ${work?.join(', ') ?? '-'}`;
      });

    b.play(...ADVERTS.slice(0, 4));
    await stage.moment();
    const before = await services();
    b.play(...ADVERTS.slice(4));
    await stage.moment();

    const kept = ['b control 1 -', 'h control 1 echo, signed signed'];
    assert.deepEqual([...before].sort(), [...kept, 'gonode dgram 0 -', 'gonode strm 1 -'].sort());
    assert.deepEqual([...(await services())].sort(), [...kept, 'py1 xsvc 0 echo'].sort());
    stage.assertHealthy();
  });

  it('are handed on as they came, an unknown field included', async () => {
    const stage = new Stage('tcp', ['b', 'd']);
    const a = stage.node(listening('a', tcp('a')));
    await stage.world.wait(a.started, 1_000);
    const b = await stage.dialer('b', tcp('a'));
    b.play(...saidBy('dialer', UPDATES));
    const d = await stage.dialer('d', tcp('a'));
    for (const connections of [{}, { a: 1 }]) {
      const own = { NodeID: 'd', UpdateID: `d${Object.keys(connections).length}`, UpdateEpoch: 1, ForwardingNode: 'd' };
      const sequence = 1 + Object.keys(connections).length;
      d.sayMessage(jsonMessage(1, JSON.stringify({ ...own, UpdateSequence: sequence, Connections: connections })));
      await stage.world.advance(500);
    }

    b.play(...ADVERTS.slice(0, 2), ...ADVERTS.slice(-1));
    await stage.moment();

    const passed = d.messages.filter(([kind]) => kind === MESSAGE_KIND.serviceAdvert.byte).map(toHex);
    assert.deepEqual(
      passed,
      [...ADVERTS.slice(0, 2), ...ADVERTS.slice(-1)].map((frame) => toHex(messageOf(frame))),
    );
    stage.assertHealthy();
  });
});

describe('a recorded rejection', () => {
  const { udp_datagram_hex, captured_udp_datagrams_hex, tcp_frame_hex } = wireFixture<{
    readonly udp_datagram_hex: string;
    readonly captured_udp_datagrams_hex: readonly string[];
    readonly tcp_frame_hex: string;
  }>('reject.json');

  it('ends our link over TCP, before it is established and after', async () => {
    const { stage, b } = await asA();

    b.say(fromHex(tcp_frame_hex));
    await stage.moment();
    const early = await stage.dialer('early', tcp('a'));
    early.say(fromHex(tcp_frame_hex));
    await stage.moment();

    assert.deepEqual(stage.closed, ['rejected-by-peer', 'rejected-by-peer']);
    assert.deepEqual([b.end.news.at(-1), early.end.news.at(-1)], ['ended', 'ended']);
    stage.assertHealthy();
  });

  it('ends our link over UDP, whatever the node still says', async () => {
    const stage = new Stage('udp', ['ua']);
    const peer = peerOn(stage.world, 'ua');
    peer.listen(udp('ua'));
    const node = stage.node({ id: id('ours'), peers: [{ address: udp('ua') }] });
    const ua = await stage.dialled(peer);

    assert.equal(captured_udp_datagrams_hex[0], udp_datagram_hex);
    for (const datagram of captured_udp_datagrams_hex) {
      ua.say(fromHex(datagram));
      await stage.world.advance(500);
    }

    assert.deepEqual(stage.closed, ['rejected-by-peer']);
    assert.equal((await stage.world.wait(node.view(), 1_000)).connections.size, 0);
    stage.assertHealthy();
  });
});

describe('a recorded session that has one message in each piece', () => {
  it('comes up, brings services, and its ping is answered', async () => {
    interface Piece {
      readonly direction: Direction;
      readonly message_hex?: string;
    }
    const pieces = wireFixture<{ items: Piece[] }>('websocket.json').items;
    const stage = new Stage('udp', ['wa']);
    const peer = peerOn(stage.world, 'wa');
    peer.listen(udp('wa'));
    const node = stage.node({ id: id('wb'), peers: [{ address: udp('wa') }] });
    const wa = await stage.dialled(peer);

    const said = pieces.flatMap(({ direction, message_hex }) =>
      direction === 'listener>dialer' && message_hex !== undefined ? [fromHex(message_hex)] : [],
    );
    for (const message of said) {
      wa.say(message);
      await stage.world.advance(200);
    }

    const ping = said.at(-1);
    assert.ok(ping !== undefined);
    const answer = composeAnswer(ping, 0);
    countHop(answer, 0);
    const view = await stage.world.wait(node.view(), 1_000);
    const adverts = await stage.world.wait(node.adverts(), 1_000);
    assert.deepEqual(Object.fromEntries(view.connections), { wa: 1 });
    assert.deepEqual(
      adverts.map(({ nodeId, service }) => `${nodeId} ${service}`),
      ['wa control'],
    );
    assert.deepEqual(
      wa.end.heard.filter((line) => line.startsWith('bytes \0')),
      [`bytes ${latin1(answer)}`],
    );
    stage.assertHealthy();
  });
});

describe('what a Go node says to open a stream', () => {
  it('is answered with a handshake; what belongs to another handshake harms nothing', async () => {
    const frames = saidBy('dialer', capturedFrames('quic_stream.json'));
    const stage = new Stage('tcp', ['c']);
    const b = stage.node(listening('b', tcp('b'), { controlServices: [{ service: CONTROL }] }));
    await stage.world.wait(b.started, 1_000);
    const c = await stage.dialer('c', tcp('b'));
    // Recorded behind b; in front of it c names itself.
    const listed = UPDATES[4];
    assert.ok(listed !== undefined);
    const update = textOf(messageOf(listed).subarray(1)).replace('"ForwardingNode":"b"', '"ForwardingNode":"c"');
    c.sayMessage(jsonMessage(1, update));
    await stage.moment();
    c.sayMessage(jsonMessage(1, update.replace('"UpdateSequence":2', '"UpdateSequence":3').replace('ocVw', 'next')));
    await stage.moment();

    c.play(...frames.slice(0, 1));
    await stage.moment();
    const [reply = ''] = c.packets;
    c.play(...frames.slice(1));
    await stage.world.advance(1_000);

    const header = { hops: 29, source: hashName('b'), destination: hashName('c') };
    const services = { sourceService: CONTROL, destinationService: '6K9Gr3Aa' as ServiceName };
    assert.ok(reply.startsWith(toHex(composeDatagram({ ...header, ...services }, new Uint8Array(0)))), reply);
    // A long header, version 1, and the client's own connection id as the destination (RFC 9000, 17.2).
    assert.match(reply.slice(72), /^c.000000010414683aa9/);
    const view = await stage.world.wait(b.view(), 1_000);
    assert.deepEqual([...view.connections.keys()], ['c']);
    stage.assertHealthy();
  });
});

describe('what ends a Go node', () => {
  it('is survived by ours, and the link as well', async () => {
    const { cases } = wireFixture<{ cases: { frame_hex?: string }[] }>('malformed_inputs_observed.json');
    const deadly = cases.flatMap(({ frame_hex }) => (frame_hex === undefined ? [] : [fromHex(frame_hex)]));
    const { stage, a, b } = await asA();

    assert.equal(deadly.length, 2);
    for (const bytes of deadly) {
      b.say(bytes);
      await stage.moment();
    }

    const view = await stage.world.wait(a.view(), 1_000);
    assert.deepEqual([...view.connections.keys()], ['b']);
    assert.deepEqual(stage.closed, []);
    stage.assertHealthy();
  });
});

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
