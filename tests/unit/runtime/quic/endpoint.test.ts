import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QuicEndpoint } from '../../../../runtime/quic/endpoint.js';
import { EngineInstance } from '../../../../runtime/quic/instance.js';
import { cryptoBytes, cryptoFrame, openInitial, sealInitial } from './initial-packet.js';
import { approving, PROTOCOL, Rig, testIdentity } from './rig.js';

const identity = testIdentity();

function listenerOf(settings = {}): QuicEndpoint {
  return QuicEndpoint.listening(new EngineInstance(new Rig().hosts.listener), {
    protocols: [PROTOCOL],
    identity,
    ...settings,
  });
}

/** First datagrams of this many dials. */
function initials(count: number): Uint8Array[] {
  const rig = new Rig({ delay: 1e12 });
  const datagrams: Uint8Array[] = [];
  rig.send = (_from, _peer, datagram) => {
    datagrams.push(datagram);
  };
  for (let index = 0; index < count; index += 1) {
    rig.dial(approving);
  }
  return datagrams;
}

describe('settings of an endpoint', () => {
  it('are refused out of their ranges', () => {
    const wrong = [
      { protocols: [''] },
      { protocols: ['x'.repeat(256)] },
      { idleTimeoutMs: 0 },
      { initialDatagram: 1_199 },
      { announcedDatagram: 65_528 },
      { discoveryLimit: 1_000 },
      { streamWindow: 0 },
      { connectionWindow: 2 ** 30 },
      { sendWindow: 0 },
      { peerStreams: 1_025 },
      { halfOpenLimit: 0 },
      { connectionLimit: 100_000 },
      { identity: { ...identity, chain: [] } },
      { identity: { ...identity, chain: new Array<Uint8Array>(17).fill(new Uint8Array(10)) } },
      { identity: { ...identity, chain: [new Uint8Array(200_000)] } },
    ];
    for (const settings of wrong) {
      assert.throws(() => listenerOf(settings), { code: 'invalid-use' }, JSON.stringify(settings).slice(0, 60));
    }
  });

  it('may announce 65,499 bytes and more', () => {
    for (const announcedDatagram of [65_499, 65_527]) {
      assert.doesNotThrow(() => listenerOf({ announcedDatagram }));
    }
  });

  it('are refused by a dead instance as a fault of the engine', () => {
    const instance = new EngineInstance(new Rig().hosts.listener);
    instance.provokeTrap();

    assert.throws(() => QuicEndpoint.listening(instance, { protocols: [PROTOCOL], identity }), {
      code: 'engine-fault',
    });
  });
});

describe('connect', () => {
  it('is not for listeners', () => {
    assert.throws(() => listenerOf().connect(1), { code: 'invalid-use' });
  });

  it('dials once', () => {
    const endpoint = QuicEndpoint.dialling(new EngineInstance(new Rig().hosts.dialler), { protocols: [PROTOCOL] });
    endpoint.connect(1);

    assert.throws(() => endpoint.connect(2), { code: 'invalid-use' });
  });
});

