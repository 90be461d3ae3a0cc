import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { framed } from '../../../../actors/mesh/framed.js';
import { DATAGRAM_HEADROOM } from '../../../../actors/streams/stream-kit.js';
import { type PathEvents, StreamPath } from '../../../../actors/streams/stream-path.js';
import {
  composeDatagram,
  destinationService,
  hopsToLive,
  sourceService,
} from '../../../../protocol/netceptor/datagram.js';
import type { QuicConnection } from '../../../../runtime/quic/connection.js';
import type { DatagramSlab } from '../../../../runtime/quic/datagram-slab.js';
import type { ConnectionEvent } from '../../../../runtime/quic/engine.js';
import { ManualHost } from '../../../support/manual-host.js';
import type { RecordingSession } from '../../../support/recording-session.js';
import { FAR, HERE, NEAR, NodeParts, serviceName } from '../node-parts.js';

/** A connection that has datagrams to send and a timer, as the test says. */
class FakeConnection {
  readonly events: ConnectionEvent[] = [];
  readonly acts: string[] = [];
  /** Datagrams to send, by their lengths. */
  readonly outgoing: number[] = [];
  timeoutMicros: number | undefined;

  poll(): readonly ConnectionEvent[] {
    return this.events.splice(0);
  }

  transmit(slab: DatagramSlab): boolean {
    for (let length = this.outgoing[0]; length !== undefined; length = this.outgoing[0]) {
      if (slab.room < DATAGRAM_HEADROOM + length) {
        return true;
      }
      slab.append(new Uint8Array(DATAGRAM_HEADROOM + length).fill(0xab), new Uint32Array([length]), 1);
      this.outgoing.shift();
    }
    return false;
  }

  timeoutAt(): number | undefined {
    return this.timeoutMicros;
  }

  handleTimeout(): void {
    this.acts.push('timeout');
    this.timeoutMicros = undefined;
  }

  abandon(): void {
    this.acts.push('abandon');
  }
}

class Bench {
  readonly host = new ManualHost();
  readonly parts = new NodeParts(this.host);
  readonly near: RecordingSession = this.parts.neighbour(NEAR);
  readonly connection = new FakeConnection();
  readonly told: string[] = [];
  readonly path: StreamPath;

  constructor(destination = FAR) {
    const events: PathEvents = {
      event: ({ type }) => void this.told.push(type),
      pumped: () => void this.told.push('pumped'),
    };
    const ends = {
      destination: this.parts.names.hashOf(destination),
      destinationService: serviceName('there'),
      sourceService: serviceName('here'),
    };
    this.path = new StreamPath(this.parts.streamKit, this.connection as unknown as QuicConnection, ends, events);
  }

  route(): void {
    this.parts.forwarder.setRoutes(new Map([[FAR, NEAR]]));
    this.host.run();
  }

  pump(): void {
    this.path.mark();
    this.host.run();
  }

  /** Packets that were sent, by their lengths. */
  get sent(): readonly number[] {
    const packets: number[] = [];
    for (const part of this.near.sends.flat()) {
      for (let at = 0; at < part.length; at += 2 + (packets.at(-1) ?? 0)) {
        packets.push((part[at] ?? 0) + 256 * (part[at + 1] ?? 0));
      }
    }
    return packets;
  }
}

