import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServiceHandler } from '../../../../actors/mesh/service-table.js';
import { compilePattern } from '../../../../actors/pattern.js';
import { compileFirewall } from '../../../../protocol/firewall.js';
import type { NodeId } from '../../../../protocol/names.js';
import { composeDatagram, HEADER_BYTES, hopsToLive, payloadStart } from '../../../../protocol/netceptor/datagram.js';
import { decodeUnreachable, UNREACHABLE_SERVICE } from '../../../../protocol/netceptor/unreachable.js';
import { ManualHost } from '../../../support/manual-host.js';
import type { RecordingSession } from '../../../support/recording-session.js';
import { FAR, HERE, NEAR, NodeParts, nodeId, serviceName } from '../node-parts.js';

/** `here` between `near`, which sends, and the way to `far`. */
class Junction {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly forwarder = this.parts.forwarder;
  readonly near = this.parts.neighbour(NEAR);
  readonly toFar: RecordingSession;

  constructor(kind: 'stream' | 'message' = 'stream') {
    this.toFar = this.parts.neighbour(FAR, kind);
    this.forwarder.setRoutes(
      new Map([
        [NEAR, NEAR],
        [FAR, FAR],
      ]),
    );
  }

  packet(said: { from?: NodeId; to?: NodeId; service?: string; fromService?: string; hops?: number } = {}): Uint8Array {
    const { from = NEAR, to = FAR, service = 'x', fromService = 'sender', hops = 9 } = said;
    const { names } = this.parts;
    const ends = { source: names.hashOf(from), destination: names.hashOf(to) };
    const services = { sourceService: serviceName(fromService), destinationService: serviceName(service) };
    return composeDatagram({ hops, ...ends, ...services }, new Uint8Array([1, 2, 3]));
  }

  /** Lets a packet come in with its length in front, as from a stream. */
  passFramed(packet: Uint8Array): Uint8Array {
    const bytes = new Uint8Array([packet.length, 0, ...packet]);
    this.forwarder.pass(bytes, 2, bytes.length, true);
    this.host.run();
    return bytes;
  }

  pass(packet: Uint8Array): void {
    this.forwarder.pass(packet, 0, packet.length, false);
    this.host.run();
  }

  /** What was sent to a neighbour, one entry for each part. */
  sent(session: RecordingSession): readonly Uint8Array[] {
    this.host.run();
    return session.sends.flat();
  }

  /** Problems that a neighbour was told of, and by whom they are addressed. */
  reports(session: RecordingSession): readonly unknown[] {
    return this.sent(session).map((frame) => {
      const notice = decodeUnreachable(frame.subarray(2 + HEADER_BYTES));
      assert.ok(notice.ok);
      return notice.value;
    });
  }
}

function recorder(heard: Uint8Array[]): ServiceHandler {
  return { packet: (bytes, start, end) => void heard.push(bytes.slice(payloadStart(start), end)) };
}

describe('a packet that passes through', () => {
  it('leaves with one hop less, in the very bytes in which it came', () => {
    const at = new Junction();
    const bytes = at.passFramed(at.packet({ hops: 9 }));

    const [frame] = at.sent(at.toFar);
    assert.ok(frame !== undefined);
    assert.equal(frame.buffer, bytes.buffer);
    assert.equal(hopsToLive(frame, 2), 8);
    assert.equal(at.forwarder.counters.forwarded, 1);
  });

  it('gets a length in front of it where it came without one', () => {
    const at = new Junction();
    const packet = at.packet();
    at.pass(packet);

    const [frame] = at.sent(at.toFar);
    assert.deepEqual(frame, new Uint8Array([packet.length, 0, ...packet]));
  });

  it('goes without a length into a session of messages', () => {
    const at = new Junction('message');
    const packet = at.packet();
    at.passFramed(packet.slice());
    at.pass(packet.slice());

    const expected = packet.map((byte, index) => (index === 1 ? byte - 1 : byte));
    assert.deepEqual(at.sent(at.toFar), [expected, expected]);
  });

  it('needs no name to be known here', () => {
    const at = new Junction();
    const packet = at.packet();
    packet.fill(0x77, 4, 12);
    at.pass(packet);

    assert.equal(at.forwarder.counters.forwarded, 1);
  });

  it('is counted and dropped when the lane is full', () => {
    const at = new Junction();
    at.toFar.hasRoom = false;
    at.pass(at.packet());
    for (let packets = 0; packets < 8_192; packets += 1) {
      at.pass(at.packet());
    }
    at.pass(at.packet());

    assert.equal(at.forwarder.counters.laneFull, 1);
    assert.equal(at.forwarder.counters.forwarded, 8_193);
  });

  it('is reported to its source when it has no hop left, but not if it is a report itself', () => {
    const at = new Junction();
    at.pass(at.packet({ hops: 0 }));
    at.pass(at.packet({ hops: 0, fromService: UNREACHABLE_SERVICE }));

    assert.deepEqual(at.reports(at.near), [
      { fromNode: NEAR, toNode: FAR, fromService: 'sender', toService: 'x', problem: 'message expired' },
    ]);
    assert.equal(at.forwarder.counters.expired, 2);
  });

  it('is not reported when its source is nobody we know', () => {
    const at = new Junction();
    const packet = at.packet({ hops: 0 });
    packet.fill(0x77, 4, 12);
    at.pass(packet);

    assert.deepEqual(at.sent(at.near), []);
  });

  it('is dropped without a word when nobody knows the way, and when it is no packet', () => {
    const at = new Junction();
    at.pass(at.packet({ to: nodeId('nowhere') }));
    at.pass(new Uint8Array([0, 1]));

    assert.deepEqual([at.forwarder.counters.noRoute, at.forwarder.counters.malformed], [1, 1]);
    assert.deepEqual([...at.sent(at.near), ...at.sent(at.toFar)], []);
  });
});

