import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatagramSlab } from '../../../../runtime/quic/datagram-slab.js';
import { connected } from './pair.js';
import { Rig } from './rig.js';
import { Transfer } from './transfer.js';

describe('transmit', () => {
  it('says that more is left when the slab is full, and gives the rest later', () => {
    const { dialled } = connected();
    const stream = dialled.connection.openStream();
    stream?.write(new Uint8Array(9_000));
    const slab = new DatagramSlab({ capacity: 3_000, headroom: 38 });
    const counts: number[] = [];

    let isMore = true;
    while (isMore) {
      isMore = dialled.connection.transmit(slab);
      counts.push(slab.count);
      slab.clear();
    }

    assert.ok(counts.length > 2 && counts.slice(0, -1).every((count) => count === 2), `${counts}`);
  });

  it('zeroes the headroom, where old plain text might stand', () => {
    const { dialled } = connected();
    const stream = dialled.connection.openStream();
    dialled.instance.output.fill(0xee);
    stream?.write(new Uint8Array(5_000));
    const slab = new DatagramSlab({ headroom: 38 });

    dialled.connection.transmit(slab);

    for (let index = 0; index < slab.count; index += 1) {
      const start = slab.starts[index] ?? 0;
      assert.ok(slab.bytes.subarray(start - 38, start).every((byte) => byte === 0));
    }
    assert.ok(slab.count > 3);
  });

  it('refuses a slab that could never hold a datagram', () => {
    const { dialled } = connected();

    assert.throws(() => dialled.connection.transmit(new DatagramSlab({ capacity: 1_237, headroom: 38 })), {
      code: 'invalid-use',
    });
  });
});

describe('the size of datagrams', () => {
  it('is 1,200 bytes unless something else is asked for', () => {
    const { rig, dialled } = connected();

    assert.equal(rig.link.largestSent, 1_200);
    assert.equal(dialled.connection.statistics().datagramSize, 1_200);
  });

  it('begins where it is told, but never above what the peer announced', () => {
    const large = connected({ dial: { initialDatagram: 16_000 } });
    const small = connected({ dial: { initialDatagram: 16_000 }, listen: { announcedDatagram: 1_452 } });

    assert.equal(large.dialled.connection.statistics().datagramSize, 16_000);
    assert.equal(small.dialled.connection.statistics().datagramSize, 1_452);
    assert.ok(small.rig.link.largestSent <= 1_452, `${small.rig.link.largestSent}`);
  });

  it('grows by probing to what the path carries', () => {
    const { rig, dialled } = connected({
      dial: { discoveryLimit: 16_000 },
      largest: 9_000,
    });
    dialled.connection.openStream()?.write(new Uint8Array(200_000));
    rig.pump(dialled);

    rig.pass(20_000_000);

    const { datagramSize } = dialled.connection.statistics();
    assert.ok(datagramSize > 8_900 && datagramSize <= 9_000, `${datagramSize}`);
  });

  it('falls back to 1,200 bytes when the path begins to swallow large datagrams', () => {
    const server = new Transfer({ opens: false, outgoing: new Uint8Array(0) });
    const client = new Transfer({ opens: true, outgoing: new Uint8Array(3_000_000) });
    const rig = new Rig();
    rig.listen(server.application);
    const dialled = rig.dial(client.application, { initialDatagram: 8_000 });
    rig.run(() => server.received.length > 1_000_000);

    rig.link.options = { largest: 1_400 };

    assert.ok(rig.run(() => server.hasEnd));
    assert.equal(dialled.connection.statistics().datagramSize, 1_200);
    assert.equal(server.received.length, 3_000_000);
  });
});

describe('statistics', () => {
  it('count datagrams and measure the round trip', () => {
    const { rig, dialled } = connected({ delay: 25_000 });

    const statistics = dialled.connection.statistics();

    assert.equal(statistics.datagramsSent, rig.link.sent.dialler);
    assert.equal(statistics.roundTripMicros, 50_000);
    assert.ok(statistics.datagramsReceived > 0 && statistics.congestionWindow >= 12_000);
    assert.equal(statistics.packetsLost, 0);
  });
});
