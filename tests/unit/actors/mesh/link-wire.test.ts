import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { framed } from '../../../../actors/mesh/framed.js';
import { LinkWire } from '../../../../actors/mesh/link-wire.js';
import { composeDatagram, hopsToLive } from '../../../../protocol/netceptor/datagram.js';
import { encodeLinkProbe } from '../../../../protocol/netceptor/link-probe.js';
import { encodeReject } from '../../../../protocol/netceptor/reject.js';
import { encodeRouteUpdate, type RouteUpdate } from '../../../../protocol/netceptor/route-update.js';
import { ManualHost } from '../../../support/manual-host.js';
import { RecordingSession } from '../../../support/recording-session.js';
import { FAR, HERE, NEAR, NodeParts, serviceName } from '../node-parts.js';
import { advertOf } from './adverts.js';
import { updateOf } from './updates.js';

/** A wire between the test, as `near`, and a forwarder. */
class Bench {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly session: RecordingSession;
  readonly wire: LinkWire;
  readonly events: string[] = [];

  constructor(kind: 'stream' | 'message' = 'stream') {
    this.session = new RecordingSession({ kind });
    const { turn, clock, forwarder, seenUpdates } = this.parts;
    this.wire = new LinkWire(this.session, {
      turn,
      clock,
      forwarder,
      seenUpdates,
      events: {
        update: ({ nodeId }) => void this.events.push(`update of ${nodeId}`),
        advert: ({ service }) => void this.events.push(`advert of ${service}`),
        rejected: (reason) => void this.events.push(`rejected ${reason}`),
        closed: (fault) => void this.events.push(`closed ${fault?.code}`),
      },
    });
    this.session.attach(this.wire);
  }

  hear(...messages: readonly Uint8Array[]): void {
    const chunk = messages.flatMap((message) => Array.from(framed(message)));
    this.session.hear(new Uint8Array(chunk));
    this.host.run();
  }

  /** What was sent, each part as text. */
  sent(): readonly string[] {
    this.host.run();
    return this.session.parts;
  }

  packet(): Uint8Array {
    const { names } = this.parts;
    const ends = { source: names.hashOf(NEAR), destination: names.hashOf(HERE) };
    const services = { sourceService: serviceName('a'), destinationService: serviceName('b') };
    return composeDatagram({ hops: 3, ...ends, ...services }, new Uint8Array(0));
  }
}

function update(of: RouteUpdate = updateOf(NEAR)): Uint8Array {
  return encodeRouteUpdate(of);
}

const advert = advertOf(FAR, 'x', 1).raw;

describe('a wire before it is open', () => {
  it('hands over the first update alone, and holds what comes behind it', () => {
    const at = new Bench();
    at.hear(update(), update(updateOf(FAR)), advert);

    assert.deepEqual(at.events, ['update of near']);
    assert.equal(at.session.acts.at(-1), 'pause');
    at.wire.open(NEAR);
    assert.deepEqual(at.events, ['update of near', 'update of far', 'advert of x']);
    assert.equal(at.session.acts.at(-1), 'resume');
  });

  it('ignores without a word what is neither an update nor a rejection', () => {
    const at = new Bench();
    at.hear(at.packet(), advert, new Uint8Array([0x99]), encodeLinkProbe({ type: 'probe', token: 1 }));
    at.hear(new Uint8Array([1, 0x5b, 0x5d]), new Uint8Array([0]));

    assert.deepEqual(at.events, []);
    assert.deepEqual([at.wire.counters.early, at.wire.counters.malformed], [4, 2]);
    assert.deepEqual(at.sent(), []);
    assert.equal(at.parts.forwarder.counters.delivered + at.parts.forwarder.counters.serviceUnknown, 0);
  });

  it('tells of a rejection, with its reason', () => {
    const at = new Bench();
    at.hear(encodeReject('no'), update());
    assert.deepEqual(at.events, ['rejected no']);
  });

  it('sends a greeting all the same, and no packet', () => {
    const at = new Bench();
    at.wire.sendUrgent(new Uint8Array([1, 2]));
    at.wire.lane.push(framed(at.packet()), 2, 38);

    assert.deepEqual(at.sent(), ['\x02\x00\x01\x02']);
  });
});