describe('a packet for this node', () => {
  it('is handed to its service with whatever hops it has left', () => {
    const at = new Junction();
    const heard: Uint8Array[] = [];
    at.forwarder.services.bind(serviceName('x'), recorder(heard));
    at.pass(at.packet({ to: HERE, hops: 0 }));

    assert.deepEqual(heard, [new Uint8Array([1, 2, 3])]);
    assert.equal(at.forwarder.counters.delivered, 1);
  });

  it('is reported when there is no such service', () => {
    const at = new Junction();
    at.pass(at.packet({ to: HERE, service: 'nosvc' }));

    assert.deepEqual(at.reports(at.near), [
      { fromNode: NEAR, toNode: HERE, fromService: 'sender', toService: 'nosvc', problem: 'service unknown' },
    ]);
  });

  it('is dropped when its source has an unknown name', () => {
    const at = new Junction();
    const heard: Uint8Array[] = [];
    at.forwarder.services.bind(serviceName('x'), recorder(heard));
    const packet = at.packet({ to: HERE });
    packet.fill(0x77, 4, 12);
    at.pass(packet);

    assert.deepEqual(heard, []);
    assert.equal(at.forwarder.counters.nameUnknown, 1);
  });
});

describe('a packet that starts here', () => {
  const datagram = { toService: serviceName('x'), fromService: serviceName('me'), payload: new Uint8Array([7]) };

  it('leaves with 29 hops of 30', () => {
    const at = new Junction();
    assert.equal(at.forwarder.send({ toNode: FAR, ...datagram }), 'sent');

    const [frame] = at.sent(at.toFar);
    assert.equal(hopsToLive(frame ?? new Uint8Array(), 2), 29);
    assert.equal(frame?.at(-1), 7);
  });

  it('is delivered at once when it is for ourselves', () => {
    const at = new Junction();
    const heard: Uint8Array[] = [];
    assert.equal(at.forwarder.send({ toNode: HERE, ...datagram }), 'service-unknown');

    at.forwarder.services.bind(serviceName('x'), recorder(heard));
    assert.equal(at.forwarder.send({ toNode: HERE, ...datagram }), 'sent');
    assert.deepEqual(heard, [new Uint8Array([7])]);
  });

  it('tells its sender that nobody knows the way, or that the lane is full', () => {
    const at = new Junction();
    assert.equal(at.forwarder.send({ toNode: nodeId('nowhere'), ...datagram }), 'no-route');

    const lane = at.forwarder.lanes.get(FAR);
    lane?.shut();
    assert.equal(at.forwarder.send({ toNode: FAR, ...datagram }), 'lane-full');
  });

  it('without a hop is reported to itself, which is how a traceroute finds the first node', () => {
    const at = new Junction();
    const heard: Uint8Array[] = [];
    at.forwarder.services.bind(UNREACHABLE_SERVICE, recorder(heard));

    assert.equal(at.forwarder.send({ toNode: FAR, ...datagram, hops: 0 }), 'sent');
    const notice = decodeUnreachable(heard[0] ?? new Uint8Array());
    assert.equal(notice.ok && notice.value.problem, 'message expired');
  });
});