describe('the path of a stream', () => {
  it('tells what happened, lets read and write, and sends, in this order and once a turn', () => {
    const at = new Bench();
    at.route();
    at.connection.events.push({ type: 'connected' }, { type: 'drained' });
    at.connection.outgoing.push(100);
    at.path.mark();
    at.path.mark();
    at.host.run();

    assert.deepEqual(at.told, ['connected', 'drained', 'pumped']);
    assert.deepEqual(at.sent, [136]);
  });

  it('puts a header before each datagram, in the bytes of the engine, with one hop counted off', () => {
    const at = new Bench();
    at.route();
    at.connection.outgoing.push(100, 7);
    at.pump();

    assert.equal(at.near.sends.flat().length, 1, 'side by side in one part');
    const [part = new Uint8Array()] = at.near.sends.flat();
    const { names } = at.parts;
    const services = { sourceService: serviceName('here'), destinationService: serviceName('there') };
    const header = { hops: 29, source: names.hashOf(HERE), destination: names.hashOf(FAR), ...services };
    const expected = [100, 7].map((length) => framed(composeDatagram(header, new Uint8Array(length).fill(0xab))));
    assert.deepEqual(part, new Uint8Array(expected.flatMap((frame) => Array.from(frame))));
    assert.deepEqual([sourceService(part, 2), destinationService(part, 2), hopsToLive(part, 2)], ['here', 'there', 29]);
  });

  it('takes nothing out of the engine without a route, and goes on when there is one', () => {
    const at = new Bench();
    at.connection.outgoing.push(100);
    at.pump();
    assert.deepEqual([at.sent, at.connection.outgoing], [[], [100]]);
    at.route();
    assert.deepEqual(at.sent, [136]);
    at.connection.outgoing.push(50);
    at.route();
    assert.deepEqual(at.sent, [136], 'it is woken only when it waits');
  });

  it('takes nothing out of the engine while the lane of its route is shut', () => {
    const at = new Bench();
    at.route();
    at.parts.forwarder.lanes.get(NEAR)?.shut();
    at.connection.outgoing.push(100);
    at.pump();
    assert.deepEqual(at.connection.outgoing, [100]);
    at.parts.forwarder.lanes.get(NEAR)?.open();
    at.route();
    assert.deepEqual(at.sent, [136]);
  });

  it('waits for room in the lane', () => {
    const at = new Bench();
    at.route();
    at.near.hasRoom = false;
    at.connection.outgoing.push(...new Array<number>(2_000).fill(1_200));
    at.pump();
    const taken = 2_000 - at.connection.outgoing.length;
    assert.ok(taken * 1_238 > 1_048_576 && taken < 1_000, `${taken} datagrams were taken`);

    at.near.drain();
    at.host.run();
    assert.equal(at.connection.outgoing.length, 0);
    assert.deepEqual(at.parts.faults, []);
  });

  it('delivers to its own node without a lane', () => {
    const at = new Bench(HERE);
    const heard: number[] = [];
    at.parts.forwarder.services.bind(serviceName('there'), { packet: (_, start, end) => heard.push(end - start) });
    at.connection.outgoing.push(100, 50);
    at.pump();

    assert.deepEqual(heard, [136, 86]);
  });

  it('arms one timer, earlier when the engine wants to be woken earlier', () => {
    const at = new Bench();
    at.connection.timeoutMicros = 50_000;
    at.pump();
    at.connection.timeoutMicros = 20_000;
    at.pump();
    assert.equal(at.host.clock.armed, 1);
    at.host.advance(20);
    assert.deepEqual(at.connection.acts, ['timeout']);
  });

  it('looks again when the deadline has moved on', () => {
    const at = new Bench();
    at.connection.timeoutMicros = 20_000;
    at.pump();
    at.connection.timeoutMicros = 50_000;
    at.host.advance(30);
    assert.deepEqual(at.connection.acts, []);
    at.host.advance(20);
    assert.deepEqual(at.connection.acts, ['timeout']);
    assert.equal(at.host.clock.armed, 0);
  });

  it('cancels its timer when the engine wants none', () => {
    const at = new Bench();
    at.connection.timeoutMicros = 20_000;
    at.pump();
    at.connection.timeoutMicros = undefined;
    at.pump();
    assert.equal(at.host.clock.armed, 0);
  });

  it('knows where it leads', () => {
    const at = new Bench();
    const { names } = at.parts;
    assert.equal(at.path.leadsTo(names.hashOf(FAR), 'there'), true);
    assert.equal(at.path.leadsTo(names.hashOf(FAR), 'other'), false);
    assert.equal(at.path.leadsTo(names.hashOf(NEAR), 'there'), false);
  });

  it('does nothing any more once it is abandoned', () => {
    const at = new Bench();
    at.connection.timeoutMicros = 20_000;
    at.connection.outgoing.push(100);
    at.pump();
    at.told.length = 0;
    at.path.mark();
    at.path.abandon();
    at.path.abandon();
    at.path.mark();
    at.route();
    at.host.advance(100);

    assert.deepEqual(at.told, []);
    assert.deepEqual(at.connection.acts, ['abandon']);
    assert.equal(at.host.clock.armed, 0);
    assert.deepEqual(at.sent, []);
  });
});