describe('an open wire', () => {
  function open(kind: 'stream' | 'message' = 'stream'): Bench {
    const at = new Bench(kind);
    at.wire.open(NEAR);
    return at;
  }

  it('gives data to the forwarder and everything else to the machine', () => {
    const at = open();
    at.hear(at.packet(), update(), advert, encodeReject());

    assert.equal(at.parts.forwarder.counters.serviceUnknown, 1);
    assert.deepEqual(at.events, ['update of near', 'advert of x', 'rejected undefined']);
    assert.equal(at.wire.counters.frames, 4);
  });

  it('forwards in the very bytes of the chunk', () => {
    const at = open();
    const far = at.parts.neighbour(FAR);
    at.parts.forwarder.setRoutes(new Map([[FAR, FAR]]));
    const packet = at.packet();
    const { hi, lo } = at.parts.names.hashOf(FAR);
    new DataView(packet.buffer).setUint32(12, hi);
    new DataView(packet.buffer).setUint32(16, lo);
    const chunk = framed(packet);
    at.session.hear(chunk);
    at.host.run();

    const [part] = far.sends.flat();
    assert.equal(part?.buffer, chunk.buffer);
    assert.equal(hopsToLive(chunk, 2), 2);
  });

  it('drops copies of updates that passed before, but never the own ones of the neighbour', () => {
    const at = open();
    at.parts.seenUpdates.add('seen', 0);
    at.hear(update(updateOf(FAR, { updateId: 'seen', forwardingNode: NEAR })));
    at.hear(update(updateOf(FAR, { updateId: 'new', forwardingNode: NEAR })));
    at.hear(update(updateOf(NEAR, { updateId: 'seen' })));

    assert.deepEqual(at.events, ['update of far', 'update of near']);
    assert.equal(at.wire.counters.copies, 1);
  });

  it('answers a question for a sign of life, and measures the answer to its own', () => {
    const at = open();
    at.hear(encodeLinkProbe({ type: 'probe', token: 9 }));
    assert.deepEqual(at.sent(), ['\x05\x00A\x00\x00\x00\x09']);

    at.wire.probe();
    at.host.advance(30);
    at.hear(encodeLinkProbe({ type: 'answer', token: 1 }));
    assert.equal(at.wire.roundTripMs, 30);
  });

  it('counts what it does not understand, and keeps on', () => {
    const at = open();
    at.hear(
      new Uint8Array([1, 0x7b]),
      new Uint8Array([2, 0x7b, 0x7d]),
      new Uint8Array([0, 1]),
      new Uint8Array([0xfe, 1]),
    );
    at.hear(update());

    assert.equal(at.wire.counters.malformed, 2);
    assert.equal(at.wire.counters.unknownKind, 1);
    assert.equal(at.parts.forwarder.counters.malformed, 1);
    assert.deepEqual(at.events, ['update of near']);
  });

  it('takes each message of a session of messages as it is, but none that no frame holds', () => {
    const at = open('message');
    at.session.hear(update());
    at.session.hear(new Uint8Array(0));
    at.session.hear(new Uint8Array(65_536));

    assert.deepEqual(at.events, ['update of near']);
    assert.equal(at.wire.counters.malformed, 2);
  });

  it('knows how long nothing was heard; any byte counts', () => {
    const at = open();
    at.host.advance(100);
    assert.equal(at.wire.silentMs, 100);
    at.session.hear(new Uint8Array([1]));
    at.host.advance(7);
    assert.equal(at.wire.silentMs, 7);
  });
});

describe('the end of a wire', () => {
  it('is told once, whether the session broke or the neighbour sends no more', () => {
    const broken = new Bench();
    broken.session.break({ code: 'ECONNRESET', text: 'reset' });
    assert.deepEqual(broken.events, ['closed ECONNRESET']);

    const ended = new Bench();
    ended.session.hearEnd();
    assert.deepEqual(ended.events, ['closed undefined']);
    assert.deepEqual(ended.session.acts, ['attach', 'close']);
  });

  it('lets leave what waits, even if the session was blocked', () => {
    const at = new Bench();
    at.wire.open(NEAR);
    at.session.hasRoom = false;
    at.wire.sendUrgent(new Uint8Array([1]));
    at.host.run();
    at.wire.sendUrgent(new Uint8Array([2]));
    at.wire.close();

    assert.deepEqual(at.session.parts, ['\x01\x00\x01', '\x01\x00\x02']);
    assert.equal(at.session.acts.at(-1), 'close');
    assert.equal(at.wire.lane.isOpen, false);
  });

  it('writes on when the session has room again', () => {
    const at = new Bench();
    at.wire.open(NEAR);
    at.session.hasRoom = false;
    at.wire.sendUrgent(new Uint8Array([1]));
    at.host.run();
    at.wire.sendUrgent(new Uint8Array([2]));
    at.host.run();
    assert.equal(at.session.parts.length, 1);

    at.session.drain();
    assert.equal(at.session.parts.length, 2);
  });
});