describe('the lanes of a forwarder', () => {
  it('are followed when the routes are set, and named by their neighbours', () => {
    const at = new Junction();
    const { names, forwarder } = at.parts;

    assert.equal(forwarder.laneTo(names.hashOf(FAR)), forwarder.lanes.get(FAR));
    assert.equal(forwarder.laneTo(names.hashOf(HERE)), undefined);
    forwarder.setRoutes(new Map([[FAR, NEAR]]));
    assert.equal(forwarder.laneTo(names.hashOf(FAR)), forwarder.lanes.get(NEAR));
    assert.equal(forwarder.laneTo(names.hashOf(NEAR)), undefined);
  });

  it('are taken away only by the one that was added', () => {
    const { forwarder } = new Junction();
    const [near, far] = [forwarder.lanes.get(NEAR), forwarder.lanes.get(FAR)];
    assert.ok(near !== undefined && far !== undefined);
    const takeAway = forwarder.addLane(NEAR, far);
    const again = forwarder.addLane(NEAR, near);

    takeAway();
    assert.equal(forwarder.lanes.get(NEAR), near);
    again();
    assert.equal(forwarder.lanes.has(NEAR), false);
  });
});

describe('a packet before the firewall', () => {
  const RULES = [
    { action: 'reject', toservice: 'rejected' },
    { action: 'drop', toservice: 'dropped' },
  ];

  function guarded(list: unknown = RULES): Junction {
    const at = new Junction();
    const compiled = compileFirewall(list, compilePattern);
    assert.ok(compiled.ok);
    at.forwarder.setFirewall(compiled.rules);
    return at;
  }

  it('passes where no rule fits', () => {
    const at = guarded();
    at.pass(at.packet());

    assert.equal(at.sent(at.toFar).length, 1);
    assert.equal(at.forwarder.counters.blocked, 0);
  });

  it('is rejected with a notice to its sender, in transit as at its end', () => {
    const at = guarded();
    at.pass(at.packet({ service: 'rejected' }));
    at.pass(at.packet({ service: 'rejected', to: HERE }));

    const notice = { fromNode: NEAR, fromService: 'sender', toService: 'rejected', problem: 'blocked by firewall' };
    assert.deepEqual(at.reports(at.near), [
      { ...notice, toNode: FAR },
      { ...notice, toNode: HERE },
    ]);
    assert.deepEqual(at.sent(at.toFar), []);
    assert.equal(at.forwarder.counters.blocked, 2);
  });

  it('is dropped without a word', () => {
    const at = guarded();
    at.pass(at.packet({ service: 'dropped' }));
    at.pass(at.packet({ service: 'dropped', to: HERE }));

    assert.deepEqual([at.sent(at.near), at.sent(at.toFar)], [[], []]);
    assert.equal(at.forwarder.counters.blocked, 2);
  });

  it('is judged before its hops are counted, and even where it has none left', () => {
    const at = guarded();
    at.pass(at.packet({ service: 'dropped', hops: 0 }));

    assert.deepEqual(at.sent(at.near), []);
    assert.equal(at.forwarder.counters.expired, 0);
  });

  it('is judged when it starts here, too, and its own service hears of a reject', () => {
    const at = guarded();
    const notices: string[] = [];
    const handler = (service: string): ServiceHandler => ({
      packet: () => undefined,
      unreachable: ({ problem }) => void notices.push(`${service}: ${problem}`),
    });
    at.forwarder.services.bind(serviceName('sender'), handler('sender'));
    const heard: Uint8Array[] = [];
    at.forwarder.services.bind(serviceName('unreach'), recorder(heard));
    const packet = { toNode: FAR, fromService: serviceName('sender'), payload: new Uint8Array([1]) };

    assert.equal(at.forwarder.send({ ...packet, toService: serviceName('rejected') }), 'sent');
    assert.equal(at.forwarder.send({ ...packet, toService: serviceName('dropped') }), 'sent');

    assert.equal(heard.length, 1, 'as a notice to the service that hears of problems');
    assert.deepEqual(at.sent(at.toFar), []);
    assert.deepEqual(notices, []);
  });

  it('causes no notice where the rule rejects the notice, too', () => {
    const at = guarded([{ action: 'reject' }]);
    at.pass(at.packet());

    assert.deepEqual(at.sent(at.near), []);
    assert.equal(at.forwarder.counters.blocked, 2, 'the packet and the notice');
  });

  it('goes nowhere where nobody can say whose it is', () => {
    const at = guarded();
    const packet = at.packet();
    packet.fill(0x77, 4, 12);
    at.pass(packet);

    assert.deepEqual(at.sent(at.toFar), []);
    assert.equal(at.forwarder.counters.nameUnknown, 1);
  });

  it('passes as before when there are no rules any more', () => {
    const at = guarded();
    at.forwarder.setFirewall([]);
    at.pass(at.packet({ service: 'rejected' }));

    assert.equal(at.sent(at.toFar).length, 1);
  });
});