describe('receive', () => {
  it('ignores what is empty, too long, or no QUIC', () => {
    const endpoint = listenerOf();

    for (const datagram of [new Uint8Array(0), new Uint8Array(65_528), new Uint8Array(70_000), new Uint8Array(1_200)]) {
      assert.equal(endpoint.receive(1, datagram).type, 'ignored');
    }
  });

  it('tells a new connection once, and then as known', () => {
    const endpoint = listenerOf();
    const [initial = new Uint8Array()] = initials(1);

    const first = endpoint.receive(7, initial);
    const again = endpoint.receive(7, initial);

    assert.equal(first.type, 'accepted');
    assert.equal(again.type, 'connection');
    assert.ok('connection' in first && 'connection' in again && first.connection === again.connection);
    assert.equal(first.connection.peer, 7);
    assert.deepEqual(endpoint.connections, [first.connection]);
  });

  it('answers a version that it does not speak with a list of its own', () => {
    const [initial = new Uint8Array()] = initials(1);
    initial.set([0x6b, 0x33, 0x43, 0xcf], 1);

    const received = listenerOf().receive(1, initial);

    assert.equal(received.type, 'reply');
    assert.ok(received.type === 'reply');
    assert.deepEqual([...received.datagram.subarray(1, 5)], [0, 0, 0, 0]);
    assert.deepEqual([...received.datagram.subarray(-4)], [0, 0, 0, 1]);
  });

  it('refuses connection ids that are too short or too long', () => {
    const [initial = new Uint8Array()] = initials(1);
    const packet = openInitial(initial);
    const endpoint = listenerOf();

    const short = endpoint.receive(1, sealInitial({ ...packet, destination: new Uint8Array(7).fill(1) }));
    const long = endpoint.receive(1, sealInitial({ ...packet, destination: new Uint8Array(21).fill(1) }));
    const longSource = endpoint.receive(1, sealInitial({ ...packet, source: new Uint8Array(40).fill(1) }));

    assert.deepEqual([short.type, long.type, longSource.type], ['reply', 'ignored', 'ignored']);
    assert.equal(endpoint.connections.length, 0);
  });

  it('puts a greeting together that comes in several Initials, the last part first', () => {
    const rig = new Rig();
    rig.listen(approving);
    const first: Uint8Array[] = [];
    const forward = rig.send.bind(rig);
    // The first flight is kept back until the dialler repeats it, so that it has used several packet numbers.
    rig.send = (from, peer, datagram) => {
      if (from === 'dialler' && first.length < 3) {
        first.push(datagram);
        return;
      }
      forward(from, peer, datagram);
    };
    const dialled = rig.dial(approving);
    rig.run(() => first.length === 3);
    const packet = openInitial(first[0] ?? new Uint8Array());
    const greeting = cryptoBytes(packet.payload);
    const half = Math.floor(greeting.length / 2);

    rig.deliver(
      'listener',
      1,
      sealInitial({ ...packet, number: 1, payload: cryptoFrame(half, greeting.subarray(half)) }),
    );
    const isWaiting = rig.accepted(dialled).connection.phase;
    rig.deliver('listener', 1, sealInitial({ ...packet, payload: cryptoFrame(0, greeting.subarray(0, half)) }));

    assert.equal(isWaiting, 'handshaking');
    assert.ok(rig.run(() => dialled.has('connected') && rig.accepted(dialled).has('connected')));
  });
});

describe('the bounds of a listener', () => {
  it('leave an Initial unanswered while too many handshakes are open, and take it later', () => {
    const endpoint = listenerOf({ halfOpenLimit: 2 });
    const [a, b, c] = initials(3).map((initial, index) => [index + 1, initial] as const);
    assert.ok(a && b && c);

    const types = [a, b, c].map(([peer, initial]) => endpoint.receive(peer, initial).type);
    const halfOpen = endpoint.halfOpen;
    endpoint.connections[0]?.abandon();
    const later = endpoint.receive(...c).type;

    assert.deepEqual(types, ['accepted', 'accepted', 'ignored']);
    assert.equal(halfOpen, 2);
    assert.equal(later, 'accepted');
  });

  it('count only handshakes as half open', () => {
    const rig = new Rig();
    const endpoint = rig.listen(approving, { halfOpenLimit: 1 });

    for (let index = 0; index < 3; index += 1) {
      const dialled = rig.dial(approving);
      assert.ok(rig.run(() => dialled.has('connected') && endpoint.halfOpen === 0));
    }

    assert.equal(endpoint.connections.length, 3);
  });

  it('refuse a connection beyond their number, so that the dialler knows at once', () => {
    const rig = new Rig();
    rig.listen(approving, { connectionLimit: 1 });
    const first = rig.dial(approving);
    rig.run(() => first.has('connected'));

    const second = rig.dial(approving);
    rig.run(() => second.has('lost'));

    assert.deepEqual(second.event('lost')?.loss, {
      kind: 'transport-closed',
      by: 'peer',
      code: 0x2,
      alert: undefined,
      reason: '',
    });
  });
});

describe('free', () => {
  it('forgets all connections, and may be called again', () => {
    const endpoint = listenerOf();
    const [initial = new Uint8Array()] = initials(1);
    endpoint.receive(1, initial);
    const [connection] = endpoint.connections;

    endpoint.free();
    endpoint.free();

    assert.equal(connection?.phase, 'gone');
    assert.deepEqual(endpoint.connections, []);
    assert.equal(endpoint.receive(1, initial).type, 'ignored');
  });
});
