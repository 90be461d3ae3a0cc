import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerNumbers } from '../../../../actors/streams/peer-numbers.js';
import { composeDatagram } from '../../../../protocol/netceptor/datagram.js';
import { serviceName } from '../node-parts.js';

/** A packet from a service of a node; both are known by a number here. */
function from(node: number, service: string): Uint8Array {
  const destination = { hi: 9, lo: 9 };
  const services = { sourceService: serviceName(service), destinationService: serviceName('here') };
  return composeDatagram({ hops: 1, source: { hi: 1, lo: node }, destination, ...services }, new Uint8Array(0));
}

describe('peer numbers', () => {
  it('are the same for the same service of the same node, and others for others', () => {
    const peers = new PeerNumbers();
    const first = peers.numberOf(from(1, 'a'), 0);

    assert.equal(peers.numberOf(from(1, 'a'), 0), first);
    const others = [from(1, 'b'), from(2, 'a'), from(2, 'b')].map((packet) => peers.numberOf(packet, 0));
    assert.equal(new Set([first, ...others]).size, 4);
    assert.equal(peers.size, 4);
  });

  it('read a packet where it lies', () => {
    const peers = new PeerNumbers();
    const packet = from(1, 'a');
    assert.equal(peers.numberOf(new Uint8Array([7, 7, 7, ...packet]), 3), peers.numberOf(packet, 0));
  });

  it('are forgotten with the last connection that uses them', () => {
    const peers = new PeerNumbers();
    const number = peers.numberOf(from(1, 'a'), 0);
    peers.use(number);
    peers.use(number);
    peers.release(number);
    assert.equal(peers.numberOf(from(1, 'a'), 0), number);
    peers.release(number);

    assert.equal(peers.size, 0);
    assert.notEqual(peers.numberOf(from(1, 'a'), 0), number, 'a number is not given out again so soon');
  });

  it('are forgotten at once where nobody uses them, and only there', () => {
    const peers = new PeerNumbers();
    const [used, unused] = [peers.numberOf(from(1, 'a'), 0), peers.numberOf(from(1, 'b'), 0)];
    peers.use(used);
    peers.releaseUnused(used);
    peers.releaseUnused(unused);

    assert.equal(peers.size, 1);
    assert.equal(peers.numberOf(from(1, 'a'), 0), used);
  });

  it('take no harm from numbers that they do not know', () => {
    const peers = new PeerNumbers();
    peers.use(77);
    peers.release(77);
    peers.releaseUnused(77);
    assert.equal(peers.size, 0);
  });
});
